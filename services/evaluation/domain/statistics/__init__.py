"""Statistics of a period: which cases each number counts, settled rates by every declared reading, identities between columns.

    figures, by_unit     a number is the length of a list of case ids       (``counting``)
    corrections          locked figures beside the present ones            (``corrections``)
    Told, Frozen, Lock   a month's submissions and locks              (``locks``)
    odd                  figures that look wrong                       (``oddities``)
    readings, explained  one rate, by denominator and rounding              (``readings``)
    Identity, broken     what must hold between columns                     (``identities``)
    Form, Book, Period   forms, the log book's layout, periods; filled      (``forms``)
"""
