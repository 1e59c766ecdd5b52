"""The printed words of the mayor's order sheet."""

from datetime import date

from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import day_of_year

TITLE = "دستور ملاقات مردمی"
DATE, NUMBER = "تاریخ", "شماره"
UNIT, DUE = "واحد مسئول", "مهلت"
LOG = "دفتر عمومی"
CHECK = ("این برگه اصل است؟", "با این نشان ببینید.")

_OFFICE = {Role.MAYOR: "شهردار منطقهٔ {district}", Role.DEPUTY: "جانشین شهردار منطقهٔ {district}"}


def head(district: int) -> str:
    """«شهرداری منطقهٔ ۶»."""
    return f"شهرداری منطقهٔ {persian(district)}"


def office_of(role: Role, district: int) -> str:
    """Under the signer's name."""
    return _OFFICE[role].format(district=persian(district))


def print_title(stem: str) -> str:
    """The name of the page, as a printer's list shows it."""
    return f"{TITLE} {persian(stem)}"


def until(day: date, issued_on: date) -> str:
    """A unit's own last day, beside its name."""
    return f"تا {day_of_year(day, issued_on)}"


def and_more(count: int) -> str:
    """Units for which there is no line left."""
    return f"و {persian(count)} واحد دیگر"
