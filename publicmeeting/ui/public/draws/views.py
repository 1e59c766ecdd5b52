"""From the list of Mondays to its rows."""

from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import day_words, iso
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.ui.design.models import Badge, Row
from publicmeeting.usecases.public_record.ceremony import MondaySummary, Phase

_LOOK = {
    Phase.OPEN: Badge(ceremony_text.NOW[Phase.OPEN]),
    Phase.FROZEN: Badge(ceremony_text.NOW[Phase.FROZEN], "glaze", "lock"),
    Phase.REVEALING: Badge(ceremony_text.NOW[Phase.REVEALING], "saffron", "eye"),
    Phase.DRAWING: Badge(ceremony_text.NOW[Phase.DRAWING], "saffron", "dice"),
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
    given = ceremony_text.ROW_DRAWN.format(
        seated=grouped(one.seated), requests=grouped(one.requests), count=persian(one.districts)
    )
    if not one.witnesses:
        return f"{given}. {ceremony_text.ONLY_CITY}"
    return f"{given}، {ceremony_text.ROW_WITNESSES.format(count=persian(one.witnesses))}"
