"""Mediators (hòa giải viên): a record of each one's year. Pure. References only, never names; no order by performance."""
