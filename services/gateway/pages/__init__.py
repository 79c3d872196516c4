"""The pages for people: wards and league table, one unit, one team with its explanation, the flow, what was refused."""

from __future__ import annotations

from services.gateway.pages.router import Pages

__all__ = ["Pages"]
