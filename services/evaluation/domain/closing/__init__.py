"""A commune's year: which criteria it picked, when it closed the year, what stood then, and what the year comes to.

    choosing    which choice of criteria counts, which has no effect and why      (``choosing``)
    ending      when a year is closed, and by what                                (``ending``)
    sealing     a closed verdict as a document whose hash covers every byte       (``sealing``, ``canonical``)
    comparing   a closed verdict beside what the same rules say of today's facts  (``comparing``)
    rollup      from teams to the commune, from communes to the city's targets    (``rollup``)
    sheet       the ward's figures for the yearly emulation rating                (``sheet``)

A year once closed is never judged anew by itself: what comes later changes the live verdict only, and a recorded correction adds
a revision beside the earlier ones.
"""
