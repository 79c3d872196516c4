"""The audit trail: who read, exported, erased or rotated what, and why; a chain of hashes that shows whether it was touched.

    chain       canonical bytes, links, verification (pure)
    trail       MongoDB: entries appended durably, sealed into the chain by one leased writer
"""

from __future__ import annotations

from shared.audit.chain import GENESIS, Finding, Verifier, link
from shared.audit.trail import Trail

__all__ = ["GENESIS", "Finding", "Trail", "Verifier", "link"]
