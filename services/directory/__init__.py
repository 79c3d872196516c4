"""Units, residential groups, teams and their codes, mediators: who is where, and since when."""
