from __future__ import annotations

from shared.papers.drafts import DRAFTS
from shared.papers.drafts.layout import Draft
from shared.papers.kinds import find
from shared.papers.templates import SHIPPED

for id, write in DRAFTS.items():
    kind = find(id)
    draft = Draft(kind.title)
    write(draft)
    (SHIPPED / kind.template).write_bytes(draft.written())
