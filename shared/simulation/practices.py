"""What good teams do that others could do too ("nhân rộng"): ways of working, never a person or a case."""

from __future__ import annotations

import datetime as dt

from shared.calendar import next_working_day
from shared.simulation.desk import Desk
from shared.simulation.roster import Team
from shared.simulation.times import day_between

PRACTICES = (
    (
        "Gặp riêng từng bên trước buổi hòa giải",
        "Hai hòa giải viên gặp riêng từng bên để nghe hết ý kiến, ghi lại điểm chung, rồi mới mời các bên cùng ngồi lại.",
    ),
    (
        "Sổ tay mâu thuẫn của từng ngõ",
        "Mỗi hòa giải viên phụ trách một ngõ, mỗi tuần ghi điều bà con còn vướng mắc; tổ họp nhanh chiều thứ sáu để phân công.",
    ),
    (
        "Mời người có uy tín cùng tham gia",
        "Tổ có danh sách người cao tuổi, cựu giáo chức, cán bộ hội sẵn lòng tham gia; mời đúng người hiểu việc ngay từ buổi đầu.",
    ),
    (
        "Thăm lại sau một tháng",
        "Sau khi hòa giải thành, hòa giải viên thăm lại hai gia đình sau một tháng và ghi kết quả thực hiện thỏa thuận vào sổ.",
    ),
    (
        "Học luật bằng tình huống",
        "Mỗi buổi sinh hoạt tổ dùng một tình huống giả định, chia hai nhóm đóng vai các bên, sau đó cùng đối chiếu quy định.",
    ),
)


def write(desk: Desk, recognised: list[Team]) -> None:
    """A ward that spreads good ways notes one of the recognised team that settled most."""
    number = desk.ward.practice
    if number is None or not recognised:
        return
    chance = desk.plan.rng("practices", desk.plan.year, desk.unit.code)
    team = max(recognised, key=lambda team: (team.settled, -team.index))
    title, practice = PRACTICES[number]
    on = next_working_day(day_between(chance, dt.date(desk.plan.year, 12, 16), dt.date(desk.plan.year, 12, 27)))
    desk.file(
        chance, "practice.noted", desk.process("practice", team.index + 1), on,
        {"team": team.name, "title": title, "practice": practice},
    )
