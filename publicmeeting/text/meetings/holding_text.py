"""Who holds a Monday: the mayor's own word about it."""

from publicmeeting.domain.roles import Role

TITLE = "{day} را چه کسی برگزار می‌کند؟"
_ME = "خودم"
_DEPUTY = "جانشین"
WHY = "فقط کسی که اینجا نوشته شده می‌تواند آن روز دستور بدهد. مردم می‌بینند شهردار پذیرفت یا جانشین."
SEND = "ثبت"
DONE = "ثبت شد: {who}"


def who(role: Role, name: str) -> str:
    """The mayor is asked: she is «خودم». A deputy called after the office is named once."""
    if role is Role.MAYOR:
        return _ME
    return name if _DEPUTY in name else f"{_DEPUTY}: {name}"
