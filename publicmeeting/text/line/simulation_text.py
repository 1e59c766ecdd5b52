"""The picture of three rules: how long people would wait, and what a broker could sell."""

from publicmeeting.kit.digits import grouped, persian
from publicmeeting.turns.simulation import Rule

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


def waits(half: int, most: int, worst: int) -> tuple[str, str]:
    """One rule in two short lines, in weeks."""
    return (
        f"نیمی {_until(half)}، ۹۹ نفر از ۱۰۰ {_until(most)}",
        f"طولانی‌ترین {_weeks(worst)}",
    )


def broker(percent: int) -> str:
    """What somebody gains who files for clients in the opening second."""
    if not percent:
        return "دلال چیزی برای فروختن ندارد"
    return f"دلال می‌تواند {persian(percent)}٪ نوبت‌ها را بفروشد"


def basis(weeks: int, demand: int, seats: int, runs: int, requests: int) -> tuple[str, str]:
    """What was simulated, how often, and how many people the figures are of, in two lines."""
    return (
        f"هفته‌ای حدود {persian(demand)} درخواست برای {persian(seats)} نوبت، {persian(weeks)} هفته",
        f"این {persian(runs)} بار تکرار شد: روی هم {grouped(requests)} درخواست",
    )


def _until(weeks: int) -> str:
    return f"تا {_weeks(weeks)}" if weeks else _weeks(weeks)


def _weeks(weeks: int) -> str:
    return f"{persian(weeks)} هفته" if weeks else "همان هفته"
