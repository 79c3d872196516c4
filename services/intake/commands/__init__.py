"""Commands of intake, found by ``shared.commands`` by name at run time."""
