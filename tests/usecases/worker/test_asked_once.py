"""Database queries of the clock: every second, and after everything it does."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event
from support.city import THREE
from support.documents import Documents
from support.line import DISTRICT, DRAWN, MONDAY, WEDNESDAY, Line
from support.orders import issue_undrawn

from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.stages import Action
from publicmeeting.store.districts.city import FURTHEST
from publicmeeting.store.line import shared_book
from publicmeeting.store.public_record.log import Log
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.worker import scheduler
from publicmeeting.worker.jobs import find_jobs, next_instant
from publicmeeting.worker.scheduler import Scheduler


@pytest.fixture
def districts() -> tuple[int, ...]:
    """Three districts, so that queries repeated for each of them show."""
    return THREE


def _asked(line: Line, do: Callable[[], object]) -> Counter[tuple[str, str]]:
    """Return the statements and values that this sends."""
    asked = Counter[tuple[str, str]]()

    def note(*sent: object) -> None:
        asked[str(sent[2]), str(sent[3])] += 1

    engine = line.city.application.store.engine
    event.listen(engine, "before_cursor_execute", note)
    do()
    event.remove(engine, "before_cursor_execute", note)
    return asked


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (MONDAY - timedelta(days=8), "12:00"),
        (WEDNESDAY - timedelta(days=1), "12:00"),
        (WEDNESDAY, "12:00"),
    ],
    ids=["before the list", "while it may be objected to", "with the value awaited"],
)
def test_one_look_asks_nothing_twice(line: Line, day: date, hour: str) -> None:
    line.file(3)
    line.until(day, hour)
    assert {one: times for one, times in _asked(line, line.due).items() if times > 1} == {}


def test_the_demo_looks_once_after_what_has_just_happened(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its work stands at the newest entry of the log, which is older than now."""
    demo = Scheduler(line.city.application, demo=True)
    line.until(MONDAY - timedelta(days=8), "12:00")
    demo.run_due()
    looks = list[datetime]()
    monkeypatch.setattr(
        scheduler, "find_jobs", lambda uow, *at: looks.append(at[0]) or find_jobs(uow, *at)
    )
    line.file(1, accepted=False)
    line.clock.forward(seconds=1)
    demo.run_due()
    assert len(looks) == 1


def test_a_look_at_a_city_that_waits_for_nothing_is_five_statements(line: Line) -> None:
    """The transaction's begin, rules, draws, flags, and one statement that finds nothing else."""
    line.until(MONDAY - timedelta(days=8), "12:00")
    assert sum(_asked(line, line.due).values()) <= 5


def test_one_look_compares_the_signature_of_the_log_once(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks the log about each drawn Monday of each district."""
    line.drawn(4)
    signed = list[int]()
    sign = Log._signed
    monkeypatch.setattr(
        Log,
        "_signed",
        lambda log, head, size, root: signed.append(size) or sign(log, head, size, root),
    )
    line.due()
    assert len(signed) == 1


def test_a_filing_notes_no_monday_again_and_whatever_else_happens_does(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = list[str]()
    opened = shared_book.opened_day
    monkeypatch.setattr(
        shared_book, "opened_day", lambda draw: noted.append(draw.name) or opened(draw)
    )

    def read() -> list[str]:
        noted.clear()
        with line.reading() as uow:
            uow.line_book.catch_up()
        return noted

    assert read()
    line.file(2, accepted=False)
    assert read() == []
    line.close()
    line.file(1, accepted=False)
    assert read()
    with line.reading() as uow:
        found = uow.line_book.opened(DISTRICT, MONDAY)
    assert found is not None
    assert found.states == (MondayState.CLOSED,)


def test_one_more_document_in_a_judges_list_costs_no_statement(line: Line) -> None:
    """Every page of an official counts this list."""
    documents, (first,) = Documents(line), line.file(1)
    documents.ask(first)
    judge = documents.judges(first)[0].name
    one = sum(_asked(line, lambda: documents.tasks(judge)).values())
    while len(documents.tasks(judge)) < 3:
        (another,) = line.file(1)
        documents.ask(another)
    assert sum(_asked(line, lambda: documents.tasks(judge)).values()) <= one


def _seen(line: Line) -> tuple[object, ...]:
    """Return what a pass finds and when the next is due, with and without prefetching."""
    found = []
    for reads_ahead in (True, False):
        with line.reading() as uow:
            if not reads_ahead:
                uow.read_ahead = _reads_nothing
            jobs, faults = find_jobs(uow, line.clock.now, line.clock.now)
            assert uow.has_read(FURTHEST) is reads_ahead
            found.append((jobs, faults, next_instant(uow, jobs)))
    assert found[0] == found[1]
    return found[0]


def _reads_nothing(_: object) -> None:
    raise ValueError


def test_what_is_read_ahead_hides_no_work(
    line: Line, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each instant, prefetching finds the same work as a search for each kind alone.

    The story has seats given up and offered, a lane, a Monday, and late orders. The result is also
    the same if prefetching fails.
    """
    seen = set[str]()
    run_due = Scheduler.run_due

    def looked_at(worker: Scheduler) -> None:
        jobs, faults, _ = _seen(line)
        assert faults == {}
        seen.update(job.name.partition("/")[0] for job in jobs)
        run_due(worker)

    monkeypatch.setattr(Scheduler, "run_due", looked_at)
    people = line.file(10)
    asks, _unscreened = line.file(2, accepted=False)
    documents.ask(asks)
    line.until(WEDNESDAY, DRAWN)
    seated = [person for person in people if person.stage == "invited"]
    seated[0].does(Action.GIVE_UP_SEAT)
    for citizen in seated[1:4]:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:50")
    here = sorted(seated[1:3], key=lambda one: str(one.request.seat and one.request.seat.time))
    for citizen in here:
        line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
    line.until(MONDAY, "09:40")
    line.official("mayor", here[0], Action.CALL_IN)
    issue_undrawn(
        line.city.application,
        line.city.as_("mayor"),
        IssueOrders(code=here[0].code, units=("d06-technical",), note="تا آذر ترمیم شود."),
    )
    line.until(MONDAY + timedelta(days=9), "12:00")
    kinds = "open line freeze value offer over late remind cases request climb"
    assert set(kinds.split()) <= seen
