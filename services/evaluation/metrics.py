"""What evaluation tells Prometheus. Labels are bounded: schemes, the newest years, verdicts; no teams."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

FACTS = Counter("namtot_evaluation_facts_total", "Facts taken in by what became of them", ["kind", "outcome"])
BATCH_SIZE = Histogram(
    "namtot_evaluation_batch_messages", "Messages in one transaction", ["queue"],
    buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000),
)
BATCH_SECONDS = Histogram(
    "namtot_evaluation_batch_seconds", "From a batch's reading to the end of its transactions", ["queue"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
MOVED = Counter("namtot_evaluation_moved_facts_total", "Facts placed with another team after the directory changed")
SCORED = Counter("namtot_evaluation_scored_teams_total", "Teams scored, each under every scheme and year that is due")
SCORING_SECONDS = Histogram(
    "namtot_evaluation_scoring_seconds", "From claiming waiting teams to their stored verdicts, until none waits",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
ANNOUNCED = Counter("namtot_evaluation_announced_verdicts_total", "Changed verdicts that the broker confirmed")
TOLD = Counter("namtot_evaluation_announced_total", "Other changed documents that the broker confirmed", ["what"])
RECOGNITION = Gauge(
    "namtot_evaluation_recognition_teams", "Teams by how far recognition has come, of the newest years", ["year", "state"]
)
REFUSED = Gauge("namtot_evaluation_refused_steps", "Steps of procedures on record that have no effect", ["procedure", "year"])
COMMENDATIONS = Gauge("namtot_evaluation_commendations", "Dossiers of commendations by how far they have come", ["state"])
OWED = Gauge("namtot_evaluation_praise_owed", "Results of the newest years that nobody has decided to commend or not", ["unit"])
OWED_DAYS = Gauge("namtot_evaluation_praise_owed_days", "For how many days the longest of them has waited", ["unit"])
PRAISE_DAYS = Gauge(
    "namtot_evaluation_praise_days", "Days from the recognition to the decision to commend, newest years", ["unit", "share"]
)
FROZEN = Counter("namtot_evaluation_frozen_total", "Closings and corrections whose verdicts were frozen")
STUCK = Gauge("namtot_evaluation_stuck_closings", "Communes' years that cannot be closed or corrected: unreadable as stored")
TEAMS = Gauge("namtot_evaluation_teams", "Teams by verdict, of the newest years", ["scheme", "year", "verdict"])
WAITING = Gauge("namtot_evaluation_waiting_teams", "Teams that changed and are not scored yet")
LAG = Gauge("namtot_evaluation_scorer_lag_seconds", "For how long the longest of them has waited")
UNPLACED = Gauge("namtot_evaluation_unplaced_facts", "Cases and activities whose team is not known")
