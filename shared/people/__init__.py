"""Who may work in the console: people, their roles with unit or team and days, and what each role is for.

    roles       the roles, and which of them may read a case's private parts (pure)
    file        the YAML of a commune that has no identity provider; passwords as Argon2id hashes
"""

from __future__ import annotations

from shared.people.roles import PRIVATE_OF_TEAM, PRIVATE_OF_UNIT, ROLES, Held, reads_private

__all__ = ["PRIVATE_OF_TEAM", "PRIVATE_OF_UNIT", "ROLES", "Held", "reads_private"]
