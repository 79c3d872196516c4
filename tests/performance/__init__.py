"""How fast namtot is, beside its peers on the same broker and database: ``python -m tests.performance`` (``make bench``)."""
