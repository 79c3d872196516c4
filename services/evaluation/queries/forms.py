"""What can be picked when a commendation is entered: the forms that the rules know."""

from __future__ import annotations

import datetime as dt

from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.store import Document


def forms(today: dt.date) -> list[Document]:
    """Every form with who decides it: a past year's commendation may still be entered, so those that ended (``until``) are there.
    ``authority``: today's, or the last there was."""
    listed = sorted(commendation_rules().forms.values(), key=lambda form: (form.until is not None, form.rank, form.id))
    return [
        {
            "id": form.id, "title": {"vi": form.title.vi, "en": form.title.en}, "mark": form.mark,
            "until": None if form.until is None else form.until.isoformat(),
            "authority": None if (cited := form.authority.find(today)) is None else str(cited.value),
        }
        for form in listed
    ]
