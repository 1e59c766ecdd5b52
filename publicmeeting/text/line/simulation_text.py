"""The picture of three rules: how long people would wait, and what a broker could hold."""

from publicmeeting.kit.digits import grouped, persian
from publicmeeting.turns.simulation import DISTRICTS, Rule, Size, Waits, Within

TITLE = "با کدام قاعده چقدر منتظر می‌مانید؟"
RULE: dict[Rule, str] = {
    Rule.FCFS: "هر که زودتر ثبت کند",
    Rule.LOTTERY: "فقط قرعه",
    Rule.LINE: "اول هفته‌های انتظار، بعد قرعه",
}
OURS = "روش این سامانه"
HALF = "نیمی از مردم"
NINETY = "۹۰ نفر از ۱۰۰"
MOST = "۹۹ نفر از ۱۰۰"


def waits(half: Within, most: Within) -> str:
    """Of everybody who filed, those who still wait included."""
    return f"نیمی {_until(half)}، ۹۹ نفر از ۱۰۰ {_until(most)}"


def longest(weeks: int, *, is_waiting: bool) -> str:
    """The worst wait, and whether it goes on."""
    return f"طولانی‌ترین {_weeks(weeks)}{'، هنوز منتظر' if is_waiting else ''}"


def hired(persons: int, percent: int) -> str:
    """What a broker holds who pays people to file and to come."""
    return f"دلال با هفته‌ای {persian(persons)} مزدبگیر: {persian(percent)}٪ نوبت‌ها"


def clicks(percent: int) -> str:
    """What a broker gains who files for clients in the opening second."""
    if not percent:
        return "زودتر کلیک کردن فرقی ندارد"
    return f"با کلیک زودتر: {persian(percent)}٪ نوبت‌ها"


def basis(weeks: int, size: Size, waits: Waits) -> tuple[str, str, str]:
    """What was simulated, how often, and how many people the figures are of, in three lines."""
    demand, seats, runs = persian(size.demand), persian(size.seats), persian(DISTRICTS)
    still = grouped(len(waits.waiting))
    return (
        f"حدود {demand} درخواست و {seats} نوبت در هر هفته",
        f"{persian(weeks)} هفته، {runs} بار: روی هم {grouped(waits.requests)} درخواست",
        f"{still} نفر که در پایان منتظرند، شمرده شده‌اند",
    )


def _until(within: Within) -> str:
    if within.is_least:
        return f"تا {_weeks(within.weeks)} یا بیشتر"
    return f"تا {_weeks(within.weeks)}" if within.weeks else _weeks(within.weeks)


def _weeks(weeks: int) -> str:
    return f"{persian(weeks)} هفته" if weeks else "همان هفته"
