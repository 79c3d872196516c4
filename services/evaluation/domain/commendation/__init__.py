"""Commendation (khen thưởng): what was proposed, decided, given, paid and taken back, and who is owed praise. Pure.

    rules       forms, authorities, gates, money, limits: dated and cited values
    world       what is known at a moment            gates     one check for each gate
    fold        a team's steps → its commendations   asking    what a step would come to
    money       the reward                           nexts     what people can do next
    deserving   results that deserve praise          proposing who goes first where places are few
    timing      days from result to decision         titles    words that people read
"""
