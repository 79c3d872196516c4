"""What quarrels are about. Plain stories for ``data.private``, so that the vault holds something that has to be kept.

Kinds: Luật 35/2013 Art. 3 and NĐ 15/2014 Art. 5.1: personal conflicts, civil disputes, marriage and family, violations below the
criminal and administrative level.
"""

from __future__ import annotations

import random

KINDS = ("personal", "civil", "family", "minor_violation")
WEIGHTS = (44, 26, 22, 8)

STORIES: dict[str, tuple[str, ...]] = {
    "personal": (
        "Gia đình {a} để xe máy trước cửa nhà {b}, hai bên to tiếng nhiều lần trong ngõ.",
        "{a} phản ánh nhà {b} mở loa karaoke sau 22 giờ, người già trong nhà không ngủ được.",
        "{a} và {b} mâu thuẫn về việc nuôi chó thả rông, không dọn vệ sinh trên lối đi chung.",
        "Nước điều hòa nhà {b} nhỏ sang sân nhà {a}, đã nhắc nhưng chưa khắc phục.",
        "Hai hộ {a} và {b} tranh cãi về chỗ để rác và giờ đổ rác của ngõ.",
        "Nhà {b} đốt vàng mã ở hành lang, khói sang nhà {a}; hai bên xúc phạm nhau.",
    ),
    "civil": (
        "{a} cho {b} vay tiền không có giấy tờ, đến hạn {b} xin khất nhiều lần.",
        "Nhà {b} xây sửa làm nứt tường nhà {a}; hai bên chưa thống nhất mức bồi thường.",
        "{a} và {b} tranh chấp ranh giới lối đi chung rộng chưa đến một mét.",
        "{a} thuê nhà của {b}, trả nhà trước hạn, hai bên không thống nhất việc hoàn tiền cọc.",
        "Anh em {a} và {b} chưa thống nhất việc sử dụng ngôi nhà bố mẹ để lại.",
        "Đường ống thoát nước nhà {a} đi qua đất nhà {b}, {b} yêu cầu di dời.",
    ),
    "family": (
        "Vợ chồng {a} và {b} mâu thuẫn về chi tiêu và việc chăm sóc con nhỏ.",
        "{a} và con dâu {b} bất hòa trong sinh hoạt hằng ngày, đã nhiều lần to tiếng.",
        "Anh chị em {a} và {b} chưa thống nhất việc thay nhau chăm sóc mẹ già.",
        "{a} và {b} sống ly thân, chưa thống nhất việc đưa đón con cuối tuần.",
    ),
    "minor_violation": (
        "{a} và {b} xô xát nhẹ sau khi va chạm xe trong ngõ, không ai bị thương.",
        "{b} làm vỡ chậu cây của {a} trong lúc nóng giận, hai bên đề nghị tổ hòa giải giúp.",
        "Con trai {b} đá bóng làm vỡ kính nhà {a}, hai gia đình lời qua tiếng lại.",
    ),
}

AGREEMENTS = (
    "Hai bên nhận lỗi, bắt tay và cam kết không tái diễn.",
    "Bên sau sửa chữa xong trong mười lăm ngày; bên trước không yêu cầu thêm.",
    "Hai bên thống nhất trả dần trong ba tháng, mỗi tháng một lần, có tổ trưởng chứng kiến.",
    "Hai bên thống nhất giữ nguyên hiện trạng lối đi, không để đồ vật cản trở.",
    "Gia đình thống nhất lịch thay nhau, tổ hòa giải thăm lại sau một tháng.",
)

OUT_OF_SCOPE = (
    "Tranh chấp hợp đồng mua bán giữa hai công ty: hướng dẫn gửi Tòa án nhân dân",
    "Vụ việc có dấu hiệu phải xử lý hành chính: hướng dẫn gửi Công an phường",
)

SITUATIONS = (
    ("construction", "Ngõ có ba nhà cùng xây, vật liệu để lấn lối đi, bà con bắt đầu bức xúc."),
    ("hygiene", "Điểm tập kết rác bị dời đến gần nhà văn hóa, nhiều hộ chưa đồng tình."),
    ("noise", "Quán ăn mới mở bán khuya, các hộ phía sau phản ánh tiếng ồn."),
    ("land", "Đoạn mương cũ được san lấp, hai dãy nhà cùng muốn sử dụng phần đất trống."),
    ("access", "Cổng ngõ đóng sau 22 giờ, người đi làm ca đêm không đồng tình."),
    ("debt", "Có dấu hiệu chơi họ nhiều dây trong tổ, một chủ họ chậm trả."),
    ("family", "Gia đình đông thế hệ mới chuyển về, hàng xóm nghe to tiếng nhiều tối."),
)


def story(chance: random.Random, kind: str, a: str, b: str) -> str:
    return chance.choice(STORIES[kind]).format(a=a, b=b)
