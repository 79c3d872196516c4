"""What notification tells Prometheus. Labels are bounded: rules, channels, outcomes, kinds of event. No names, no addresses."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

DELIVERIES = Counter(
    "namtot_notification_deliveries_total",
    "Attempts by what became of them: sent, turned_away, failed, dropped, postponed, lost_lease", ["rule", "channel", "outcome"],
)
ADDED = Counter("namtot_notification_added_total", "Deliveries that were added to the ledger")
HEARD = Counter("namtot_notification_events_total", "Events taken from a queue: read, or unread and kept", ["queue", "outcome"])
PENDING = Gauge("namtot_notification_pending_deliveries", "Deliveries that are neither sent nor given up")
PENDING_AGE = Gauge("namtot_notification_pending_oldest_seconds", "Age of the oldest of them")
