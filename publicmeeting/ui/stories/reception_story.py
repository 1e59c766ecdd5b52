"""Stories of a Monday: the reception's list, the screen of the hall, and tables."""

import reflex as rx

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.lifecycle.needs_text import PREPARE
from publicmeeting.text.meetings import reception_text
from publicmeeting.text.orders import promises_text
from publicmeeting.ui.city.promises.state import figures_view
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.figures import data_table
from publicmeeting.ui.design.frames import page_title
from publicmeeting.ui.design.models import Badge, Tile
from publicmeeting.ui.design.sheets import rows_of, sheet
from publicmeeting.ui.shell.steps.views import StepButton
from publicmeeting.ui.staff.monday.lines import Undo, visitor_lines
from publicmeeting.ui.staff.monday.preparing import PrepareRow, checklist, need_badges
from publicmeeting.ui.staff.monday.views import VisitorRow
from publicmeeting.ui.stories.showing import bare_page, page, story
from publicmeeting.usecases.oversight.promises import DistrictPromises

_LINE = "row row-static flex-wrap"
_NAMES = ("مریم احمدی", "حسن رستمی", "زهرا کاظمی", "علی‌رضا مرادی", "فرشته نوری", "رضا صادقی")
_TIMES = ("۹:۰۰", "۹:۱۵", "۹:۳۰", "۹:۴۵", "۱۰:۰۰", "۱۰:۱۵")
_TITLES = (
    "پیاده‌روی شکستهٔ خیابان ایتالیا",
    "چراغ خاموش کوچهٔ نسترن",
    "سروصدای کارگاه شبانه",
    "درخت خشک جلوی مدرسه",
    "پل عابر بی‌آسانسور",
    "زبالهٔ ساختمانی در پارک",
)
_EXPECTED = Badge()
_HERE = Badge(reception_text.HERE, "glaze", "person")
_NEXT = Badge(reception_text.NEXT, "glaze", "person")
_MET = Badge(reception_text.MET, "glaze", "check")
_ABSENT = Badge(reception_text.ABSENT, "brick", "close")
_IN_ROOM = Badge(reception_text.IN_ROOM, "saffron", "meet")


def _row(
    number: int,
    kind: str,
    badge: Badge,
    *actions: Action,
    status: str = "",
    head: str = "",
    needs: tuple[AccessNeed, ...] = (),
) -> VisitorRow:
    at = number - 1
    return VisitorRow(
        code=f"050600000{number}",
        number=persian(number),
        time=_TIMES[at],
        name=_NAMES[at],
        title=_TITLES[at],
        status=status,
        badge=badge,
        needs=tuple(need_badges(needs)),
        tile=Tile(kind, persian(number)),
        buttons=tuple(_button(action, main=not at) for at, action in enumerate(actions)),
        at_once=(),
        is_next=badge is _NEXT,
        head=head,
    )


def _button(action: Action, *, main: bool) -> StepButton:
    return StepButton(action.value, ACTION[action], "primary" if main else "secondary", "")


_FETCHED = 4
_DEAF = (AccessNeed.HARD_OF_HEARING,)
_CALLED = reception_text.CALLED.format(times="یک بار")
_MORNING = tuple(
    _row(
        number,
        "raw",
        _EXPECTED,
        Action.ARRIVE,
        Action.FETCH if number == _FETCHED else Action.CALL,
        status=reception_text.IS_FETCHED if number == _FETCHED else "",
        head=reception_text.GROUP_AWAY.format(count=persian(6)) if number == 1 else "",
        needs=_DEAF if number == _FETCHED else (),
    )
    for number in range(1, 7)
)
_MIDDAY = (
    _row(
        2,
        "now",
        _IN_ROOM,
        Action.SEND_BACK,
        status=reception_text.INSIDE_SINCE.format(time="۹:۲۲"),
        head=reception_text.GROUP_ROOM,
    ),
    _row(
        4,
        "candidate",
        _NEXT,
        Action.CALL_IN,
        Action.FETCH,
        status=f"{reception_text.CAME.format(time='۹:۲۰')}\u00a0· {reception_text.IS_FETCHED}",
        head=reception_text.GROUP_HALL.format(count=persian(2)),
        needs=_DEAF,
    ),
    _row(
        5,
        "candidate",
        _HERE,
        Action.CALL_IN,
        Action.CALL,
        status=reception_text.CAME.format(time="۹:۳۱"),
    ),
    _row(
        3,
        "late",
        _ABSENT,
        Action.COME_LATE,
        head=reception_text.GROUP_AWAY.format(count=persian(2)),
    ),
    _row(6, "raw", _EXPECTED, Action.ARRIVE, Action.CALL, status=_CALLED),
    _row(1, "glazed", _MET, head=reception_text.GROUP_DONE.format(count=persian(1))),
)
_EVENING = tuple(
    _row(
        number,
        "glazed",
        _MET,
        head=reception_text.GROUP_DONE.format(count=persian(5)) if number == 1 else "",
    )
    for number in (1, 2, 4, 5, 6)
)
_ABSENT_ONE = _row(
    3, "late", _ABSENT, Action.COME_LATE, head=reception_text.GROUP_AWAY.format(count=persian(1))
)
_PREPARE = tuple(
    PrepareRow(
        code=f"050600000{number}",
        need=need.value,
        tile=Tile("glazed" if ready else "plain", persian(number)),
        time=_TIMES[number - 1],
        badge=need_badges([need])[0],
        what=PREPARE[need],
        ready=reception_text.READY.format(name="فاطمه رضایی", at="یکشنبه ۸ آذر، ۱۴:۲۰")
        if ready
        else "",
    )
    for number, need, ready in (
        (2, AccessNeed.STEP_FREE, True),
        (4, AccessNeed.HARD_OF_HEARING, False),
        (5, AccessNeed.LOW_VISION, False),
        (5, AccessNeed.COMPANION, True),
    )
)


def _list(rows: tuple[VisitorRow, ...], undo: Undo) -> rx.Component:
    return visitor_lines(
        rows,
        lambda _one, _step: None,
        lambda row: rx.cond(row.is_next, f"{_LINE} row-next", _LINE),
        undo,
        None,
    )


def reception() -> rx.Component:
    """Preparations of the day before; nobody yet; midday with an absence that can be undone; the
    evening."""
    return bare_page(
        page_title(reception_text.LIST),
        checklist(_PREPARE, reception_text.PREPARE_PROGRESS.format(ready="۲", all="۴"), None, None),
        _list(_MORNING, Undo()),
        _list(_MIDDAY, Undo("0506000003", Action.UNDO_NO_SHOW.value, "۳", "۷")),
        _list((_ABSENT_ONE, *_EVENING), Undo()),
    )


_HALL = {
    "none": "هنوز کسی صدا نشده",
    "one": "نخستین نفر",
    "many": "میانهٔ روز",
    "again": "بار دوم",
    "quiet": "بیست ثانیه بی‌خبر",
    "silent": "بیش از یک دقیقه بی‌خبر",
    "mute": "صدا خاموش",
    "closed": "بی‌ملاقات",
    "key": "کلید نمایشگر",
}
"""Each state of the hall's screen, by its name in `web/hall/routes.py`."""
_FOUND = [
    DistrictPromises(4, 31, 26, 19, 12, 5, 1, 17, 3, 1, 6, 28, 32),
    DistrictPromises(6, 40, 33, 25, 18, 4, 2, 22, 4, 2, 5),
    DistrictPromises(17, 2),
]


def hall() -> rx.Component:
    """Links to each state of the hall's screen, which is a page outside Reflex."""
    return page(
        "تابلوی سالن",
        rows_of(
            *(
                anchor(title, href=f"/hall/samples/{name}/", native=True, class_name="row link")
                for name, title in _HALL.items()
            )
        ),
    )


def tables() -> rx.Component:
    return page(
        "جدول",
        story(
            "جدول کلمه‌ها",
            sheet(
                rx.el.div(
                    data_table(
                        "انتظار در سه منطقه",
                        ["منطقه", "میانه", "۹۰ درصد", "درازترین"],
                        [
                            ["منطقهٔ ۱", "۱ هفته", "۲ هفته", "۴ هفته"],
                            ["منطقهٔ ۴", "۴ هفته", "۵ هفته", "۷ هفته"],
                            ["منطقهٔ ۶", "۲ هفته", "۳ هفته", "۵ هفته"],
                        ],
                    )
                )
            ),
        ),
        story(
            promises_text.FIGURES,
            data_table(promises_text.FIGURES, promises_text.HEADS, figures_view(_FOUND, 6).table),
        ),
        wide=True,
    )
