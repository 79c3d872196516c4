"""What a verdict is, without broker, database or clock.

    facts       what happened, of one team: cases and activity           (``facts``, ``reading``, ``casework``)
    rules       a scheme's dated values, and what they are in a year      (``rules``)
    measures    one criterion each: facts + values → finding              (``measures``)
    judgement   all criteria of a year → verdict and explanation          (``judge``, ``tree``)
"""
