"""What the gateway tells Prometheus. Every label comes from a closed set: route templates, known methods, words of the code."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("namtot_gateway_http_requests_total", "HTTP requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "namtot_gateway_http_request_duration_seconds", "Time to answer an HTTP request", ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
EVENTS = Counter("namtot_gateway_events_total", "Events that came to the HTTP door, by what became of them", ["outcome"])
FORMS = Counter(
    "namtot_gateway_forms_total",
    "Forms that people sent, by event type and what became of them; `barred` is what the law forbids, and was not sent",
    ["type", "outcome"],
)
CALLS = Counter("namtot_gateway_rpc_calls_total", "Questions put to other services", ["service", "method", "outcome"])
CALL_SECONDS = Histogram(
    "namtot_gateway_rpc_call_duration_seconds", "Time until another service answered", ["service", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
BROKER_CONNECTED = Gauge("namtot_gateway_broker_connected", "1 while the gateway is connected to the broker")
SIGN_INS = Counter("namtot_gateway_sign_ins_total", "Tries to sign in, by way and outcome", ["way", "outcome"])
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
