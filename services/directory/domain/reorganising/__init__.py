"""Reorganising by a plan: a dated file that says which units end and begin, which residential groups go where, which split and
merge, which teams move.

    plan         the file, read strictly
    expanding    the plan over what the directory knows → events of the contract
    preview      what these events would change: every team that moves, every group whose name meets another's

Nothing here is applied: the events go to intake like any other, and are taken back by ``record.withdrawn``.
"""
