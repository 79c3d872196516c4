"""What the directory tells Prometheus. Labels are bounded; no names."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter("namtot_directory_records_total", "Changed records by what became of them", ["outcome"])
BATCH_SIZE = Histogram(
    "namtot_directory_batch_records", "Records in one transaction", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
)
BATCH_SECONDS = Histogram(
    "namtot_directory_batch_seconds", "From a batch's reading to the last confirmation of what it changed",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
ANNOUNCED = Counter("namtot_directory_announced_total", "Changes of units, teams and names that the broker confirmed")
DUE = Gauge("namtot_directory_due_changes", "Changes that the broker has not confirmed")
DUE_AGE = Gauge("namtot_directory_due_oldest_seconds", "Age of the oldest of them")
UNITS = Gauge("namtot_directory_units", "Commune-level units today")
GROUPS = Gauge("namtot_directory_groups", "Residential groups today")
TEAMS = Gauge("namtot_directory_teams", "Mediation teams today")
MEDIATORS = Gauge("namtot_directory_mediators", "Mediators today, each once")
LACKING = Gauge(
    "namtot_directory_lacking", "Teams that lack what the law asks for today, and groups without a team, by what", ["what"]
)
DOUBLES = Gauge("namtot_directory_mediators_in_several_teams", "Mediators of more than one team today, by reference")
NAMES = Gauge("namtot_directory_names_to_confirm", "Names of teams that wait for an officer")
