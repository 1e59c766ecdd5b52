"""The checklist of visitors' needs, which the reception ticks off, and the needs as badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.needs_text import ACCESS_NEED, PREPARE
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import tile
from publicmeeting.ui.design.flow import any_of, each, pick, shown
from publicmeeting.ui.design.icons import NEED_SIGN
from publicmeeting.ui.design.models import Badge, Tile
from publicmeeting.ui.design.sheets import badge
from publicmeeting.usecases.meetings.coming.preparing import Preparation

_NEED = {str(need): need for need in AccessNeed}


def need_badges(needs: Sequence[str]) -> list[Badge]:
    known = [_NEED[need] for need in needs if need in _NEED]
    return [Badge(ACCESS_NEED[need], "glaze", NEED_SIGN[need]) for need in known]


@dataclass(frozen=True)
class PrepareRow:
    """One need of one visitor; `ready` says who prepared it and when."""

    code: str
    need: str
    tile: Tile
    time: str
    badge: Badge
    what: str
    ready: str = ""


def prepare_rows(found: Sequence[Preparation]) -> tuple[PrepareRow, ...]:
    return tuple(_row(preparation) for preparation in found)


def _row(preparation: Preparation) -> PrepareRow:
    ready = preparation.at is not None
    return PrepareRow(
        code=preparation.code,
        need=preparation.need.value,
        tile=Tile("glazed" if ready else "plain", persian(preparation.number)),
        time=dates_text.clock(preparation.time),
        badge=need_badges([preparation.need])[0],
        what=PREPARE[preparation.need],
        ready=reception_text.READY.format(name=preparation.by, at=dates_text.moment(preparation.at))
        if preparation.at
        else "",
    )


def progress(found: Sequence[Preparation], *, today: bool) -> str:
    """Return how many needs are prepared; "" on the day itself if all are."""
    ready = sum(preparation.at is not None for preparation in found)
    if not found or (today and ready == len(found)):
        return ""
    return reception_text.PREPARE_PROGRESS.format(ready=persian(ready), all=persian(len(found)))


def _of(word: str, row: PrepareRow) -> str:
    """Add visitor and need to a button's label: a screen reader reads buttons without their
    line."""
    return f"{word}{reception_text.OF_NUMBER}{row.tile.text}، {row.what}"


def checklist(
    rows: Sequence[PrepareRow],
    progress: str,
    tick: Any,
    take_back: Any,
    *,
    is_open: bool | rx.Var[bool] = True,
) -> rx.Component:
    """The checklist; nothing while `progress` is empty. Folded on the day itself.

    Both events are idempotent: each carries the wanted result.
    """

    def line(row: PrepareRow) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                tile(row.tile, "!size-9"),
                rx.el.div(
                    rx.el.p(
                        rx.el.span(row.time, class_name="font-semibold"),
                        badge(row.badge),
                        class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                    ),
                    rx.el.p(row.what),
                    shown(row.ready, rx.el.p(row.ready, class_name="row-meta")),
                    class_name="min-w-0 flex-1 basis-60",
                ),
                pick(
                    row.ready,
                    button(
                        reception_text.TAKE_BACK,
                        kind="quiet",
                        size="sm",
                        aria_label=_of(reception_text.TAKE_BACK, row),
                        on_click=take_back(row.code, row.need) if take_back else None,
                    ),
                    button(
                        reception_text.PREPARE_TICK,
                        kind="secondary",
                        size="sm",
                        sign="check",
                        aria_label=_of(reception_text.PREPARE_TICK, row),
                        on_click=tick(row.code, row.need) if tick else None,
                    ),
                ),
                class_name="row row-static flex-wrap",
            ),
            key=row.code + row.need,
        )

    return shown(
        any_of(rows) & rx.Var.create(progress).bool(),
        rx.el.details(
            rx.el.summary(
                rx.el.h3(reception_text.PREPARE_TITLE, class_name="inline text-h3"),
                rx.el.span(progress, class_name="ms-3 text-meta text-ink2"),
                class_name="disclosure",
            ),
            rx.el.ul(each(rows, line), class_name="rows"),
            open=is_open,
            class_name="mt-3",
        ),
    )
