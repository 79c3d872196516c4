"""Why an event is refused.

    Refusal
      code    one of the words in ``CODES``; stable, for programs
      field   the attribute or data field at fault, as a path: ``data.unit``; "" when the whole body is
      reason  one English sentence for the sender
      people  one Vietnamese sentence for the console

A refusal never carries a value from ``data.private``.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    "unreadable": "Không đọc được nội dung",
    "content_type": "Kiểu nội dung không được hỗ trợ",
    "too_large": "Nội dung vượt quá kích thước cho phép",
    "envelope": "Thiếu hoặc sai thuộc tính của phong bì CloudEvents",
    "unknown_type": "Loại sự kiện không có trong hợp đồng",
    "data": "Trường dữ liệu thiếu hoặc sai",
    "future": "Thời gian ở tương lai",
    "id_reused": "Mã sự kiện đã dùng cho nội dung khác",
    "not_allowed": "Nguồn không có quyền gửi loại sự kiện này",
    "version_conflict": "Hồ sơ đã thay đổi so với bản người gửi đang xem",
    "crashed": "Thông điệp làm hỏng tiến trình xử lý nhiều lần",
}


class Refusal(Exception):
    """An event that cannot be taken in. Deterministic: the same bytes are refused for the same reason."""

    def __init__(self, code: str, field: str, reason: str) -> None:
        if code not in CODES:
            raise ValueError(f"unknown refusal code {code!r}")
        super().__init__(f"{field}: {reason}" if field else reason)
        self.code = code
        self.field = field
        self.reason = reason

    @property
    def people(self) -> str:
        where = f" ({self.field})" if self.field else ""
        return f"{CODES[self.code]}{where}"
