"""What people read for the codes of commendation, as ``domain.md``'s words have it: Vietnamese first."""

from __future__ import annotations

from collections.abc import Iterable

from services.evaluation.domain.commendation.rules import Authority
from services.evaluation.domain.wording import Words

STATES: dict[str, Words] = {
    "proposed": Words("Đề xuất", "Proposed"),
    "preparing": Words("Đang lập hồ sơ", "Dossier in preparation"),
    "submitted": Words("Đã trình", "Submitted"),
    "supplement_asked": Words("Yêu cầu bổ sung", "Supplements asked for"),
    "suspended": Words("Tạm dừng xét (đang xác minh)", "Suspended (under verification)"),
    "appraised": Words("Đã xét", "Appraised"),
    "decided": Words("Đã quyết định khen thưởng", "Decided"),
    "declined": Words("Không khen thưởng", "Declined"),
    "given": Words("Đã trao", "Given"),
    "paid": Words("Đã chi thưởng", "Paid"),
    "revoked": Words("Hủy quyết định, thu hồi hiện vật và tiền thưởng", "Revoked, to be recovered"),
    "withdrawn": Words("Đã rút", "Withdrawn"),
}

STEPS: dict[str, Words] = {
    "proposed": Words("đề nghị khen thưởng", "proposal"),
    "submitted": Words("trình hồ sơ (tờ trình, báo cáo thành tích)", "dossier submitted"),
    "supplement-asked": Words("yêu cầu bổ sung hồ sơ", "supplements asked for"),
    "supplemented": Words("bổ sung hồ sơ", "dossier supplemented"),
    "appraised": Words("biên bản xét khen thưởng", "minutes of the appraisal"),
    "decided": Words("quyết định khen thưởng", "decision"),
    "declined": Words("trả lời không khen thưởng", "declined"),
    "given": Words("trao khen thưởng", "handed over"),
    "paid": Words("chi tiền thưởng", "reward paid"),
    "revoked": Words("hủy quyết định khen thưởng", "revoked"),
    "recovered": Words("thu hồi hiện vật, tiền thưởng", "recovered"),
    "opened": Words("mở xác minh", "verification opened"),
    "closed": Words("kết luận xác minh", "verification concluded"),
}

MATTERS: dict[str, Words] = {
    "discipline": Words("xem xét kỷ luật", "discipline"),
    "inspection": Words("thanh tra, kiểm tra", "inspection"),
    "complaint": Words("khiếu nại, tố cáo", "complaint"),
    "press": Words("thông tin báo chí", "press allegations"),
}

AUTHORITIES: dict[Authority, Words] = {
    Authority.COMMUNE_CHAIR: Words("Chủ tịch UBND phường, xã", "the commune chairman"),
    Authority.DISTRICT_CHAIR: Words("Chủ tịch UBND quận, huyện", "the district chairman"),
    Authority.CITY_CHAIR: Words("Chủ tịch UBND thành phố", "the city chairman"),
    Authority.DEPARTMENT: Words("Giám đốc Sở Tư pháp", "the director of the Department of Justice"),
    Authority.MINISTRY: Words("Bộ trưởng Bộ Tư pháp", "the Minister of Justice"),
    Authority.FRONT: Words("Mặt trận Tổ quốc", "the Fatherland Front"),
    Authority.OTHER: Words("người khác", "somebody else"),
}

PAPERS: dict[str, Words] = {
    "request": Words("tờ trình", "request"),
    "report": Words("báo cáo thành tích", "report of achievements"),
    "minutes": Words("biên bản xét", "minutes of the appraisal"),
    "list": Words("danh sách", "list"),
    "letter": Words("công văn", "letter"),
}


def joined(words: Iterable[Words]) -> Words:
    listed = list(words)
    return Words(", ".join(w.vi for w in listed), ", ".join(w.en for w in listed))
