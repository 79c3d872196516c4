"""Names of people who do not exist, put together from common Vietnamese surnames, middle and given names."""

from __future__ import annotations

import random
import unicodedata

SURNAMES = (
    *("Nguyễn",) * 12, *("Trần",) * 4, *("Lê",) * 4, *("Phạm",) * 3, *("Hoàng",) * 2, *("Vũ",) * 2, *("Đặng",) * 2,
    "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Trịnh", "Mai", "Cao", "Lưu", "Phùng", "Tạ", "Chu", "Kiều",
)
MIDDLES = {
    "female": ("Thị", "Thị", "Thị", "Thị Thanh", "Thị Thu", "Thị Kim", "Thị Bích", "Ngọc", "Thùy", "Minh", "Hồng"),
    "male": ("Văn", "Văn", "Văn", "Đức", "Hữu", "Quang", "Xuân", "Công", "Đình", "Ngọc", "Minh", "Trọng", "Bá", "Duy"),
}
GIVEN = {
    "female": (
        "Lan", "Hoa", "Hương", "Hạnh", "Hiền", "Nga", "Thủy", "Tâm", "Yến", "Liên", "Nhung", "Loan", "Mai", "Oanh", "Phương",
        "Quyên", "Thảo", "Vân", "Xuân", "Bình", "Chi", "Dung", "Hà", "Khuyên", "Lý", "Minh", "Ngân", "Tuyết", "Nguyệt", "Sáu",
    ),
    "male": (
        "Hùng", "Dũng", "Cường", "Tuấn", "Thắng", "Hải", "Sơn", "Long", "Bình", "Minh", "Nam", "Phúc", "Quân", "Quý", "Thành",
        "Tiến", "Toàn", "Trung", "Việt", "Vinh", "An", "Chiến", "Đạt", "Hiệp", "Khánh", "Lâm", "Lợi", "Mạnh", "Nghĩa", "Thọ",
    ),
}


def name(chance: random.Random, sex: str) -> str:
    return f"{chance.choice(SURNAMES)} {chance.choice(MIDDLES[sex])} {chance.choice(GIVEN[sex])}"


def phone(chance: random.Random) -> str:
    """No Vietnamese number begins with 000, so nobody can be called by mistake."""
    return f"000 {chance.randrange(1000):03d} {chance.randrange(10000):04d}"


def plain(text: str) -> str:
    """Without diacritics, in small letters: ``Đỗ Thị Lý`` → ``do thi ly``."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def email(full_name: str, ref: str) -> str:
    return f"{plain(full_name).replace(' ', '.')}.{ref}@example.vn"
