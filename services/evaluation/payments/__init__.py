"""Terms of payment and what communes pay, as data (``services.evaluation.rules.payments``)."""
