"""What can go wrong with a paper, as one sentence."""

from __future__ import annotations

from typing import Literal


class PaperError(ValueError):
    """``what`` is to be mended: the kind asked for, the data, the template, or the limits that the rendering broke."""

    def __init__(self, what: Literal["kind", "data", "template", "limit"], reason: str) -> None:
        super().__init__(reason)
        self.what = what
        self.reason = reason
