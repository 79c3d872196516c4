"""Forms of reports as data (``services.evaluation.rules.reports``)."""
