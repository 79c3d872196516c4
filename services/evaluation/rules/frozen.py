"""A scheme as a closing keeps it: the text of the file, and what the commune changed; read back as any scheme is."""

from __future__ import annotations

from pathlib import Path

from services.evaluation.domain.closing.choosing import Choice
from services.evaluation.domain.closing.sealing import SealedScheme
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.variant import vary
from services.evaluation.rules.loader import SCHEMES, scheme_of


def seal_scheme(base: Scheme, choice: Choice | None) -> SealedScheme:
    """``choice``: None where the installation's default holds."""
    data = {} if choice is None else choice.step.data
    return SealedScheme(
        id=base.id if choice is None else choice.scheme.id, base=base.id,
        digest=base.digest if choice is None else choice.scheme.digest,
        text=(SCHEMES / f"{base.id}.yaml").read_text(encoding="utf-8"),
        changes=list(data.get("changes", ())), additions=list(data.get("additions", ())), number=data.get("number"),
        chosen_on=None if choice is None else choice.step.on.isoformat(),
    )


def read_sealed(sealed: SealedScheme) -> Scheme:
    """Raise ``RulesError`` or ``ValueError`` where this release does not understand it any more."""
    base = scheme_of(sealed.text, Path(f"{sealed.base}.yaml"))
    return vary(base, sealed.changes, sealed.additions) if sealed.changes or sealed.additions else base
