"""What a team goes through by law beside its members' coming and going: reviews, candidates, votes, the chair's decisions,
classes.

    votes       what a vote came to
    deciding    a decision beside the votes on record
    state       the course as it is kept and shown
    folding     acts → course, and the mediators that decisions made
    reading     the course as lists for people: votes, candidates, what is to be done next
"""

from __future__ import annotations

from services.directory.domain.course.deciding import decide, stood
from services.directory.domain.course.folding import course_of, told
from services.directory.domain.course.state import Course, Decision, Remark

__all__ = ["Course", "Decision", "Remark", "course_of", "decide", "stood", "told"]
