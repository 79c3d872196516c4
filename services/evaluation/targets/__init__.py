"""A city's targets and the rule by which a commune does mediation well, as data (``services.evaluation.rules.targets``)."""
