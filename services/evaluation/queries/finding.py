"""Whom a question means. Names come as people write them."""

from __future__ import annotations

from collections.abc import Mapping

from services.evaluation.domain.rules import Scheme
from services.evaluation.store import Db
from services.evaluation.store.replica import Replica
from shared.naming import fold_name, read_code


class UnknownScheme(LookupError):
    """No scheme of that id is shipped with this release."""


class UnknownTeam(LookupError):
    """No team of that code or name is known; or several bear the name."""


def find_scheme(schemes: Mapping[str, Scheme], scheme: str) -> Scheme:
    """Of a commune's variant (``<base>+<digest>``) the base, whose window it shares. Raise ``UnknownScheme`` with those that
    there are."""
    found = schemes.get(scheme.partition("+")[0])
    if found is None:
        raise UnknownScheme(f"there is no scheme {scheme!r}; there are: {', '.join(sorted(schemes))}")
    return found


def find_team(db: Db, replica: Replica, team: str) -> str:
    """The code. Raise ``UnknownTeam`` with what could be meant."""
    replica.refresh(db)
    code = read_code(team) or team
    if replica.index.get(code) is not None:
        return code
    wanted = fold_name(team)
    named = [t for t in replica.index if wanted and wanted in {fold_name(t.name), *(fold_name(n) for _, n in t.names)}]
    if len(named) == 1:
        return named[0].code
    if named:
        listed = ", ".join(f"{t.code} ({t.name})" for t in sorted(named, key=lambda t: t.code)[:5])
        raise UnknownTeam(f"{len(named)} teams are called {team!r}: {listed}; ask by code")
    raise UnknownTeam(f"no team is called {team!r}; `namtot teams` lists codes and names")
