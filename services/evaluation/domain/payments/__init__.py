"""Payments to teams (procedure 2.002080; maxima of TT 56/2023/TT-BTC): a claim and what became of it, what may be asked for.

    rules      terms, maxima and a commune's own rates, each dated
    gates      what bars a decision
    fold       claims as a function of the set of their entries
    proposing  ended cases, and months, without a request
"""
