"""The papers that go with a commendation (Luật Thi đua, khen thưởng 06/2022/QH15); the wording is namtot's own. None names a
party of a case."""

from __future__ import annotations

from shared.papers.drafts.layout import CENTRE, Draft
from shared.papers.drafts.recognition import COMMITTEE, CRITERIA, LIST_OF, TITLE

FIELD = "trong hoạt động hòa giải ở cơ sở năm {{ nam }}"
# the reference helps whoever fills in the name, and goes when there is one
RECIPIENT = "{{ d.ten }}{% if d.ma_so and not d.ten %} (mã {{ d.ma_so }}){% endif %}"
COUNTS = "{{ so_tap_the }} tập thể, {{ so_ca_nhan }} cá nhân"


def submission(draft: Draft) -> None:
    draft.head(f"{COMMITTEE} {{{{ don_vi|upper }}}}", "{{ don_vi_trinh|upper }}", number="/TTr")
    draft.title("TỜ TRÌNH", f"Về việc đề nghị khen thưởng {FIELD}")
    draft.centred("Kính gửi: Chủ tịch Ủy ban nhân dân {{ don_vi }}")
    draft.lines("can_cu", "Căn cứ {{ d }};", italic=True)
    draft.text(f"{{{{ don_vi_trinh }}}} đề nghị Chủ tịch Ủy ban nhân dân {{{{ don_vi }}}} xem xét, khen thưởng {COUNTS} "
               f"có thành tích {FIELD}:")
    draft.table("danh_sach", [
        ("TT", "{{ d.stt }}", 10), ("Tập thể, cá nhân", RECIPIENT, 44), ("Loại hình", "{{ d.loai_hinh }}", 26),
        ("Hình thức", "{{ d.hinh_thuc }}", 28), ("Thành tích", "{{ d.thanh_tich }}", 52),
    ])
    draft.text("Tiền thưởng dự kiến: {{ tong_tien }} ({{ tong_tien_bang_chu }}).", "Hồ sơ gửi kèm:")
    draft.lines("kem_theo", "- {{ d }}")
    draft.recipients(["Như trên;", "Lưu: VT."], "NGƯỜI ĐỀ NGHỊ", "{{ nguoi_ky }}")


def achievement_report(draft: Draft) -> None:
    draft.head(f"{COMMITTEE} {{{{ don_vi|upper }}}}", "{{ ten_to|upper }}")
    draft.title("BÁO CÁO THÀNH TÍCH", "Đề nghị tặng {{ khen_thuong.hinh_thuc }} năm {{ nam }}")
    draft.heading("I. ĐỐI TƯỢNG ĐỀ NGHỊ KHEN THƯỞNG")
    draft.text(
        "1. Tên: {{ khen_thuong.ten }}{% if khen_thuong.ma_so and not khen_thuong.ten %} (mã {{ khen_thuong.ma_so }}){% endif %}",
        "2. Đơn vị: {{ ten_to }}, {{ to_dan_pho }}, {{ don_vi }}; tổ có {{ so_hgv }} hòa giải viên.",
        "3. Loại hình: {{ khen_thuong.loai_hinh }}. Hình thức đề nghị: {{ khen_thuong.hinh_thuc }}.",
    )
    draft.heading("II. THÀNH TÍCH ĐẠT ĐƯỢC")
    draft.text(
        "1. {{ khen_thuong.thanh_tich }}",
        "2. Vụ việc: tiếp nhận {{ tiep_nhan }}, hòa giải thành {{ thanh }}, tỷ lệ {{ ty_le }} ({{ ty_le_phan_so }}).",
        "3. Lớp tập huấn đã tham gia: {{ so_lop }}.{% if so_nam %} Số năm làm hòa giải viên: {{ so_nam }}.{% endif %}",
        f"4. Quyết định công nhận {TITLE}: số {{{{ so_cong_nhan }}}}, {{{{ ngay_cong_nhan }}}}.", "5. Tóm tắt: {{ tom_tat }}",
    )
    draft.heading("III. KẾT QUẢ THEO TIÊU CHÍ")
    draft.text("Áp dụng {{ bo_tieu_chi }}.")
    draft.table("cac_tieu_chi", CRITERIA)
    draft.heading("IV. KHEN THƯỞNG ĐÃ NHẬN")
    draft.table("da_khen", [
        ("TT", "{{ d.stt }}", 14), ("Hình thức", "{{ d.hinh_thuc }}", 66), ("Số quyết định", "{{ d.so }}", 45),
        ("Ngày", "{{ d.ngay_so }}", 35),
    ])
    draft.text("Báo cáo không nêu tên các bên trong vụ việc hòa giải.")
    draft.signatures(("XÁC NHẬN CỦA ỦY BAN NHÂN DÂN", ""), ("TỔ TRƯỞNG", "{{ to_truong }}"))


def minutes(draft: Draft) -> None:
    draft.head(COMMITTEE, "{{ don_vi|upper }}", number="/BB-UBND", place="{{ dia_danh }}, {{ ngay_hop }}")
    draft.title("BIÊN BẢN", f"Họp xét khen thưởng {FIELD}")
    draft.text("Hôm nay, {{ ngay_hop }}, tại {{ dia_diem }}, Ủy ban nhân dân {{ don_vi }} họp xét khen thưởng.")
    draft.heading("I. THÀNH PHẦN")
    draft.text("1. Chủ trì: {{ chu_tri }}", "2. Thư ký: {{ thu_ky }}", "3. Thành phần dự họp:")
    draft.lines("thanh_phan", "- {{ d }}")
    draft.heading("II. CĂN CỨ")
    draft.lines("can_cu", "- {{ d }};")
    draft.heading("III. KẾT QUẢ XÉT")
    draft.table("danh_sach", [
        ("TT", "{{ d.stt }}", 10), ("Tập thể, cá nhân", RECIPIENT, 42), ("Hình thức", "{{ d.hinh_thuc }}", 28),
        ("Phiếu tán thành", "{{ d.tan_thanh }}/{{ d.so_phieu }}", 22), ("Kết quả", "{{ d.xet }}", 22),
        ("Nhận xét", "{{ d.nhan_xet }}", 36),
    ])
    draft.heading("IV. Ý KIẾN TẠI CUỘC HỌP")
    draft.text("{{ y_kien }}", "Biên bản được đọc lại cho mọi người dự họp cùng nghe và thống nhất ký tên.")
    draft.signatures(("THƯ KÝ", "{{ thu_ky }}"), ("CHỦ TRÌ", "{{ chu_tri }}"))


def decision(draft: Draft) -> None:
    draft.head(COMMITTEE, "{{ don_vi|upper }}", number="/QĐ-UBND")
    draft.title("QUYẾT ĐỊNH", f"Về việc khen thưởng {FIELD}")
    draft.centred(f"CHỦ TỊCH {COMMITTEE} {{{{ don_vi|upper }}}}")
    draft.lines("can_cu", "Căn cứ {{ d }};", italic=True)
    draft.text("Theo đề nghị tại Tờ trình số {{ to_trinh }}.")
    draft.centred("QUYẾT ĐỊNH:")
    draft.text(
        f"**Điều 1.** Tặng {{{{ hinh_thuc }}}} cho {COUNTS} đã có thành tích {FIELD} (danh sách kèm theo).",
        "**Điều 2.** Tiền thưởng kèm theo: {{ tong_tien }} ({{ tong_tien_bang_chu }}), chi từ {{ nguon_kinh_phi }}.",
        "**Điều 3.** Quyết định này có hiệu lực kể từ ngày ký. {{ bo_phan_thi_hanh }} và các tập thể, cá nhân có tên trong danh "
        "sách chịu trách nhiệm thi hành Quyết định này.",
    )
    draft.recipients(["Như Điều 3;", "Lưu: VT."], "{{ quyen_han_ky }}", "{{ nguoi_ky }}")
    draft.new_page()
    draft.title("DANH SÁCH", "Tập thể, cá nhân được khen thưởng")
    draft.line(f"{LIST_OF} của Chủ tịch Ủy ban nhân dân {{{{ don_vi }}}})", CENTRE, 13, italic=True)
    draft.table("danh_sach", [
        ("Số sổ vàng", "{{ d.so_vang }}", 18), ("Tập thể, cá nhân", RECIPIENT, 44), ("Hình thức", "{{ d.hinh_thuc }}", 30),
        ("Thành tích", "{{ d.thanh_tich }}", 42), ("Tiền thưởng", "{{ d.tien }}", 26),
    ])


def notice(draft: Draft) -> None:
    draft.head(COMMITTEE, "{{ don_vi|upper }}", number="/TB-UBND")
    draft.title("THÔNG BÁO", f"Công khai kết quả khen thưởng {FIELD}")
    draft.text(
        "Ủy ban nhân dân {{ don_vi }} công khai các tập thể, cá nhân được khen thưởng theo Quyết định số {{ so_quyet_dinh }} "
        "{{ ngay_quyet_dinh }}:"
    )
    draft.table("danh_sach", [
        ("TT", "{{ d.stt }}", 14), ("Tập thể, cá nhân", "{{ d.ten }}", 58), ("Hình thức", "{{ d.hinh_thuc }}", 38),
        ("Thành tích", "{{ d.thanh_tich }}", 50),
    ])
    draft.text("Thông báo được niêm yết, đăng tải tại: {{ noi_niem_yet }}.",
               "Thông báo không nêu tên các bên trong vụ việc hòa giải.")
    draft.recipients(["Các tổ hòa giải;", "Lưu: VT."], "{{ quyen_han_ky }}", "{{ nguoi_ky }}")


DRAFTS = {
    "commendation-submission": submission, "achievement-report": achievement_report, "commendation-minutes": minutes,
    "commendation-decision": decision, "commendation-notice": notice,
}
