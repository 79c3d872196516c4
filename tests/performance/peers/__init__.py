"""What namtot is measured against: the same work per message on plain nameko and on FastStream, and the ceiling."""
