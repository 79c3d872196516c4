"""Rules as data: reading them strictly, looking through them, comparing them, and their golden examples.

    shipped()              every scheme of this release, by id
    load_scheme(path)      one file; raises RulesError with file, line and remedy
    rules_digest()         changes when any rule, measure or holiday calendar changes
"""

from __future__ import annotations

from services.evaluation.rules.loader import load_scheme, rules_digest, shipped
from shared.rulebooks import RulesError

__all__ = ["RulesError", "load_scheme", "rules_digest", "shipped"]
