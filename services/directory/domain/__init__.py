"""The directory as a pure function of the set of its entries: no clock, no network, no database.

    facts        an entry of a record, taken apart into facts about one unit, group, team or name each
    units        unit facts → units, each over one extent
    groups       group facts of a unit → its residential groups, dated
    teams        team facts → teams with places, members and names; which names must be confirmed
      matching     which team a fact means
      life         one team's life, from its facts in order
      codes        which code a team bears, once and for ever
      course       what it goes through by law: reviews, candidates, votes, the chair's decisions, classes
    law          the law's numbers about teams and mediators, dated YAML
    standing     whether teams are as the law wants them on a day, groups without a team, mediators in two teams
    training     classes of a year, and who still has to be trained
    onday        who a team is on a day
    suggest      teams that an unknown name may mean

Facts are folded in order of (day, kind, time of writing, entry), whatever the order in which they came.
"""
