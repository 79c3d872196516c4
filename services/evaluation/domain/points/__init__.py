"""Schemes that give points: a table of criteria, each of indicators, each of which makes points of named quantities.

    table       what a file declares                                          (``table``)
    quantities  what is known: counted, recorded, given by the council        (``quantities``, ``team``)
    rules       quantities + values → a range of points, and why              (``rules``, ``bands``, ``asked``)
    judgement   criteria, total, vetoes → verdict and explanation             (``judge``)

What is not known gives a range from the fewest to the most points, and a verdict only where the whole range agrees on it.
Official tables print bands of whole per cents, which leave gaps (79.5%); here a band begins at its lower bound and ends
before the next one's, on exact ratios.
"""
