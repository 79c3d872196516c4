"""An error's text without the data that it may quote: for logs, which must not name anybody."""

from __future__ import annotations

import re

LONGEST = 300
QUOTING = (ValueError, LookupError, AssertionError)
"""These say in their texts which value or key was wrong."""
_QUOTED = re.compile(r"'[^']*(?:'|\Z)|\"[^\"]*(?:\"|\Z)|`[^`]*(?:`|\Z)", re.DOTALL)


def message_of(error: BaseException) -> str:
    """At most ``LONGEST`` characters and a mark. Database errors can hold whole documents: only their code is told."""
    module = type(error).__module__
    if module.startswith(("pymongo.", "bson.")):
        return f"code {getattr(error, 'code', None)}"
    text = str(error)
    if isinstance(error, QUOTING) or module.startswith("msgspec"):
        text = _QUOTED.sub("'…'", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
