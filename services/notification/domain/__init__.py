"""What is told to whom, without a clock, a network or a database.

    rules        the shape of ``rules.yaml``: texts, deadlines, citations, limits
    assignment   a case's state → what its mediator is told
    lacking      a team's verdict → what the team is told, once per change of what it lacks
    refused      refused events of one source → one digest
    text         mails in Vietnamese, SMS in plain letters that fit one part
    ledger       the key of a delivery, its states, pauses between attempts
    whereabouts  unit, office and contact from the directory's states

Everything here is built from public state: no name, address or word of a party can be in it, because none comes in.
"""
