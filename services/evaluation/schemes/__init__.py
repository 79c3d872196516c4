"""Data only: one file a scheme, its golden examples beside it."""
