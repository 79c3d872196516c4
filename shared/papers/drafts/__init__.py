"""The Word templates that ship with namtot, as text: ``python -m shared.papers.drafts`` writes them to ``templates``.

A commune does not need this: it edits the .docx in Word. It is here so that the shipped ones look alike and their changes can be
read. A test holds that the folder is what this makes.
"""

from __future__ import annotations

from collections.abc import Callable

from shared.papers.drafts import commendation, payments, recognition
from shared.papers.drafts.layout import Draft

DRAFTS: dict[str, Callable[[Draft], None]] = {**recognition.DRAFTS, **commendation.DRAFTS, **payments.DRAFTS}
"""Id of a kind → what writes its template."""
