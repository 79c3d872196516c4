"""What each paper is filled from, as it travels: plain JSON. ``said`` gives a field the name that templates use, and what it is.

Everything may be missing: what is ``None`` prints as dots. Days are days in Asia/Ho_Chi_Minh; amounts whole đồng; a share is
(part, whole), exact. ``shared.papers.fields`` turns a struct into what a template sees.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Verdict = Literal["met", "not_met", "not_enough_evidence"]
Count = Annotated[int, Meta(ge=0, le=10**15)]
Share = tuple[Count, Count]
Signer = Literal["commune_chair", "commune_vice_chair", "other"]

MET = {"met": "Đạt", "not_met": "Chưa đạt", "not_enough_evidence": "Chưa đủ căn cứ"}
YES = {True: "Đạt", False: "Chưa đạt"}
AGREE = {True: "Đồng ý", False: "Không đồng ý"}
FOR_COMMITTEE = {
    "commune_chair": "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "commune_vice_chair": "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
}
FOR_CHAIR = {"commune_chair": "CHỦ TỊCH", "commune_vice_chair": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"}


def said(name: str, about: str, shown: str = "", words: Mapping[Any, str] | None = None) -> Meta:
    """``shown``: how the value is written (see ``fields.SHOWN``), where its type does not tell. ``words``: one for each value."""
    return Meta(title=name, description=about, extra={"shown": shown, "words": words})


class Part(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A paper, or a row in one."""


class Paper(Part, kw_only=True, frozen=True):
    notice: Annotated[str | None, said("luu_y", "Dòng lưu ý ở đầu trang, ví dụ số liệu mô phỏng", "optional")] = None
    unit_name: Annotated[str | None, said("don_vi", "Phường, xã", "unit")] = None
    year: Annotated[Count | None, said("nam", "Năm đánh giá hoặc năm khen thưởng", "plain")] = None
    number: Annotated[str | None, said("so", "Số, ký hiệu văn bản")] = None
    dated: Annotated[dt.date | None, said("ngay_ky", "Ngày của văn bản")] = None


class Criterion(Part, kw_only=True, frozen=True):
    title: Annotated[str | None, said("ten", "Tên tiêu chí")] = None
    self_met: Annotated[bool | None, said("tu_danh_gia", "Tổ tự đánh giá", words=YES)] = None
    measured: Annotated[Verdict | None, said("ket_qua", "Kết quả tính từ số liệu", words=MET)] = None
    finding: Annotated[str | None, said("so_lieu", "Số liệu, chứng cứ của kết quả", "long")] = None


class Happening(Part, kw_only=True, frozen=True):
    """A class, a delivery, a meeting: something with a name on a day."""

    title: Annotated[str | None, said("ten", "Tên, nội dung", "long")] = None
    on: Annotated[dt.date | None, said("ngay", "Ngày")] = None
    present: Annotated[Count | None, said("co_mat", "Số hòa giải viên của tổ có mặt")] = None


class TeamPaper(Paper, kw_only=True, frozen=True):
    team_name: Annotated[str | None, said("ten_to", "Tên tổ hòa giải")] = None
    team: Annotated[str | None, said("ma_to", "Mã tổ hòa giải (HG-…)", "optional")] = None
    group: Annotated[str | None, said("to_dan_pho", "Tổ dân phố, thôn")] = None
    scheme: Annotated[str | None, said("bo_tieu_chi", "Bộ tiêu chí áp dụng", "long")] = None
    leader: Annotated[str | None, said("to_truong", "Họ và tên tổ trưởng tổ hòa giải")] = None
    members: Annotated[Count | None, said("so_hgv", "Số hòa giải viên của tổ")] = None
    criteria: Annotated[list[Criterion] | None, said("cac_tieu_chi", "Các tiêu chí")] = None


class Vote(Part, kw_only=True, frozen=True):
    """Who agreed, of all members, absent ones included."""

    met_on: Annotated[dt.date | None, said("ngay_hop", "Ngày họp")] = None
    present: Annotated[Count | None, said("co_mat", "Số hòa giải viên có mặt")] = None
    absent: Annotated[Count | None, said("vang_mat", "Số hòa giải viên vắng mặt")] = None
    agreed: Annotated[Count | None, said("tan_thanh", "Số phiếu tán thành")] = None
    not_agreed: Annotated[Count | None, said("khong_tan_thanh", "Số phiếu không tán thành của người có mặt")] = None
    agreed_share: Annotated[Share | None, said("ty_le", "Tỷ lệ tán thành trên tổng số hòa giải viên")] = None
    vote_rule: Annotated[str | None, said("muc_tan_thanh", "Mức phải đạt, ví dụ: trên 50% tổng số hòa giải viên", "long")] = None
    passed: Annotated[
        bool | None,
        said("ket_luan", "Có đủ phiếu không",
             words={True: "Đủ điều kiện đề nghị công nhận", False: "Không đủ điều kiện đề nghị công nhận"}),
    ] = None


class SelfAssessmentMinutes(TeamPaper, kw_only=True, frozen=True):
    vote: Annotated[Vote | None, said("bieu_quyet", "Cuộc họp và biểu quyết")] = None
    venue: Annotated[str | None, said("dia_diem", "Địa điểm họp", "long")] = None
    chair: Annotated[str | None, said("chu_tri", "Chủ trì cuộc họp")] = None
    secretary: Annotated[str | None, said("thu_ky", "Thư ký cuộc họp")] = None
    guests: Annotated[list[str] | None, said("khach_moi", "Đại biểu dự họp")] = None
    opinions: Annotated[str | None, said("y_kien", "Ý kiến tại cuộc họp", "long")] = None


class DisputeLine(Part, kw_only=True, frozen=True):
    kind: Annotated[str | None, said("ten", "Loại vụ việc")] = None
    received: Annotated[Count | None, said("tiep_nhan", "Số vụ việc tiếp nhận")] = None
    settled: Annotated[Count | None, said("thanh", "Hòa giải thành")] = None


class YearlyReport(TeamPaper, kw_only=True, frozen=True):
    first: Annotated[dt.date | None, said("tu_ngay", "Ngày đầu kỳ báo cáo")] = None
    last: Annotated[dt.date | None, said("den_ngay", "Ngày cuối kỳ báo cáo")] = None
    women: Annotated[Count | None, said("so_nu", "Số hòa giải viên nữ")] = None
    received: Annotated[Count | None, said("tiep_nhan", "Số vụ việc tiếp nhận, kể cả kỳ trước chuyển sang")] = None
    settled: Annotated[Count | None, said("thanh", "Số vụ việc hòa giải thành")] = None
    not_settled: Annotated[Count | None, said("khong_thanh", "Số vụ việc hòa giải không thành, chấm dứt")] = None
    open: Annotated[Count | None, said("dang_hoa_giai", "Số vụ việc chưa kết thúc")] = None
    settled_share: Annotated[Share | None, said("ty_le", "Tỷ lệ hòa giải thành")] = None
    disputes: Annotated[list[DisputeLine] | None, said("loai_vu_viec", "Vụ việc theo loại")] = None
    classes: Annotated[list[Happening] | None, said("tap_huan", "Lớp tập huấn, bồi dưỡng")] = None
    documents: Annotated[list[Happening] | None, said("tai_lieu", "Tài liệu được cấp")] = None
    meetings: Annotated[list[Happening] | None, said("cuoc_hop", "Cuộc họp của tổ")] = None
    coordination: Annotated[list[Happening] | None, said("phoi_hop", "Phối hợp với cơ quan, đoàn thể")] = None
    paid: Annotated[Count | None, said("kinh_phi", "Kinh phí đã nhận trong kỳ", "money")] = None
    practice: Annotated[str | None, said("cach_lam", "Cách làm hay, kinh nghiệm", "long")] = None
    difficulties: Annotated[str | None, said("kho_khan", "Khó khăn, vướng mắc", "long")] = None
    proposals: Annotated[str | None, said("kien_nghi", "Kiến nghị, đề xuất", "long")] = None


class RecognitionRequest(TeamPaper, kw_only=True, frozen=True):
    vote: Annotated[Vote | None, said("bieu_quyet", "Cuộc họp và biểu quyết")] = None
    attachments: Annotated[list[str] | None, said("kem_theo", "Giấy tờ gửi kèm")] = None


class ReviewRow(Part, kw_only=True, frozen=True):
    team_name: Annotated[str | None, said("ten_to", "Tên tổ hòa giải")] = None
    group: Annotated[str | None, said("to_dan_pho", "Tổ dân phố, thôn")] = None
    measured: Annotated[Verdict | None, said("ket_qua", "Kết quả tính từ số liệu", words=MET)] = None
    settled_share: Annotated[Share | None, said("ty_le", "Tỷ lệ hòa giải thành")] = None
    vote_share: Annotated[Share | None, said("bieu_quyet", "Phiếu tán thành trên tổng số hòa giải viên")] = None
    recognise: Annotated[bool | None, said("xet", "Kết quả xét tại cuộc họp", words=AGREE)] = None
    remark: Annotated[str | None, said("nhan_xet", "Nhận xét, lý do", "optional")] = None


class ReviewMinutes(Paper, kw_only=True, frozen=True):
    scheme: Annotated[str | None, said("bo_tieu_chi", "Bộ tiêu chí áp dụng", "long")] = None
    met_on: Annotated[dt.date | None, said("ngay_hop", "Ngày họp")] = None
    venue: Annotated[str | None, said("dia_diem", "Địa điểm họp", "long")] = None
    chair: Annotated[str | None, said("chu_tri", "Họ tên, chức vụ lãnh đạo UBND chủ trì", "long")] = None
    front: Annotated[str | None, said("mat_tran", "Họ tên, chức vụ đại diện Ủy ban MTTQ", "long")] = None
    secretary: Annotated[str | None, said("thu_ky", "Thư ký cuộc họp", "long")] = None
    attendees: Annotated[list[str] | None, said("thanh_phan", "Thành phần khác")] = None
    teams: Annotated[Count | None, said("so_to", "Tổng số tổ hòa giải")] = None
    meets: Annotated[Count | None, said("so_dat", "Số tổ đạt đủ tiêu chí theo số liệu")] = None
    requested: Annotated[Count | None, said("so_de_nghi", "Số tổ đề nghị công nhận")] = None
    favoured: Annotated[Count | None, said("so_dong_y", "Số tổ được đề nghị công nhận tại cuộc họp")] = None
    rows: Annotated[list[ReviewRow] | None, said("danh_sach", "Danh sách tổ được xét")] = None
    opinions: Annotated[str | None, said("y_kien", "Ý kiến tại cuộc họp", "long")] = None


class RecognisedRow(Part, kw_only=True, frozen=True):
    team_name: Annotated[str | None, said("ten_to", "Tên tổ hòa giải")] = None
    group: Annotated[str | None, said("to_dan_pho", "Tổ dân phố, thôn")] = None
    settled_share: Annotated[Share | None, said("ty_le", "Tỷ lệ hòa giải thành")] = None


class RecognitionDecision(Paper, kw_only=True, frozen=True):
    grounds: Annotated[list[str] | None, said("can_cu", "Căn cứ ban hành, mỗi căn cứ một dòng")] = None
    reviewed_on: Annotated[dt.date | None, said("ngay_hop", "Ngày họp đánh giá")] = None
    rows: Annotated[list[RecognisedRow] | None, said("danh_sach", "Danh sách tổ được công nhận")] = None
    recognised: Annotated[Count | None, said("so_to", "Số tổ được công nhận")] = None
    enforcer: Annotated[str | None, said("bo_phan_thi_hanh", "Bộ phận chịu trách nhiệm thi hành", "long")] = None
    signed_by: Annotated[Signer | None, said("quyen_han_ky", "Quyền hạn, chức vụ của người ký", words=FOR_COMMITTEE)] = None
    signer: Annotated[str | None, said("nguoi_ky", "Họ và tên người ký")] = None


class AwardRow(Part, kw_only=True, frozen=True):
    recipient: Annotated[str | None, said("ten", "Tập thể hoặc cá nhân được khen thưởng")] = None
    reference: Annotated[str | None, said("ma_so", "Mã hòa giải viên trong hệ thống, nếu là cá nhân", "optional")] = None
    team_name: Annotated[str | None, said("ten_to", "Tên tổ hòa giải")] = None
    kind: Annotated[str | None, said("loai_hinh", "Loại hình khen thưởng")] = None
    form: Annotated[str | None, said("hinh_thuc", "Hình thức khen thưởng")] = None
    achievement: Annotated[str | None, said("thanh_tich", "Thành tích", "long")] = None
    ordinal: Annotated[Count | None, said("so_vang", "Số sổ vàng", "plain")] = None
    amount: Annotated[Count | None, said("tien", "Tiền thưởng", "money")] = None
    agreed: Annotated[Count | None, said("tan_thanh", "Số phiếu tán thành")] = None
    votes: Annotated[Count | None, said("so_phieu", "Số phiếu")] = None
    favourable: Annotated[bool | None, said("xet", "Kết quả xét", words=AGREE)] = None
    remark: Annotated[str | None, said("nhan_xet", "Nhận xét, điều kiện", "optional")] = None


class AwardPaper(Paper, kw_only=True, frozen=True):
    grounds: Annotated[list[str] | None, said("can_cu", "Căn cứ, mỗi căn cứ một dòng")] = None
    rows: Annotated[list[AwardRow] | None, said("danh_sach", "Danh sách khen thưởng")] = None
    total: Annotated[Count | None, said("tong_tien", "Tổng tiền thưởng", "money")] = None
    collectives: Annotated[Count | None, said("so_tap_the", "Số tập thể")] = None
    individuals: Annotated[Count | None, said("so_ca_nhan", "Số cá nhân")] = None
    signed_by: Annotated[Signer | None, said("quyen_han_ky", "Quyền hạn, chức vụ của người ký", words=FOR_CHAIR)] = None
    signer: Annotated[str | None, said("nguoi_ky", "Họ và tên người ký")] = None


class CommendationSubmission(AwardPaper, kw_only=True, frozen=True):
    office: Annotated[str | None, said("don_vi_trinh", "Đơn vị trình", "long")] = None
    attachments: Annotated[list[str] | None, said("kem_theo", "Hồ sơ gửi kèm")] = None


class EarlierAward(Part, kw_only=True, frozen=True):
    form: Annotated[str | None, said("hinh_thuc", "Hình thức khen thưởng")] = None
    number: Annotated[str | None, said("so", "Số quyết định")] = None
    on: Annotated[dt.date | None, said("ngay", "Ngày quyết định")] = None


class AchievementReport(TeamPaper, kw_only=True, frozen=True):
    award: Annotated[AwardRow | None, said("khen_thuong", "Đề nghị khen thưởng")] = None
    received: Annotated[Count | None, said("tiep_nhan", "Số vụ việc tiếp nhận")] = None
    settled: Annotated[Count | None, said("thanh", "Số vụ việc hòa giải thành")] = None
    settled_share: Annotated[Share | None, said("ty_le", "Tỷ lệ hòa giải thành")] = None
    service_years: Annotated[Count | None, said("so_nam", "Số năm làm hòa giải viên, nếu là cá nhân", "some")] = None
    classes: Annotated[Count | None, said("so_lop", "Số lớp tập huấn đã tham gia")] = None
    recognised_number: Annotated[str | None, said("so_cong_nhan", "Số quyết định công nhận Tổ hòa giải 5 tốt")] = None
    recognised_on: Annotated[dt.date | None, said("ngay_cong_nhan", "Ngày quyết định công nhận")] = None
    earlier: Annotated[list[EarlierAward] | None, said("da_khen", "Khen thưởng đã nhận")] = None
    summary: Annotated[str | None, said("tom_tat", "Tóm tắt thành tích", "long")] = None


class CommendationMinutes(AwardPaper, kw_only=True, frozen=True):
    met_on: Annotated[dt.date | None, said("ngay_hop", "Ngày họp xét")] = None
    venue: Annotated[str | None, said("dia_diem", "Địa điểm họp", "long")] = None
    chair: Annotated[str | None, said("chu_tri", "Chủ trì cuộc họp", "long")] = None
    secretary: Annotated[str | None, said("thu_ky", "Thư ký cuộc họp", "long")] = None
    attendees: Annotated[list[str] | None, said("thanh_phan", "Thành phần dự họp")] = None
    opinions: Annotated[str | None, said("y_kien", "Ý kiến tại cuộc họp", "long")] = None


class CommendationDecision(AwardPaper, kw_only=True, frozen=True):
    form: Annotated[str | None, said("hinh_thuc", "Hình thức khen thưởng chung của quyết định")] = None
    submission: Annotated[str | None, said("to_trinh", "Số tờ trình")] = None
    fund: Annotated[str | None, said("nguon_kinh_phi", "Nguồn chi tiền thưởng", "long")] = None
    enforcer: Annotated[str | None, said("bo_phan_thi_hanh", "Bộ phận chịu trách nhiệm thi hành", "long")] = None


class CommendationNotice(AwardPaper, kw_only=True, frozen=True):
    decided_on: Annotated[dt.date | None, said("ngay_quyet_dinh", "Ngày quyết định khen thưởng")] = None
    decision: Annotated[str | None, said("so_quyet_dinh", "Số quyết định khen thưởng")] = None
    posted_at: Annotated[str | None, said("noi_niem_yet", "Nơi niêm yết, đăng tải", "long")] = None


class Certificate(Paper, kw_only=True, frozen=True):
    form: Annotated[str | None, said("hinh_thuc", "Hình thức: Giấy khen")] = None
    recipient: Annotated[str | None, said("ten", "Người hoặc tập thể nhận", "long")] = None
    reference: Annotated[str | None, said("ma_so", "Mã hòa giải viên trong hệ thống, nếu là cá nhân", "optional")] = None
    belongs_to: Annotated[str | None, said("thuoc", "Nơi làm việc của người hoặc tổ nhận", "optional")] = None
    achievement: Annotated[str | None, said("thanh_tich", "Thành tích", "long")] = None
    decision: Annotated[str | None, said("so_quyet_dinh", "Số quyết định")] = None
    decided_on: Annotated[dt.date | None, said("ngay_quyet_dinh", "Ngày quyết định")] = None
    ordinal: Annotated[Count | None, said("so_vang", "Số sổ vàng", "plain")] = None
    signed_by: Annotated[Signer | None, said("quyen_han_ky", "Chức vụ của người ký", words=FOR_CHAIR)] = None
    signer: Annotated[str | None, said("nguoi_ky", "Họ và tên người ký")] = None
    giver: Annotated[str | None, said("noi_tang", "Ai tặng, viết trước tên phường, xã", "long")] = "Chủ tịch Ủy ban nhân dân"
    gives: Annotated[str | None, said("dong_tu", "Tặng, công nhận")] = "Tặng"


class RecognitionCertificate(Certificate, kw_only=True, frozen=True):
    giver: Annotated[str | None, said("noi_tang", "Ai công nhận, viết trước tên phường, xã", "long")] = "Ủy ban nhân dân"
    gives: Annotated[str | None, said("dong_tu", "Tặng, công nhận")] = "Cấp"
    signed_by: Annotated[Signer | None, said("quyen_han_ky", "Quyền hạn, chức vụ của người ký", words=FOR_COMMITTEE)] = None


class PaymentLine(Part, kw_only=True, frozen=True):
    """A case or a month that is paid for. Of a case its number and days, never who the parties are."""

    item: Annotated[str | None, said("noi_dung", "Mã vụ việc, hoặc tháng được hỗ trợ")] = None
    first: Annotated[dt.date | None, said("tu_ngay", "Ngày tiếp nhận vụ việc, ngày đầu tháng")] = None
    last: Annotated[dt.date | None, said("den_ngay", "Ngày kết thúc vụ việc, ngày cuối tháng")] = None
    outcome: Annotated[str | None, said("ket_qua", "Kết quả hòa giải")] = None
    amount: Annotated[Count | None, said("muc_chi", "Mức chi")] = None


class PaymentPaper(Paper, kw_only=True, frozen=True):
    team_name: Annotated[str | None, said("ten_to", "Tên tổ hòa giải")] = None
    team: Annotated[str | None, said("ma_to", "Mã tổ hòa giải (HG-…)", "optional")] = None
    group: Annotated[str | None, said("to_dan_pho", "Tổ dân phố, thôn")] = None
    items: Annotated[Count | None, said("so_khoan", "Số vụ việc và số tháng")] = None
    amount: Annotated[Count | None, said("so_tien", "Tổng số tiền", "money")] = None
    lines: Annotated[list[PaymentLine] | None, said("danh_sach", "Vụ việc, tháng được chi")] = None


class PaymentRequest(PaymentPaper, kw_only=True, frozen=True):
    leader: Annotated[str | None, said("to_truong", "Họ và tên tổ trưởng tổ hòa giải")] = None
    attachments: Annotated[list[str] | None, said("kem_theo", "Giấy tờ gửi kèm")] = None


class PaymentDecision(PaymentPaper, kw_only=True, frozen=True):
    grounds: Annotated[list[str] | None, said("can_cu", "Các văn bản làm căn cứ")] = None
    requested_on: Annotated[dt.date | None, said("ngay_de_nghi", "Ngày tổ đề nghị")] = None
    pay_by: Annotated[dt.date | None, said("han_chi", "Ngày cuối phải chi")] = None
    fund: Annotated[str | None, said("nguon_kinh_phi", "Nguồn kinh phí", "long")] = None
    enforcer: Annotated[str | None, said("bo_phan_thi_hanh", "Bộ phận chịu trách nhiệm thi hành", "long")] = None
    signed_by: Annotated[Signer | None, said("quyen_han_ky", "Quyền hạn, chức vụ của người ký", words=FOR_COMMITTEE)] = None
    signer: Annotated[str | None, said("nguoi_ky", "Họ và tên người ký")] = None


class PaymentRefusal(PaymentPaper, kw_only=True, frozen=True):
    requested_on: Annotated[dt.date | None, said("ngay_de_nghi", "Ngày tổ đề nghị")] = None
    reason: Annotated[str | None, said("ly_do", "Lý do không chi", "long")] = None
    signed_by: Annotated[Signer | None, said("quyen_han_ky", "Quyền hạn, chức vụ của người ký", words=FOR_COMMITTEE)] = None
    signer: Annotated[str | None, said("nguoi_ky", "Họ và tên người ký")] = None
