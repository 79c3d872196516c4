"""What intake knows, without broker, database or clock: reading an event, the life of a case, the fold of a record."""
