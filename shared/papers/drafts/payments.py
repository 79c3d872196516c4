"""The papers of procedure 2.002080; the wording is namtot's own. None names a party of a case, whose number leads to the log."""

from __future__ import annotations

from shared.papers.drafts.layout import CENTRE, Draft
from shared.papers.drafts.recognition import COMMITTEE, LIST_OF, TEAM_HEAD

ABOUT = "Chi thù lao, hỗ trợ cho {{ ten_to }}"
LINES = [
    ("TT", "{{ d.stt }}", 10), ("Vụ việc, tháng", "{{ d.noi_dung }}", 40), ("Từ ngày", "{{ d.tu_ngay_so }}", 26),
    ("Đến ngày", "{{ d.den_ngay_so }}", 26), ("Kết quả", "{{ d.ket_qua }}", 32), ("Mức chi (đồng)", "{{ d.muc_chi }}", 26),
]
SUM = "Tổng số tiền: {{ so_tien }} ({{ so_tien_bang_chu }})."
NAMELESS = "Danh sách ghi mã vụ việc, không nêu tên các bên; nội dung vụ việc ở Sổ theo dõi hoạt động hòa giải ở cơ sở."


def request(draft: Draft) -> None:
    draft.head(*TEAM_HEAD)
    draft.title("GIẤY ĐỀ NGHỊ", ABOUT)
    draft.centred("Kính gửi: Ủy ban nhân dân {{ don_vi }}")
    draft.text(
        "{{ ten_to }} ({{ to_dan_pho }}, {{ don_vi }}) đề nghị Ủy ban nhân dân {{ don_vi }} xem xét, chi thù lao và hỗ trợ cho "
        "{{ so_khoan }} vụ việc, tháng sau đây:"
    )
    draft.table("danh_sach", LINES)
    draft.text(SUM, NAMELESS, "Giấy tờ gửi kèm:")
    draft.lines("kem_theo", "- {{ d }}")
    draft.recipients(["Như trên;", "Lưu: Tổ hòa giải."], "TỔ TRƯỞNG", "{{ to_truong }}")


def decision(draft: Draft) -> None:
    draft.head(COMMITTEE, "{{ don_vi|upper }}", number="/QĐ-UBND")
    draft.title("QUYẾT ĐỊNH", f"Về việc {ABOUT[0].lower()}{ABOUT[1:]}")
    draft.centred(f"{COMMITTEE} {{{{ don_vi|upper }}}}")
    draft.lines("can_cu", "Căn cứ {{ d }};", italic=True)
    draft.text("Xét đề nghị {{ ngay_de_nghi }} của {{ ten_to }} ({{ to_dan_pho }}).")
    draft.centred("QUYẾT ĐỊNH:")
    draft.text(
        "**Điều 1.** Chi {{ so_tien }} ({{ so_tien_bang_chu }}) cho {{ ten_to }}, gồm {{ so_khoan }} vụ việc, tháng trong danh "
        "sách kèm theo. Nguồn kinh phí: {{ nguon_kinh_phi }}.",
        "**Điều 2.** Việc chi hoàn thành chậm nhất {{ han_chi }}.",
        "**Điều 3.** {{ bo_phan_thi_hanh }} và {{ ten_to }} chịu trách nhiệm thi hành Quyết định này.",
    )
    draft.recipients(["Như Điều 3;", "Lưu: VT."], "{{ quyen_han_ky }}", "{{ nguoi_ky }}")
    draft.new_page()
    draft.title("DANH SÁCH", "Vụ việc, tháng được chi thù lao, hỗ trợ của {{ ten_to }}")
    draft.line(f"{LIST_OF} của Ủy ban nhân dân {{{{ don_vi }}}})", CENTRE, 13, italic=True)
    draft.table("danh_sach", LINES)
    draft.text(SUM, NAMELESS)


def refusal(draft: Draft) -> None:
    draft.head(COMMITTEE, "{{ don_vi|upper }}", number="/TB-UBND")
    draft.title("THÔNG BÁO", "Về việc không chi thù lao, hỗ trợ theo đề nghị của {{ ten_to }}")
    draft.centred("Kính gửi: {{ ten_to }} ({{ to_dan_pho }})")
    draft.text(
        "Ủy ban nhân dân {{ don_vi }} đã xem xét đề nghị {{ ngay_de_nghi }} của {{ ten_to }} về {{ so_khoan }} vụ việc, tháng, "
        "số tiền {{ so_tien }}, và không chi theo đề nghị này.",
        "Lý do: {{ ly_do }}", "Các vụ việc, tháng trong đề nghị:",
    )
    draft.table("danh_sach", LINES)
    draft.text(NAMELESS)
    draft.recipients(["Như trên;", "Lưu: VT."], "{{ quyen_han_ky }}", "{{ nguoi_ky }}")


DRAFTS = {"payment-request": request, "payment-decision": decision, "payment-refusal": refusal}
