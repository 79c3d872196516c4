"""Official papers, filled from data: Word files that a clerk can still edit, and certificates as PDF.

    KINDS, find       what papers there are                                   (``kinds``)
    render            data in, the file's bytes out                           (``render``)
    python -m shared.papers KIND   the same as a process of its own           (``worker``)

The data of each kind is a struct in ``data``; templates see it under plain Vietnamese names (``fields``). Templates are .docx
files in ``templates``, which a commune replaces by own ones in ``NAMTOT_PAPERS_DIR``; ``check`` says what is wrong with one.

Layout: the usual one of NĐ 30/2020/NĐ-CP (national name, motto, number and symbol, place and day, recipients, signature). The
official forms that belong to Hướng dẫn 1269/TP-MTTQ were not found, so the wording is namtot's own and says so; what names the
law comes from the data, never from a template.
"""

from __future__ import annotations

from shared.papers.errors import PaperError
from shared.papers.kinds import KINDS, Kind, find

__all__ = ["KINDS", "Kind", "PaperError", "find"]
