"""The papers that namtot writes: what each is called, what it is filled from, and about whom it is."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from shared.papers import data
from shared.papers.errors import PaperError

About = Literal["team", "unit", "commendation", "payment"]
Format = Literal["docx", "pdf"]

OWN_LAYOUT = (
    "Bố cục của namtot theo thể thức văn bản hành chính của NĐ 30/2020/NĐ-CP. Chưa tìm được mẫu chính thức kèm theo Hướng dẫn "
    "1269/TP-MTTQ và mẫu của từng địa phương; sửa mẫu này trong Word khi có mẫu riêng."
)
"""Said in every template: no official form was found, so none is imitated."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``file``: name of the own template and of what is made, without its ending. ``about``: what one paper is about.
    ``lists``: instead of one commendation it may be about all of a unit's year. ``drawn``: the shipped template, where several
    kinds share it."""

    id: str
    file: str
    title: str
    title_en: str
    data: type[data.Paper]
    about: About
    format: Format = "docx"
    drawn: str = ""
    lists: bool = False

    @property
    def template(self) -> str:
        return f"{self.file}.{'docx' if self.format == 'docx' else 'typ'}"

    @property
    def shipped(self) -> str:
        return self.drawn or self.template

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]


MEDIA_TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
}
CERTIFICATE = "chung-nhan.typ"
KINDS: dict[str, Kind] = {
    kind.id: kind
    for kind in (
        # Hướng dẫn 1269/TP-MTTQ
        Kind("self-assessment-minutes", "bien-ban-tu-danh-gia", "Biên bản họp tổ hòa giải tự đánh giá",
             "Minutes of the self-assessment meeting", data.SelfAssessmentMinutes, "team"),
        Kind("yearly-report", "bao-cao-nam", "Báo cáo kết quả hoạt động năm của tổ hòa giải", "The team's yearly report",
             data.YearlyReport, "team"),
        Kind("recognition-request", "giay-de-nghi-cong-nhan", "Giấy đề nghị công nhận Tổ hòa giải 5 tốt",
             "Request for recognition", data.RecognitionRequest, "team"),
        Kind("review-minutes", "bien-ban-hop-danh-gia", "Biên bản cuộc họp đánh giá của UBND và Ủy ban MTTQ",
             "Minutes of the review meeting", data.ReviewMinutes, "unit"),
        Kind("recognition-decision", "quyet-dinh-cong-nhan", "Quyết định công nhận Tổ hòa giải 5 tốt", "Decision of recognition",
             data.RecognitionDecision, "unit"),
        # commendation
        Kind("commendation-submission", "to-trinh-khen-thuong", "Tờ trình đề nghị khen thưởng", "Submission for commendation",
             data.CommendationSubmission, "commendation", lists=True),
        Kind("achievement-report", "bao-cao-thanh-tich", "Báo cáo thành tích", "Report of achievements", data.AchievementReport,
             "commendation"),
        Kind("commendation-minutes", "bien-ban-xet-khen-thuong", "Biên bản họp xét khen thưởng", "Minutes of the appraisal",
             data.CommendationMinutes, "commendation", lists=True),
        Kind("commendation-decision", "quyet-dinh-khen-thuong", "Quyết định khen thưởng", "Decision of commendation",
             data.CommendationDecision, "commendation", lists=True),
        Kind("commendation-notice", "thong-bao-khen-thuong", "Thông báo công khai kết quả khen thưởng",
             "Public notice of commendation", data.CommendationNotice, "commendation", lists=True),
        # procedure 2.002080
        Kind("payment-request", "giay-de-nghi-chi", "Giấy đề nghị chi thù lao, hỗ trợ cho tổ hòa giải", "Request for payment",
             data.PaymentRequest, "payment"),
        Kind("payment-decision", "quyet-dinh-chi", "Quyết định chi thù lao, hỗ trợ cho tổ hòa giải", "Decision to pay",
             data.PaymentDecision, "payment"),
        Kind("payment-refusal", "thong-bao-khong-chi", "Thông báo không chi thù lao, hỗ trợ", "Notice that payment is refused",
             data.PaymentRefusal, "payment"),
        # to hang on the wall
        Kind("certificate", "giay-khen", "Giấy khen", "Certificate of commendation", data.Certificate, "commendation", "pdf",
             CERTIFICATE),
        Kind("recognition-certificate", "giay-cong-nhan", "Giấy công nhận Tổ hòa giải 5 tốt", "Certificate of recognition",
             data.RecognitionCertificate, "team", "pdf", CERTIFICATE),
    )
}


def find(name: str) -> Kind:
    """By id, or by the file's name. Raise ``PaperError`` with what could be meant."""
    by_file = {kind.file: kind for kind in KINDS.values()}
    kind = KINDS.get(name) or by_file.get(name)
    if kind is not None:
        return kind
    near = difflib.get_close_matches(name, [*KINDS, *by_file], n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(KINDS)}"
    raise PaperError("kind", f"there is no paper {name!r}{hint}")
