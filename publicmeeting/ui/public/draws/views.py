"""From the list of Mondays to its rows."""

from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import day_words, iso
from publicmeeting.text import ceremony as words
from publicmeeting.ui.design.models import Badge, Row
from publicmeeting.usecases.ceremony import MondaySummary, Phase

_LOOK = {
    Phase.OPEN: Badge(words.NOW[Phase.OPEN]),
    Phase.FROZEN: Badge(words.NOW[Phase.FROZEN], "glaze", "lock"),
    Phase.REVEALING: Badge(words.NOW[Phase.REVEALING], "saffron", "eye"),
    Phase.DRAWING: Badge(words.NOW[Phase.DRAWING], "saffron", "dice"),
    Phase.DRAWN: Badge(),
}


def draw_rows(seen: tuple[MondaySummary, ...]) -> list[Row]:
    return [_row(one) for one in seen]


def _row(one: MondaySummary) -> Row:
    return Row(
        title=day_words(one.monday),
        meta=_meta(one),
        href=f"/ceremony/?monday={iso(one.monday)}",
        badge=_LOOK[one.phase],
    )


def _meta(one: MondaySummary) -> str:
    if one.phase is not Phase.DRAWN:
        return ""
    given = words.ROW_DRAWN.format(
        seated=grouped(one.seated), requests=grouped(one.requests), count=persian(one.districts)
    )
    if not one.witnesses:
        return f"{given}. {words.ONLY_CITY}"
    return f"{given}، {words.ROW_WITNESSES.format(count=persian(one.witnesses))}"
