"""What a verdict is, without broker, database or clock.

    facts       what happened, of one team: cases and activity           (``facts``, ``reading``, ``casework``)
    rules       a scheme's dated values, and what they are in a year      (``rules``, ``values``, ``places``)
    variants    a scheme as a difference over another one                 (``variant``)
    measures    one criterion each: facts + values → finding              (``measures``)
    points      tables that give points, the other kind of scheme         (``points``)
    life        teams that began, moved or merged within the window       (``life``)
    judgement   all criteria of a year → verdict and explanation          (``judge``, ``tree``)
    closing     a commune's year: its choice, its closing, the roll-up    (``closing``)
"""
