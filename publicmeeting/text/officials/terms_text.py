"""A role with its place and its days in words, wherever an official's roles are read."""

from datetime import date

from publicmeeting.domain.roles import Role, Term
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.lifecycle.roles_text import ROLE

_IN_DISTRICT, _IN_UNIT = "{role} منطقهٔ {district}", "واحد {unit}، منطقهٔ {district}"
_FROM, _UNTIL, _ONE_DAY = "از {day}", "تا پایان {day}", "فقط {day}"
_ALWAYS, _OVER = "بی روز پایان", "تمام شد: {day}"


def role_words(role: Role, district: int, unit: str = "") -> str:
    """«میز خدمت منطقهٔ ۶», «واحد فنی و عمران، منطقهٔ ۶», «ناظر شهر»."""
    if unit:
        return _IN_UNIT.format(unit=unit, district=persian(district))
    if not district:
        return ROLE[role]
    return _IN_DISTRICT.format(role=ROLE[role], district=persian(district))


def days_words(term: Term, today: date) -> str:
    """«از شنبه ۱ آذر ۱۴۰۵ تا پایان …»; «بی روز پایان» where nothing limits it."""
    first, last = term.from_on, term.until_on
    if last is not None and last < today:
        return _OVER.format(day=day_words(last))
    if first is not None and first == last:
        return _ONE_DAY.format(day=day_words(first))
    parts = [_FROM.format(day=day_words(first))] if first and first > today else []
    parts += [_UNTIL.format(day=day_words(last))] if last else []
    return "، ".join(parts) or _ALWAYS
