"""View models and state of one order and the mayor's decisions on it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.calendar import is_working_day, working_days_between
from publicmeeting.domain.lifecycle.timeline import Mark
from publicmeeting.domain.orders.promises import waits_for_unit
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.stages import Need, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords, shown
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, late_caption
from publicmeeting.text.orders import orders_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.models import (
    Badge,
    Choice,
    Photo,
    PromiseClock,
    PromiseDay,
    RoadStep,
    Row,
)
from publicmeeting.ui.design.paper import promise_day
from publicmeeting.ui.mayor.days import Due, Month, month
from publicmeeting.ui.mayor.meeting.views import DueChip, order_row, other_day, unit_label
from publicmeeting.ui.mayor.orders import special
from publicmeeting.ui.mayor.table import Head, head
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.parts.road import ORDER_TONE, road_steps
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.steps.state import ActionFormState
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import own_table
from publicmeeting.usecases.orders.pages import OneOrder, OrderPage, open_order, order_page
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step

TILES_MOST = 30
"""Maximum working days drawn as tiles; a later due date is shown in words."""


@dataclass(frozen=True)
class Promise(ViewModel):
    """The whole page of one order."""

    number: str = ""
    """The number as people read it."""
    order: str = ""
    """The number as in the address."""
    title: str = ""
    sentence: str = ""
    """The promise in one sentence."""
    text: str = ""
    unit: str = ""
    tags: tuple[Badge, ...] = ()
    facts: tuple[str, ...] = ()
    badge: Badge = field(default_factory=Badge)
    photos: tuple[Photo, ...] = ()
    sheet: str = ""
    sheet_text: str = ""
    clock: PromiseClock = field(default_factory=lambda: PromiseClock("", "", "", "", (), ""))
    runs: bool = False
    asked: str = ""
    """What is asked, if it is more than the note says."""
    asked_note: str = ""
    asked_by: str = ""
    before: tuple[Photo, ...] = ()
    after: tuple[Photo, ...] = ()
    """Photos of the last report."""
    contest_photos: tuple[Photo, ...] = ()
    beside: tuple[Row, ...] = ()
    units: tuple[Choice, ...] = ()
    dues: tuple[DueChip, ...] = ()
    road: tuple[RoadStep, ...] = ()
    decides: bool = False
    nothing: str = ""
    """Why there is nothing to decide, if it is somebody else's turn."""
    changed: str = ""
    """Warning that the database owner has written or changed a step."""
    write: str = ""
    """Address where the right order is written, if this one is void."""


@dataclass(frozen=True)
class Picking(ViewModel):
    """The chosen due date, its calendar, and the photo that is shown large."""

    due: Due = field(default_factory=Due)
    month: Month = field(default_factory=Month)
    photo: Photo = field(default_factory=Photo)


def promise(page: OrderPage) -> Promise:
    line, asked, word = page.line, page.extension, _word(page)
    today = tehran_day(page.now)
    day = str(asked.payload.get("due_on", "")) if asked else ""
    return Promise(
        number=str(shown(line.number)),
        order=line.number,
        title=line.title,
        sentence=page.order.promise,
        text=page.text,
        unit=line.unit,
        tags=special(line),
        facts=_facts(page),
        badge=Badge(ORDER_STAGE[line.stage], ORDER_TONE[line.stage]),
        photos=photo_views(page.photos),
        sheet=f"/images/{page.order.image_id}" if page.order.image_id else "",
        sheet_text=page.order.text,
        clock=clock(page),
        runs=not line.is_void and (line.late_days > 0 or line.days_left >= 0),
        asked=orders_text.EXTENSION.format(
            day=dates_text.day_of_year(date.fromisoformat(day), today)
        )
        if day
        else orders_text.NOT_HERS
        if _is_said_not_hers(page)
        else orders_text.NOT_TAKEN_ON
        if _not_taken_on(page)
        else "",
        asked_note=word.note or "" if word else "",
        asked_by=DONE[word.action] if word and word.action else "",
        before=_of_kind(page, PictureKind.BEFORE),
        after=_of_kind(page, PictureKind.REPORT),
        contest_photos=_of_kind(page, PictureKind.PROOF),
        beside=tuple(order_row(order_line, tehran_day(page.now)) for order_line in page.beside),
        units=tuple(Choice(choice.unit.id, unit_label(choice)) for choice in page.units),
        dues=tuple(
            DueChip(due.isoformat(), label, "", label)
            for n, due in page.due_choices
            for label in (f"{dates_text.working_days(n)}: {dates_text.day_of_year(due, today)}",)
        ),
        road=tuple(road_steps(page.marks, DateWords(page.now), page.unit_of_event, own=False)),
        decides=bool(line.steps),
        nothing=_nothing(page),
        changed=road_text.CHANGED_OFFICE if page.is_changed else "",
        write=f"/mayor/meeting/{line.code}/" if page.owes_order else "",
    )


def _nothing(page: OrderPage) -> str:
    if page.line.is_void:
        return _void(page)
    if page.hidden_until is not None:
        return _asked_void(page.hidden_until, page.now)
    if _not_taken_on(page):
        return orders_text.NOT_TAKEN_ON
    refusals = {word for _, word in page.refused}
    return refusal(_HIGHER) if _HIGHER in refusals else orders_text.NOTHING_TO_DECIDE


def _void(page: OrderPage) -> str:
    if page.line.owes_right_order and page.line.right_order_by is not None:
        until = DateWords(page.now).until(page.line.right_order_by)
        return orders_text.VOID_OWED_BY.format(until=until)
    return orders_text.VOID_OWED if page.owes_order else orders_text.VOID


def _asked_void(hidden_until: datetime, now: datetime) -> str:
    if now >= hidden_until:
        return orders_text.VOID_ASKED
    hidden = orders_text.VOID_HIDDEN.format(until=dates_text.until_words(hidden_until))
    return f"{orders_text.VOID_ASKED} {hidden}"


def _not_taken_on(page: OrderPage) -> bool:
    """Return whether its unit has missed the time to accept the order or return it."""
    may = any(step.action is OrderAction.REASSIGN for step in page.steps)
    return may and waits_for_unit(page.order)


_HIGHER = "overseer_decides"


def _of_kind(page: OrderPage, kind: str) -> tuple[Photo, ...]:
    """Return the newest photos of one kind; those of an earlier report are on its step."""
    sets = [[image for image in images if image.kind == kind] for images in page.pictures.values()]
    return photo_views(next((found for found in reversed(sets) if found), []))


def _is_said_not_hers(page: OrderPage) -> bool:
    """Return whether the citizen says that the order is about somebody else, unanswered."""
    return any(step.action is OrderAction.ASK_VOID for step in page.line.steps)


_ASKING = frozenset(
    {OrderAction.RETURN, OrderAction.ASK_EXTENSION, OrderAction.CONTEST, OrderAction.REOPEN}
)


def _word(page: OrderPage) -> Mark | None:
    """Return the note that asks for the decision, while one is due."""
    actions = _ASKING | ({OrderAction.SAY_NOT_HERS} if _is_said_not_hers(page) else set())
    asking = [mark for mark in page.marks if mark.action in actions and mark.note]
    return asking[-1] if asking and page.line.steps else None


def _facts(page: OrderPage) -> tuple[str, ...]:
    line = page.line
    facts = [orders_text.ISSUED.format(day=day_words(line.issued_on))]
    if line.first_due_on != line.due_on:
        facts.append(orders_text.FIRST_DUE.format(day=day_words(line.first_due_on)))
    if line.extensions:
        facts.append(orders_text.EXTENDED.format(times=dates_text.times(line.extensions)))
    if line.contested:
        facts.append(orders_text.CONTESTED.format(times=dates_text.times(line.contested)))
    return tuple(facts)


def clock(page: OrderPage) -> PromiseClock:
    """Return the promise in working days, from the order to its due date, or to today if that is
    later."""
    line, today = page.line, tehran_day(page.now)
    late, overdue = line.late_days > 0, line.days_left < 0
    count = line.late_days or line.days_left
    caption = (
        late_caption(line.late)
        if late
        else orders_text.DAYS_LEFT
        if count
        else orders_text.LAST_DAY
    )
    issued = line.issued_on
    days = _days(issued, line.due_on, today)
    sentence = orders_text.CLOCK_SENTENCE_LATE if overdue else orders_text.CLOCK_SENTENCE
    if not overdue and working_days_between(today, line.due_on) > TILES_MOST:
        sentence = orders_text.CLOCK_SENTENCE_LONG.format(count=persian(TILES_MOST))
    return PromiseClock(
        orders_text.PROMISE,
        day_words(line.due_on),
        persian(count),
        caption,
        days,
        sentence,
        late=late,
    )


def _days(issued: date, due: date, today: date) -> tuple[PromiseDay, ...]:
    """Return at most `TILES_MOST` tiles around today."""
    last = max(due, today)
    span = (issued + timedelta(days=n) for n in range((last - issued).days + 1))
    days = [day for day in span if is_working_day(day)]
    if len(days) > TILES_MOST:
        here = sum(day <= today for day in days)
        start = min(max(here - TILES_MOST // 2, 0), len(days) - TILES_MOST)
        days = days[start : start + TILES_MOST]
    return tuple(promise_day(day, issued, due, today) for day in days)


RESULT = "result"
"""Id of the element that shows the result of a step."""


class MayorOrderState(ActionFormState, rx.State):
    """State of `/mayor/orders/[number]`."""

    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset({"turn_month", "zoom"})

    head: Head = Head()
    promise: Promise = Promise()
    picking: Picking = Picking()

    due = VarField[Due]("picking")
    month = VarField[Month]("picking")
    photo = VarField[Photo]("picking")
    _today: date | None = None

    @rx.event
    async def load(self) -> None:
        """Open the order, which is recorded."""
        is_opened, answer = await self._arrives(), self.answer
        if is_opened:
            self.errors, self.refused, self.done = {}, "", ""
            self._close()
            self.head, self.promise, self.due = Head(), Promise(), Due()
        # Units, the desk and the overseer may read orders too, but have pages of their own.
        if await query(self, own_table, Nothing()) is None:
            return
        command = OneOrder(number=self._order())
        if await query(self, order_page, command) is None and (self.missing or self.signed_out):
            return
        await execute(self, open_order, OneOrder, number=self._order())
        await self._read()
        if not is_opened:
            self._restore_note()
            self._restore_answer(answer)
            return
        if self._today is not None:
            self.month = month(self._today, 0)
        self.due = Due(self.promise.dues[-1].value) if self.promise.dues else Due()

    @background
    async def watch(self) -> None:
        """Read again after unit or citizen has done something."""
        await follow(self, own, self._read)

    @rx.event
    async def choose(self, action: str) -> None:
        """Open the form of a step, or close the open one.

        The buttons stay above the form, so the focus stays on the pressed one.
        """
        if self.form.action == action:
            self._close()
            self.errors, self.refused, self.done = {}, "", ""
        else:
            self._open_form(action)

    @rx.event
    async def pick_due(self, day: str) -> None:
        """Choose the new due date."""
        self.due = Due(str(day), other_day(str(day), self.promise.dues, self._today or date.max))

    @rx.event
    async def turn_month(self, at: int) -> None:
        """Show another month of the calendar."""
        if self._today is not None and isinstance(at, int | float):
            self.month = month(self._today, int(at))

    @rx.event
    async def zoom(self, full: str) -> None:
        """Show one of the photos large."""
        every = (
            *self.promise.photos,
            *self.promise.before,
            *self.promise.after,
            *self.promise.contest_photos,
        )
        self.photo = next((photo for photo in every if photo.full == full), self.photo)

    @rx.event
    async def send(self, form: Form) -> Any:
        """Take the step of the open form. The focus goes to the result above the form."""
        if not await self._is_of_open_form(form):
            return None
        typed = {**self._typed(form), **self._picked()}
        if self._lacks(typed):
            return None
        number, action = self._order(), self.form.action
        taken = await execute(
            self, take_order_step, TakeOrderStep, typed, number=number, action=action
        )
        if taken is not None:
            await self._sent()
        await self._read()
        if taken is not None:
            self.done = orders_text.SENT
        return rx.set_focus(RESULT) if self.done or self.refused else None

    def _picked(self) -> dict[str, str]:
        """Return the chosen due date, which is not a field of the form."""
        return {Need.DUE_ON.value: self.due.on} if self.form.calendar else {}

    def _order(self) -> str:
        return str(self.number)  # type: ignore[attr-defined]  # a part of the address

    def _about(self) -> str:
        return self.promise.order

    def _written_for(self) -> str:
        return self._order()

    def _draft_of(self, about: str, action: str) -> str:
        """Return a separate name for each action: each decision has its own readers."""
        return f"{about}/{action}"

    def _facts(self) -> dict[str, Any]:
        return {"units": self.promise.units}

    async def _read(self) -> None:
        page = await query(self, order_page, OneOrder(number=self._order()))
        if page is None:
            return
        self._today = tehran_day(page.now)
        self.promise = promise(page)
        self.head = head(self._today, page.order.district, page.now)
        self._show_steps(page.steps, page.order.history)
