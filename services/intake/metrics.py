"""What intake tells Prometheus. Labels are bounded: types of the contract, four outcomes, queues, statuses. No names."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("namtot_intake_events_total", "Inbound events by short type and outcome", ["type", "outcome"])
DELIVERIES = Counter("namtot_intake_deliveries_total", "Deliveries taken from the inbound queues, first time or again", ["queue"])
BATCH_SIZE = Histogram(
    "namtot_intake_batch_events", "Messages in one transaction", ["queue"], buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
)
BATCH_SECONDS = Histogram(
    "namtot_intake_batch_seconds", "From the first message's reading to the last event's confirmation", ["queue"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
WAIT_SECONDS = Histogram(
    "namtot_intake_wait_seconds", "From a message's publication, where its sender stamped it, to its commit",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800),
)
PARKED = Gauge("namtot_intake_parked_entries", "Log entries that wait for what they refer to")
REFUSED_OPEN = Gauge("namtot_intake_refused_open", "Refused bodies that nobody has dealt with")
OUTBOX_DOCUMENTS = Gauge("namtot_intake_outbox_documents", "Batches whose events the broker has not confirmed")
OUTBOX_AGE = Gauge("namtot_intake_outbox_oldest_seconds", "Age of the oldest of them")
CASES = Gauge("namtot_intake_cases", "Cases by present status", ["status"])
QUEUED = Gauge("namtot_intake_queue_messages", "Messages ready in an inbound queue", ["queue"])
BALANCED = Gauge("namtot_intake_balanced", "1 while received = applied + duplicate + refused")
LEFTOVERS = Counter("namtot_intake_outbox_leftovers_total", "Outbox documents of crashed batches that were published later")
