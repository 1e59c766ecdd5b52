"""A late press of one tablet after another tablet has acted.

Each kind of press meets each thing that may have happened meanwhile. Text written for a press never
appears on a sheet of another press.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from browsers import Browser
from signed_in import sign_in_staff
from support.city import City
from support.clock import FixedClock
from support.line import Line
from support.orders import issue_undrawn
from support.walk import a_request

from publicmeeting.domain.errors import Denied, Refusal, TooBusy, Unavailable
from publicmeeting.domain.records import Person, Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.on_paper.late_press import press_standing
from publicmeeting.usecases.meetings.room import REFUSED, FinishMeeting, finish_meeting
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    OneSheet,
    keep_unfinished,
    unfinished_sheet,
)

MINE, OTHERS, THIRD = "روشنایی درست شود.", "جوی آب لایروبی شود.", "درخت‌ها هرس شود."
WHY = "این کار در اختیار شهرداری نیست."
STROKE = {"id": "a1b2c3d4", "colour": "black", "dots": [[10, 20, 0.5], [30, 40, 1]]}
UNIT = "d06-technical"
DAYS = 2 * 24 * 60 * 60
ACTS = ("call_in", "end", "refuse")


@dataclass
class Table:
    """One visitor, the tablet that was offline, and acts of the same mayor elsewhere."""

    city: City
    tablet: Browser
    code: str
    clock: FixedClock = field(init=False)

    def __post_init__(self) -> None:
        clock = self.city.application.clock
        assert isinstance(clock, FixedClock)
        self.clock = clock

    def step(self, action: Action, who: str = "mayor", **fields: str) -> None:
        command = TakeStep(code=self.code, action=action.value, **fields)
        self.city.application.execute_as(self.city.as_(who), take_step, command)

    def call_in(self) -> None:
        self.step(Action.CALL_IN)

    def issue(self, text: str = OTHERS, page: int = 1) -> None:
        order = IssueOrders(code=self.code, units=(UNIT,), note=text, page=page)
        issue_undrawn(self.city.application, self.city.as_("mayor"), order)

    def writes_on(self) -> None:
        self.issue()
        words = KeepUnfinished(code=self.code, fields={"text": THIRD})
        self.city.application.execute_as(self.city.as_("mayor"), keep_unfinished, words)

    def finish(self, **fields: str) -> None:
        command = FinishMeeting(code=self.code, **fields)
        self.city.application.execute_as(self.city.as_("mayor"), finish_meeting, command)

    def end(self) -> None:
        self.issue()
        self.finish()

    def refuse(self, note: str = "خارج از اختیار است.") -> None:
        self.finish(outcome=REFUSED, note=note)

    def send_back(self) -> None:
        self.step(Action.SEND_BACK, "reception", note="کارت همراهش نبود.")

    def sends(self, act: str, page: int, ago: int = 120) -> dict[str, object]:
        """Send as the tablet does: the text first, and then the press."""
        words = {"end": {"text": MINE, "promise": MINE}, "refuse": {"refusal": WHY}}.get(act)
        asks = False
        if words:
            body = {"page": page, "ago": ago, "words": words}
            if act == "end":
                body["add"] = [STROKE]
            asks = self.tablet.post(f"/ink/{self.code}", json=body).status_code != 200
        press = {"act": act, "code": self.code, "page": page, "ago": ago, "asks": asks}
        found: dict[str, object] = self.tablet.post("/mayor/unsent", json=press).json()
        return found

    def seen(self) -> tuple[Person, Request]:
        with self.city.application.store.unit_of_work(self.clock(), reading=True) as uow:
            found = uow.requests.find(self.code)
            assert found is not None
            return uow.people.get(found.person_id), found

    @property
    def orders(self) -> list[str]:
        with self.city.application.store.unit_of_work(self.clock(), reading=True) as uow:
            found = uow.requests.find(self.code)
            assert found is not None
            return [order.text for order in uow.orders.of_request(found.id)]

    @property
    def next_sheet(self) -> tuple[int, str, int]:
        sheet = self.city.application.query_as(
            self.city.as_("mayor"), unfinished_sheet, OneSheet(code=self.code)
        )
        return sheet.page, sheet.fields.get("text", ""), len(sheet.strokes)


@pytest.fixture
def table(browser: Browser, city: City) -> Table:
    code = a_request(city, Stage.ARRIVED).code
    sign_in_staff(browser, "mayor")
    return Table(city, browser, code)


def nothing(_: Table) -> None: ...


def calls_in_and_ends(one: Table) -> None:
    one.call_in()
    one.end()


def calls_in_and_refuses(one: Table) -> None:
    one.call_in()
    one.refuse()


def calls_in_and_sends_back(one: Table) -> None:
    one.call_in()
    one.send_back()


@pytest.mark.parametrize(
    ("earlier", "outcome"),
    [
        (nothing, "done"),
        (Table.call_in, "before"),
        (calls_in_and_sends_back, "before"),
        (calls_in_and_ends, "before"),
        (calls_in_and_refuses, "before"),
    ],
)
def test_a_late_call_after_another_tablet_lets_the_queue_go_on(
    table: Table, earlier: Callable[[Table], None], outcome: str
) -> None:
    table.clock.now += timedelta(minutes=1)
    earlier(table)
    table.clock.now += timedelta(minutes=1)
    assert table.sends("call_in", 0)["state"] == outcome


def test_a_late_call_of_whoever_is_not_in_the_hall_is_refused(table: Table) -> None:
    table.clock.now += timedelta(seconds=5)
    table.step(Action.UNDO_ARRIVAL, "reception")
    answer = table.sends("call_in", 0, ago=0)
    assert (answer["state"], answer["key"]) == ("refused", "stage_moved")


@pytest.mark.parametrize(
    ("act", "earlier", "outcome", "orders", "sheet", "page"),
    [
        ("end", nothing, "done", [MINE], (2, "", 0), 1),
        ("end", Table.issue, "sheet_issued", [OTHERS], (2, "", 0), 1),
        ("end", Table.writes_on, "sheet_issued", [OTHERS], (2, THIRD, 0), 1),
        ("end", Table.end, "sheet_issued", [OTHERS], (2, "", 0), 1),
        ("end", Table.refuse, "ended_otherwise", [], (1, MINE, 1), 1),
        ("refuse", nothing, "done", [], (1, "", 0), 1),
        ("refuse", Table.issue, "sheet_issued", [OTHERS], (2, "", 0), 1),
        ("refuse", Table.end, "sheet_issued", [OTHERS], (2, "", 0), 1),
        ("refuse", Table.refuse, "ended_otherwise", [], (1, "", 0), 1),
        ("refuse", lambda one: one.refuse(WHY), "before", [], (1, "", 0), 1),
        ("end", Table.writes_on, "sheet_issued", [OTHERS], (2, THIRD, 0), 0),
        ("end", Table.refuse, "ended_otherwise", [], (1, MINE, 1), 0),
        ("refuse", nothing, "done", [], (1, "", 0), 0),
        ("refuse", Table.issue, "sheet_issued", [OTHERS], (2, "", 0), 0),
    ],
)
def test_a_late_end_after_another_tablet_goes_on_no_other_sheet(
    table: Table,
    act: str,
    earlier: Callable[[Table], None],
    outcome: str,
    orders: list[str],
    sheet: tuple[int, str, int],
    page: int,
) -> None:
    """`page` 0 means that the tablet had not opened the case, and counts none of its sheets."""
    table.call_in()
    table.clock.now += timedelta(minutes=1)
    earlier(table)
    meanwhile = table.clock.now
    table.clock.now += timedelta(minutes=1)
    answer = table.sends(act, page, ago=90)
    if outcome in ("done", "before"):
        assert answer["state"] == outcome
    else:
        assert (answer["state"], answer["key"]) == ("refused", outcome)
        assert answer["words"] == refusal(outcome, time=clock_words(meanwhile))
    assert table.orders == orders
    assert table.next_sheet == sheet
    again = table.sends(act, page, ago=90)
    assert again["state"] != "done", "and sent twice it is the same"
    assert table.orders == orders


def test_a_tablet_that_comes_back_after_the_day_reads_where_it_is_written_now(
    table: Table,
) -> None:
    """Nothing of it goes on waiting for an answer that cannot change."""
    line = Line(table.city, table.clock)
    line.until(tehran_day(table.clock.now) + timedelta(days=1), "09:00")
    sign_in_staff(table.tablet, "mayor")  # his session ended overnight
    with table.city.application.store.unit_of_work(table.clock(), reading=True) as uow:
        found = uow.requests.find(table.code)
        assert found is not None
        assert found.stage is Stage.WAITING
    for act in ACTS:
        answer = table.sends(act, 0, ago=20 * 3600)
        assert (answer["state"], answer["key"]) == ("refused", "day_ended"), act
        assert answer["words"] == refusal("day_ended"), act
        assert table.orders == [], act


def test_a_press_of_last_monday_is_none_of_the_meeting_of_today(table: Table) -> None:
    """She was owed a seat when that day ended, and has the first of the next Monday.

    A refused press changes nothing, so every press meets the same city.
    """
    line, pressed = Line(table.city, table.clock), table.clock.now
    monday = tehran_day(pressed) + timedelta(weeks=1)
    line.until(monday - timedelta(days=4), "09:00")
    person, _ = table.seen()
    hers = Actor(person_id=person.id, grants=(Grant(Role.CITIZEN),))
    confirm = TakeStep(code=table.code, action=Action.CONFIRM.value)
    table.city.application.execute_as(hers, take_step, confirm)
    line.until(monday, "08:50")
    table.step(Action.ARRIVE, "reception", identity=person.identity)
    line.until(monday, "09:05")
    sign_in_staff(table.tablet, "mayor")
    for stage in (Stage.ARRIVED, Stage.IN_ROOM):
        if stage is Stage.IN_ROOM:
            table.call_in()
        for act in ACTS:
            answer = table.sends(act, 0, ago=int((table.clock.now - pressed).total_seconds()))
            assert (answer["state"], answer["key"]) == ("refused", "day_ended"), (stage, act)
            assert table.seen()[1].stage is stage, act
            assert table.orders == [], (stage, act)


@pytest.mark.parametrize(
    ("pressed_ago", "state"), [(120, "done"), (None, "refused"), (DAYS, "refused")]
)
def test_a_press_is_of_today_although_the_clock_of_the_tablet_was_set(
    table: Table, pressed_ago: int | None, state: str
) -> None:
    """Its clock was days behind and jumped when the network came back; the city's did not."""
    table.call_in()
    pressed = 0 if pressed_ago is None else int(table.clock().timestamp()) - pressed_ago
    words = {"page": 1, "words": {"text": MINE, "promise": MINE}}
    assert table.tablet.post(f"/ink/{table.code}", json=words).status_code == 200
    press = {"act": "end", "code": table.code, "page": 1, "ago": DAYS, "pressed": pressed}
    answer = table.tablet.post("/mayor/unsent", json=press).json()
    assert answer["state"] == state
    assert answer["key"] == ("day_ended" if state == "refused" else "")


def test_a_late_end_whose_words_came_before_the_sheet_was_issued_ends_the_meeting(
    table: Table,
) -> None:
    """The city stopped between its two steps, and the tablet sends the press again."""
    table.call_in()
    table.issue(MINE)
    press = {"act": "end", "code": table.code, "page": 1, "ago": 5}
    assert table.tablet.post("/mayor/unsent", json=press).json()["state"] == "done"
    assert table.orders == [MINE]


def test_a_late_end_ends_nothing_while_the_next_sheet_is_written(table: Table) -> None:
    table.call_in()
    table.writes_on()
    press = {"act": "end", "code": table.code, "page": 1, "ago": 5}
    assert table.tablet.post("/mayor/unsent", json=press).json()["key"] == "sheet_issued"
    assert table.next_sheet == (2, THIRD, 0)
    assert table.orders == [OTHERS]


@pytest.mark.parametrize(
    ("why", "status", "state"),
    [
        (Denied("not_found"), 404, None),
        (Denied("session_ended"), 401, None),
        (TooBusy(), 503, None),
        (Unavailable("clock_behind"), 503, None),
        (Denied("ended_otherwise", time="۹:۱۲"), 200, "refused"),
    ],
    ids=str,
)
def test_what_is_refused_while_it_is_asked_why_is_an_answer(
    table: Table, monkeypatch: pytest.MonkeyPatch, why: Refusal, status: int, state: str | None
) -> None:
    """The day gets another holder, or the session ends, between refusal and second query."""
    query, looks = table.city.application.query, []

    async def changes(usecase: Callable[..., object], *more: object) -> object:
        if usecase is press_standing:
            looks.append(why.key)
            if looks[1:]:
                raise why
        return await query(usecase, *more)

    monkeypatch.setattr(table.city.application, "query", changes)
    press = {"act": "refuse", "code": table.code}
    answer = table.tablet.post("/mayor/unsent", json=press)
    assert looks == [why.key] * 2
    assert (answer.status_code, answer.json().get("state")) == (status, state)
