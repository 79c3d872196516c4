"""The five papers that go with recognition (Hướng dẫn 1269/TP-MTTQ); the wording is namtot's own."""

from __future__ import annotations

from shared.papers.drafts.layout import CENTRE, Draft

TITLE = "“Tổ hòa giải 5 tốt”"
COMMITTEE = "ỦY BAN NHÂN DÂN"
TEAM_HEAD = (f"{COMMITTEE} {{{{ don_vi|upper }}}}", "{{ ten_to|upper }}")
CRITERIA = [
    ("TT", "{{ d.stt }}", 10), ("Tiêu chí", "{{ d.ten }}", 45), ("Tổ tự đánh giá", "{{ d.tu_danh_gia }}", 24),
    ("Kết quả theo số liệu", "{{ d.ket_qua }}", 24), ("Số liệu, chứng cứ", "{{ d.so_lieu }}", 57),
]
MEASURED = (
    "Cột “Kết quả theo số liệu” do phần mềm tính từ sổ theo dõi và giấy tờ đã ghi nhận, chỉ để đối chiếu; việc đánh giá do tổ "
    "quyết định."
)
LIST_OF = "(Kèm theo Quyết định số {% if so %}{{ so }}{% else %}……/QĐ-UBND{% endif %} {{ ngay_ky }}"


def self_assessment_minutes(draft: Draft) -> None:
    draft.head(*TEAM_HEAD, place="{{ dia_danh }}, {{ bieu_quyet.ngay_hop }}")
    draft.title("BIÊN BẢN", f"Họp tổ hòa giải tự đánh giá {TITLE} năm {{{{ nam }}}}")
    draft.text(
        "Hôm nay, {{ bieu_quyet.ngay_hop }}, tại {{ dia_diem }}, {{ ten_to }} ({{ to_dan_pho }}, {{ don_vi }}) họp tự đánh giá "
        "kết quả hoạt động năm {{ nam }} theo {{ bo_tieu_chi }}."
    )
    draft.heading("I. THÀNH PHẦN")
    draft.text(
        "1. Chủ trì: {{ chu_tri }}", "2. Thư ký: {{ thu_ky }}",
        "3. Hòa giải viên: tổng số {{ so_hgv }} người; có mặt {{ bieu_quyet.co_mat }}; vắng mặt {{ bieu_quyet.vang_mat }}.",
        "4. Đại biểu dự họp:",
    )
    draft.lines("khach_moi", "- {{ d }}")
    draft.heading("II. NỘI DUNG TỰ ĐÁNH GIÁ")
    draft.table("cac_tieu_chi", CRITERIA)
    draft.text(MEASURED)
    draft.heading("III. Ý KIẾN TẠI CUỘC HỌP")
    draft.text("{{ y_kien }}")
    draft.heading("IV. BIỂU QUYẾT ĐỀ NGHỊ CÔNG NHẬN")
    draft.text(
        "Tán thành: {{ bieu_quyet.tan_thanh }} trên tổng số {{ so_hgv }} hòa giải viên của tổ, kể cả người vắng mặt "
        "(tỷ lệ {{ bieu_quyet.ty_le }}); không tán thành hoặc không có ý kiến: {{ bieu_quyet.khong_tan_thanh }}.",
        "Mức phải đạt: {{ bieu_quyet.muc_tan_thanh }}.", "Kết luận: {{ bieu_quyet.ket_luan }}.",
        "Biên bản được đọc lại cho mọi người dự họp cùng nghe và thống nhất ký tên.",
    )
    draft.signatures(("THƯ KÝ", "{{ thu_ky }}"), ("CHỦ TRÌ", "{{ chu_tri }}"))


def yearly_report(draft: Draft) -> None:
    draft.head(*TEAM_HEAD, number="/BC-THG")
    draft.title("BÁO CÁO", "Kết quả hoạt động của tổ hòa giải năm {{ nam }}")
    draft.text("Kỳ báo cáo: từ {{ tu_ngay }} đến {{ den_ngay }}.")
    draft.heading("I. TỔ CHỨC")
    draft.text("{{ ten_to }} ({{ to_dan_pho }}, {{ don_vi }}) có {{ so_hgv }} hòa giải viên, trong đó {{ so_nu }} nữ. "
               "Tổ trưởng: {{ to_truong }}.")
    draft.heading("II. KẾT QUẢ HÒA GIẢI")
    draft.text(
        "Tiếp nhận {{ tiep_nhan }} vụ việc (kể cả kỳ trước chuyển sang): hòa giải thành {{ thanh }}; không thành, chấm dứt "
        "{{ khong_thanh }}; chưa kết thúc {{ dang_hoa_giai }}. Tỷ lệ hòa giải thành: {{ ty_le }} ({{ ty_le_phan_so }})."
    )
    draft.table("loai_vu_viec", [
        ("TT", "{{ d.stt }}", 12), ("Loại vụ việc", "{{ d.ten }}", 88), ("Tiếp nhận", "{{ d.tiep_nhan }}", 30),
        ("Hòa giải thành", "{{ d.thanh }}", 30),
    ])
    draft.heading("III. TẬP HUẤN, TÀI LIỆU, HỌP, PHỐI HỢP, KINH PHÍ")
    for number, (names, title) in enumerate((
        ("tap_huan", "Lớp tập huấn, bồi dưỡng đã tham gia"), ("tai_lieu", "Tài liệu được cấp"), ("cuoc_hop", "Cuộc họp của tổ"),
        ("phoi_hop", "Phối hợp với cơ quan, đoàn thể"),
    ), 1):
        draft.text(f"{number}. {title}:")
        draft.lines(names, "- {{ d.ten }} ({{ d.ngay_so }}{% if d.co_mat %}, {{ d.co_mat }} người có mặt{% endif %})")
    draft.text("5. Kinh phí đã nhận trong kỳ: {{ kinh_phi }} ({{ kinh_phi_bang_chu }}).")
    draft.heading(f"IV. KẾT QUẢ THEO TIÊU CHÍ {TITLE}")
    draft.text("Áp dụng {{ bo_tieu_chi }}.")
    draft.table("cac_tieu_chi", CRITERIA)
    draft.heading("V. KINH NGHIỆM, KHÓ KHĂN, KIẾN NGHỊ")
    draft.text("1. Cách làm hay: {{ cach_lam }}", "2. Khó khăn, vướng mắc: {{ kho_khan }}", "3. Kiến nghị: {{ kien_nghi }}")
    draft.recipients(["Ủy ban nhân dân {{ don_vi }};", "Ban công tác Mặt trận {{ to_dan_pho }};", "Lưu: Tổ hòa giải."],
                     "TỔ TRƯỞNG", "{{ to_truong }}")


def recognition_request(draft: Draft) -> None:
    draft.head(*TEAM_HEAD)
    draft.title("GIẤY ĐỀ NGHỊ", f"Công nhận {TITLE} năm {{{{ nam }}}}")
    draft.centred("Kính gửi: Ủy ban nhân dân {{ don_vi }}")
    draft.text(
        "{{ ten_to }} ({{ to_dan_pho }}, {{ don_vi }}) đã họp tự đánh giá {{ bieu_quyet.ngay_hop }} theo {{ bo_tieu_chi }}. "
        "Kết quả:"
    )
    draft.table("cac_tieu_chi", CRITERIA)
    draft.text(
        "Số hòa giải viên tán thành đề nghị công nhận: {{ bieu_quyet.tan_thanh }} trên tổng số {{ so_hgv }} hòa giải viên của tổ "
        "(tỷ lệ {{ bieu_quyet.ty_le }}).",
        f"{{{{ ten_to }}}} đề nghị Ủy ban nhân dân {{{{ don_vi }}}} xem xét, công nhận tổ đạt {TITLE} năm {{{{ nam }}}}.",
        "Giấy tờ gửi kèm:",
    )
    draft.lines("kem_theo", "- {{ d }}")
    draft.recipients(["Như trên;", "Ủy ban MTTQ Việt Nam {{ don_vi }};", "Lưu: Tổ hòa giải."], "TỔ TRƯỞNG", "{{ to_truong }}")


def review_minutes(draft: Draft) -> None:
    draft.head(COMMITTEE, "{{ don_vi|upper }}", number="/BB-UBND", place="{{ dia_danh }}, {{ ngay_hop }}")
    draft.title("BIÊN BẢN", f"Cuộc họp đánh giá, đề nghị công nhận {TITLE} năm {{{{ nam }}}}")
    draft.text(
        "Hôm nay, {{ ngay_hop }}, tại {{ dia_diem }}, Ủy ban nhân dân {{ don_vi }} và Ủy ban MTTQ Việt Nam {{ don_vi }} họp "
        "đánh giá các tổ hòa giải đề nghị công nhận năm {{ nam }} theo {{ bo_tieu_chi }}."
    )
    draft.heading("I. THÀNH PHẦN")
    draft.text("1. Chủ trì (lãnh đạo Ủy ban nhân dân): {{ chu_tri }}", "2. Đại diện Ủy ban MTTQ Việt Nam: {{ mat_tran }}",
               "3. Thư ký: {{ thu_ky }}", "4. Thành phần khác:")
    draft.lines("thanh_phan", "- {{ d }}")
    draft.heading("II. TÌNH HÌNH CHUNG")
    draft.text("Tổng số {{ so_to }} tổ hòa giải; {{ so_dat }} tổ đạt đủ tiêu chí theo số liệu; {{ so_de_nghi }} tổ đề nghị "
               "công nhận.")
    draft.heading("III. KẾT QUẢ XÉT TỪNG TỔ")
    draft.table("danh_sach", [
        ("TT", "{{ d.stt }}", 10), ("Tổ hòa giải", "{{ d.ten_to }}", 36), ("Theo số liệu", "{{ d.ket_qua }}", 22),
        ("Tỷ lệ hòa giải thành", "{{ d.ty_le }}", 22), ("Tổ biểu quyết", "{{ d.bieu_quyet_phan_so }}", 18),
        ("Kết quả xét", "{{ d.xet }}", 20), ("Nhận xét", "{{ d.nhan_xet }}", 32),
    ])
    draft.heading("IV. Ý KIẾN TẠI CUỘC HỌP")
    draft.text("{{ y_kien }}")
    draft.heading("V. KẾT LUẬN")
    draft.text(
        f"Cuộc họp đề nghị Ủy ban nhân dân {{{{ don_vi }}}} công nhận {{{{ so_dong_y }}}} tổ hòa giải đạt {TITLE} "
        "năm {{ nam }}.",
        "Biên bản được đọc lại cho mọi người dự họp cùng nghe và thống nhất ký tên.",
    )
    draft.signatures(("THƯ KÝ", "{{ thu_ky }}"), ("ĐẠI DIỆN ỦY BAN MTTQ", "{{ mat_tran }}"), ("CHỦ TRÌ", "{{ chu_tri }}"))


def recognition_decision(draft: Draft) -> None:
    draft.head(COMMITTEE, "{{ don_vi|upper }}", number="/QĐ-UBND")
    draft.title("QUYẾT ĐỊNH", f"Về việc công nhận {TITLE} năm {{{{ nam }}}}")
    draft.centred(f"{COMMITTEE} {{{{ don_vi|upper }}}}")
    draft.lines("can_cu", "Căn cứ {{ d }};", italic=True)
    draft.text("Căn cứ biên bản cuộc họp đánh giá {{ ngay_hop }} của Ủy ban nhân dân và Ủy ban MTTQ Việt Nam {{ don_vi }}.")
    draft.centred("QUYẾT ĐỊNH:")
    draft.text(
        f"**Điều 1.** Công nhận {{{{ so_to }}}} tổ hòa giải thuộc {{{{ don_vi }}}} đạt {TITLE} năm {{{{ nam }}}} (danh sách kèm "
        "theo).",
        "**Điều 2.** Quyết định này có hiệu lực kể từ ngày ký.",
        "**Điều 3.** {{ bo_phan_thi_hanh }}, các tổ hòa giải có tên trong danh sách và tổ chức, cá nhân có liên quan chịu trách "
        "nhiệm thi hành Quyết định này.",
    )
    draft.recipients(["Như Điều 3;", "Ủy ban MTTQ Việt Nam {{ don_vi }};", "Lưu: VT."], "{{ quyen_han_ky }}", "{{ nguoi_ky }}")
    draft.new_page()
    draft.title("DANH SÁCH", f"Tổ hòa giải được công nhận {TITLE} năm {{{{ nam }}}}")
    draft.line(f"{LIST_OF} của Ủy ban nhân dân {{{{ don_vi }}}})", CENTRE, 13, italic=True)
    draft.table("danh_sach", [
        ("TT", "{{ d.stt }}", 14), ("Tổ hòa giải", "{{ d.ten_to }}", 66), ("Tổ dân phố, thôn", "{{ d.to_dan_pho }}", 50),
        ("Tỷ lệ hòa giải thành", "{{ d.ty_le }}", 30),
    ])


DRAFTS = {
    "self-assessment-minutes": self_assessment_minutes, "yearly-report": yearly_report,
    "recognition-request": recognition_request, "review-minutes": review_minutes, "recognition-decision": recognition_decision,
}
