"""`/desk/calls/`: citizens whom the desk must telephone, and those reached today."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.lifecycle.notices import MAY_BE_OBJECTED
from publicmeeting.kit.clock import in_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.notify.wording import notice_text
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing import assist_text
from publicmeeting.text.officials import calls_text, staff_text
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import LINES, board_frame
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.sheets import badge, notice
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import Rail, at_work, auth_guard, read_rail, staff_rail
from publicmeeting.ui.shell.steps.keys import DeskKeys, key_hints
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.screening.calls import (
    Call,
    CallContact,
    Calls,
    Consequence,
    FinishedCall,
    OneCall,
    calls,
    mark_called,
    unmark_called,
    whom_to_call,
)


@dataclass(frozen=True)
class CallLine:
    """One notice to pass on by telephone; `key` identifies it to the server."""

    key: int
    code: str
    title: str
    about: str
    read: str
    badge: Badge
    why: str
    asks: str
    """What depends on this call, if she is asked for an answer."""
    is_late: bool
    has_number: bool
    rings_first: bool
    """Whether the officer must open her number before recording that she was informed."""
    comes_first: bool
    """Whether she has no number: her own page records that she was informed, when she has come."""
    is_own: bool
    """Whether this officer asked for the call, so somebody else must record it."""
    inform_label: str
    whom_label: str


@dataclass(frozen=True)
class DoneLine:
    key: int
    code: str
    title: str
    detail: str
    undo_label: str


@dataclass(frozen=True)
class WhomView(ViewModel):
    """The person of the line that was opened; `tel` is the number as a link."""

    key: int = 0
    name: str = ""
    mobile: str = ""
    tel: str = ""


def call_lines(page: Calls) -> list[CallLine]:
    """Return the lines. If they are of several districts, each names its own."""
    has_several = len({call.about.district for call in page.waiting}) > 1
    return [_call_line(call, page, names_district=has_several) for call in page.waiting]


def _call_line(call: Call, page: Calls, *, names_district: bool) -> CallLine:
    where = staff_text.DISTRICT.format(district=persian(call.about.district))
    text, code = notice_text(call.about), persian(call.code)
    return CallLine(
        key=call.id,
        code=code,
        title=text.title,
        about="\u00a0· ".join(
            (
                call.title,
                *((where,) if names_district else ()),
                calls_text.SINCE.format(moment=dates_text.near_moment(call.at, page.now)),
            )
        ),
        read=text.text,
        badge=Badge(calls_text.NO_SMS, "saffron", "mobile")
        if call.has_number
        else Badge(calls_text.NO_NUMBER, "neutral", "phone"),
        why=_why(call),
        asks=_asks(call),
        is_late=call.consequence is Consequence.OPEN and call.about.is_unreached,
        has_number=call.has_number,
        rings_first=call.has_number and call.consequence is not None,
        comes_first=_comes_first(call),
        is_own=call.is_own,
        inform_label=calls_text.INFORM_LABEL.format(title=text.title, code=code),
        whom_label=calls_text.WHOM_LABEL.format(code=code),
    )


def ways(lines: Sequence[CallLine]) -> list[str]:
    """Return how names and numbers are opened, once for all lines."""
    found = []
    if any(line.has_number for line in lines):
        found.append(calls_text.WHOM_WHY)
    if any(line.rings_first and not line.is_own for line in lines):
        found.append(calls_text.RING_FIRST)
    return found


def _why(call: Call) -> str:
    if call.is_own:
        return calls_text.OWN if call.consequence is Consequence.OPEN else calls_text.OWN_RECORD
    if _comes_first(call):
        return calls_text.COMES_FIRST
    return "" if call.has_number else calls_text.NO_NUMBER_WHY


def _comes_first(call: Call) -> bool:
    return not call.has_number and call.consequence is not None


def _asks(call: Call) -> str:
    match call.consequence:
        case Consequence.CONTEST:
            return calls_text.CONTESTED_SOON
        case Consequence.SEAT:
            return calls_text.COSTS_SEAT
        case Consequence.OPEN if call.about.action in MAY_BE_OBJECTED:
            return calls_text.MAY_OBJECT
        case Consequence.OPEN:
            return calls_text.KEPT_OPEN if call.about.is_unreached else calls_text.KEEPS_OPEN
        case None:
            return ""


def done_lines(page: Calls) -> list[DoneLine]:
    return [_done_line(call) for call in page.done]


def _done_line(call: FinishedCall) -> DoneLine:
    code, time = persian(call.call.code), clock_words(in_tehran(call.at))
    line = calls_text.DONE_LINE if call.by else calls_text.DONE_LINE_NOBODY
    return DoneLine(
        key=call.call.id,
        code=code,
        title=notice_text(call.call.about).title,
        detail=line.format(by=call.by, time=time),
        undo_label=calls_text.UNDO_LABEL.format(code=code),
    )


def whom_view(whom: CallContact) -> WhomView:
    local = f"0{whom.mobile.removeprefix('+98')}" if whom.mobile.startswith("+98") else whom.mobile
    return WhomView(whom.notice, whom.name, persian(local), f"tel:{whom.mobile}")


class CallsState(Asking, rx.State):
    """State of `/desk/calls/`."""

    waiting: list[CallLine] = []
    ways: list[str] = []
    more: str = ""
    called: list[DoneLine] = []
    whom: WhomView = WhomView()

    @rx.event
    async def load(self) -> None:
        """Read the list and close an opened name."""
        self.done = self.refused = ""
        self.whom = WhomView()
        await read_rail(self)
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again when a colleague has called somebody, or a message could not be delivered."""
        await follow(self, own, self._reread)

    @rx.event
    async def mark_called(self, key: int) -> None:
        """Record that she was reached by telephone."""
        code, before = self._code(key), self.done
        await execute(self, mark_called, OneCall, notice=_key(key))
        await self._after(calls_text.INFORMED, code)
        if not code and not self.refused:  # a double tap: the first has shown it already
            self.done = before

    @rx.event
    async def take_back(self, key: int) -> None:
        """Undo a record that was made by mistake."""
        await execute(self, unmark_called, OneCall, notice=_key(key))
        await self._reread()
        if not self.refused:
            self.done = calls_text.TAKEN_BACK.format(code=self._code(key))

    @rx.event
    async def see_whom(self, key: int) -> None:
        """Show her name and number, which is recorded."""
        whom = await execute(self, whom_to_call, OneCall, notice=_key(key))
        self.whom = whom_view(whom) if whom is not None else WhomView()

    def _code(self, key: Any) -> str:
        return next((line.code for line in self.waiting if line.key == key), "")

    async def _after(self, sentence: str, code: str) -> None:
        refused = self.refused
        await self._reread()
        self.refused = refused
        if not refused and code:
            self.done = sentence.format(code=code)

    async def _reread(self) -> None:
        await read_rail(self)
        await self._read()

    async def _read(self) -> None:
        seen = await query(self, calls, Nothing())
        if seen is None:
            self.waiting, self.ways, self.more = [], [], ""
            self.called, self.whom = [], WhomView()
            return
        self.more = calls_text.MORE.format(count=persian(seen.more)) if seen.more else ""
        self.waiting, self.called = call_lines(seen), done_lines(seen)
        self.ways = ways(self.waiting)
        if self.whom.key not in {line.key for line in self.waiting}:
            self.whom = WhomView()


def _key(sent: object) -> int:
    """Return a line's key as the browser sends it; 0, which no line has, for anything else."""
    return sent if isinstance(sent, int) else 0


HERE = "/desk/calls/"


def page() -> rx.Component:
    return auth_guard(
        CallsState,
        board_frame(
            staff_rail(HERE),
            DeskKeys.create(),
            at_work(calls_text.TITLE),
            rx.el.div(
                rx.cond(CallsState.done, notice(CallsState.done)),
                rx.cond(CallsState.unread, notice(CallsState.unread, tone="neutral")),
                class_name="mt-3 grid gap-2 empty:hidden",
            ),
            # The refused button may be far below, and its line stays.
            rx.cond(
                CallsState.refused,
                rx.el.div(
                    notice(CallsState.refused, tone="brick"), class_name="sticky top-0 z-10 mt-3"
                ),
            ),
            rx.el.div(
                rx.el.div(_waiting(), class_name="min-w-0"),
                rx.el.div(_done_calls(), class_name="min-w-0"),
                class_name=rx.cond(
                    any_of(CallsState.called),
                    "mt-4 grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]",
                    "mt-4 grid",
                ),
            ),
            announcement=rx.cond(CallsState.done, CallsState.done, CallsState.refused),
            answers=CallsState.answers,
        ),
    )


def _waiting() -> rx.Component:
    return rx.cond(
        any_of(CallsState.waiting),
        rx.el.section(
            rx.el.p(calls_text.LEAD, class_name="max-w-read"),
            rx.el.div(
                each(CallsState.ways, rx.el.p),
                class_name="mb-3 max-w-read text-meta text-ink2",
            ),
            rx.el.div(key_hints(), class_name="mb-2"),
            rx.el.ol(
                each(CallsState.waiting, _call_row),
                id=LINES,
                aria_label=calls_text.LIST,
                class_name="rows",
            ),
            shown(CallsState.more, rx.el.p(CallsState.more, class_name="mt-3 text-meta text-ink2")),
        ),
        empty(calls_text.EMPTY, calls_text.EMPTY_LEAD, district=Rail.district),
    )


def _call_row(line: CallLine) -> rx.Component:
    """What to read to her, why no message reached her, and two buttons."""
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.el.strong(line.title),
                    badge(line.badge),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                ),
                _of(line.code, line.about),
                rx.el.p(calls_text.READ, " ", line.read, class_name="mt-2 max-w-read"),
                shown(
                    line.asks,
                    rx.el.p(
                        line.asks,
                        class_name=rx.cond(
                            line.is_late,
                            "mt-1 max-w-read font-semibold text-brick",
                            "mt-1 max-w-read font-semibold",
                        ),
                    ),
                ),
                shown(
                    line.why, rx.el.p(line.why, class_name="mt-1 max-w-read text-meta text-ink2")
                ),
                shown(CallsState.whom.key == line.key, _whom()),
                class_name="min-w-0 flex-1 basis-72",
            ),
            rx.el.div(
                shown(
                    ~line.is_own
                    & ~line.comes_first
                    & (~line.rings_first | (CallsState.whom.key == line.key)),
                    rx.el.button(
                        calls_text.INFORM,
                        type="button",
                        aria_label=line.inform_label,
                        on_click=CallsState.mark_called(line.key),
                        class_name="btn btn-primary btn-sm",
                    ),
                ),
                shown(
                    line.has_number & (CallsState.whom.key != line.key),
                    rx.el.button(
                        icon("eye", "sm"),
                        calls_text.WHOM,
                        type="button",
                        aria_label=line.whom_label,
                        on_click=CallsState.see_whom(line.key),
                        class_name="btn btn-secondary btn-sm",
                    ),
                ),
                shown(
                    line.comes_first & ~line.is_own,
                    anchor(
                        assist_text.FOLLOW_TITLE,
                        href="/assist/follow/",
                        class_name="btn btn-secondary btn-sm",
                    ),
                ),
                class_name="flex flex-wrap gap-1",
            ),
            class_name="row row-static flex-wrap !items-start",
        ),
        key=line.key,
    )


def _of(code: str, rest: str) -> rx.Component:
    code_part = code_groups(code, "font-semibold text-ink")
    return rx.el.p(calls_text.CODE, " ", code_part, "\u00a0· ", rest, class_name="row-meta")


def _whom() -> rx.Component:
    return rx.el.p(
        icon("phone"),
        rx.el.strong(CallsState.whom.name),
        anchor(
            rx.el.bdi(CallsState.whom.mobile, dir="ltr"),
            href=CallsState.whom.tel,
            native=True,
            class_name="link",
        ),
        class_name="with-icon mt-2 flex-wrap",
    )


def _done_calls() -> rx.Component:
    return shown(
        any_of(CallsState.called),
        rx.el.section(
            rx.el.h2(calls_text.DONE, class_name="mb-2 text-h3"),
            rx.el.ul(each(CallsState.called, _done_row), class_name="rows"),
        ),
    )


def _done_row(line: DoneLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            icon("check"),
            rx.el.div(
                rx.el.p(line.title, class_name="font-semibold"),
                _of(line.code, line.detail),
                class_name="min-w-0 flex-1",
            ),
            rx.el.button(
                calls_text.UNDO,
                type="button",
                aria_label=line.undo_label,
                on_click=CallsState.take_back(line.key),
                class_name="btn btn-soft btn-sm",
            ),
            class_name="row row-static",
        ),
        key=line.key,
    )
