"""Three auditors without shared code read four weeks of the product's own log alike."""

from datetime import timedelta
from pathlib import Path

import pytest
from agreement import MODULES, browser_found, product_found
from auditor import Memory, faults, program
from city_books import tile_path
from support.audited import all_draws
from support.browser_scripts import Scripts
from support.contests import decide, is_missed, missed_on_second_monday
from support.line import MONDAY, Citizen, Line

from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.identity import Proof
from publicmeeting.usecases.line.objections.undoing import undo_leaving
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
UNSIGNED = {"not_cosigned", "cosigned_late"}
"""Findings that are expected, because no witness signs the log of the tests' city."""


def paths_of(line: Line) -> tuple[dict[str, bytes], list[bytes]]:
    """Return what a mirror of the city has, and the entries alone."""
    with line.reading() as uow:
        entries = [entry.data for entry in uow.log.after(0, 100_000)]
        notes = {size: uow.log.note(size) for size in [*uow.log.cosigned_sizes(), len(entries)]}
        draws = {one.id: canonical_json(one.file) for one in all_draws(uow)}
    paths = {f"note/{size}": text.encode() for size, text in notes.items()}
    paths["checkpoint"] = paths[f"note/{len(entries)}"]
    for at in range(0, len(entries), 256):
        some = entries[at : at + 256]
        bundle = b"".join(len(one).to_bytes(2, "big") + one for one in some)
        paths[f"tile/entries/{tile_path(at // 256, len(some))}"] = bundle
    paths |= {f"draws/{name}.json": text.encode() for name, text in draws.items()}
    return paths, entries


@pytest.fixture
def lived(line: Line) -> Line:
    """A district after four weeks."""
    line.begun(_four_weeks)
    return line


def _four_weeks(line: Line) -> list[Citizen]:
    """Let holders of seats confirm, give up or say nothing by turns for four weeks.

    Some leave, some stay away, some are met.
    """
    monday, people = MONDAY, line.file(12)
    for week in range(4):
        line.until(monday - timedelta(days=5), "21:00")
        people += line.file(3, prefers="early")
        seated = [person for person in people if person.stage == Stage.INVITED]
        for at, citizen in enumerate(seated):
            if at % 4 == week % 4:
                citizen.does(Action.GIVE_UP_SEAT)
            elif at % 4 != 3:
                citizen.does(Action.CONFIRM)
        waiting = [person for person in people if person.stage == Stage.WAITING]
        for citizen in waiting[:1]:
            next_monday = monday + timedelta(weeks=1)
            citizen.does(Action.EXCLUDE, monday=next_monday.isoformat())
        for citizen in waiting[1:2]:
            citizen.does(Action.WITHDRAW)
        line.until(monday, "09:00")
        for citizen in [person for person in people if person.stage == Stage.CONFIRMED][:2]:
            line.meet(citizen)
        monday += timedelta(weeks=1)
    line.until(monday - timedelta(days=5), "21:00")
    return people


@pytest.fixture
def went_wrong(line: Line) -> Line:
    """A district in which each of four Mondays went wrong in another way.

    On the first the mayor stays in the room with the last visitor. The second is closed with an
    open offer. On the third nobody is called in. The city is down during the fourth's reveals.
    """
    people = line.drawn(9)
    inside, gives_up, *_ = [person for person in people if person.stage == Stage.INVITED]
    for citizen in (inside, gives_up):
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "10:00")
    line.official("reception", inside, Action.ARRIVE, identity=inside.identity)
    line.official("reception", inside, Action.CALL_IN)
    line.until(MONDAY, "13:00")
    refusal = FinishMeeting(code=inside.code, outcome="refused", note="این کار با طرح نمی‌خواند.")
    line.city.application.execute_as(line.city.as_("mayor"), finish_meeting, refusal)
    people += line.file(9)
    line.until(MONDAY + 2 * DAY, "20:00")
    gives_up = next(person for person in people if person.stage == Stage.INVITED)
    gives_up.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY + 3 * DAY, "09:00")
    assert line.close(MONDAY + WEEK) == 7
    line.until(MONDAY + 9 * DAY, "20:00")
    for citizen in [person for person in people if person.stage == Stage.INVITED]:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY + 15 * DAY, "12:00")
    line.sleep_until(MONDAY + 16 * DAY, "07:00")
    line.until(MONDAY + 19 * DAY, "21:00")
    return line


def test_three_auditors_find_no_fault_in_weeks_that_went_wrong(went_wrong: Line, tmp_path) -> None:
    find_nothing(went_wrong, tmp_path)
    (closed,) = [entry for entry in went_wrong.entries("reveals_closed") if entry["silent"]]
    assert closed["silent"] == ["city"]


def test_three_auditors_count_contests_alike(line: Line, tmp_path) -> None:
    """Two no-shows of one person, of which one is undone and one is judged late.

    The first is taken back while she is out of the line by a leaving that she undoes.
    """
    (absent,) = missed_on_second_monday(line)
    absent.does(Action.CONTEST_NO_SHOW, note="در سالن بودم.")
    absent.does(Action.WITHDRAW)
    decide(line, absent)
    line.city.application.execute_as(absent.actor, undo_leaving, OneCase(code=absent.code))
    assert absent.waited == 1
    line.until(MONDAY + 9 * DAY, "21:00")
    absent.does(Action.CONFIRM)
    line.until(MONDAY + 14 * DAY, "10:00")
    is_missed(line, absent)
    absent.does(Action.CONTEST_NO_SHOW, note="در سالن بودم.")
    line.until(MONDAY + 25 * DAY, "21:00")
    decide(line, absent, ("yes", "no"))
    line.until(MONDAY + 30 * DAY, "21:00")
    assert [entry["waited"] for entry in line.entries("weeks_back")] == [1]
    find_nothing(line, tmp_path)


def test_three_auditors_read_alike_what_came_back_as_it_stood(lived: Line, tmp_path) -> None:
    """Displaced while the desk waits for her answer: nothing is taken out.

    Only her proof, and then her answer, are in the log, after four weeks of others.
    """
    (citizen,) = lived.file(1, accepted=False)
    lived.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    proof = Proof(
        IdentityKind.NATIONAL,
        citizen.identity,
        Level.VERIFIED,
        "sso:my",
        "نام کارت",
        "+989350000077",
    )
    with lived.city.application.store.unit_of_work(lived.clock.now) as uow:
        holder = uow.people.get(citizen.request.person_id)
        owner = displace(uow, holder, proof, lived.clock.now)
        uow.people.set_mobile(owner.id, holder.mobile)
    lived.until(lived.clock.now.date() + 3 * WEEK, "12:00")
    lived.city.application.execute_as(citizen.actor, undo_leaving, OneCase(code=citizen.code))
    citizen.does(Action.GIVE_INFO, note="پلاک ۱۲")
    lived.until(lived.clock.now.date() + DAY, "12:00")
    proved = [entry["ticket"] for entry in lived.entries("verified")]
    assert proved.count(citizen.request.ticket) == 1
    find_nothing(lived, tmp_path)


def find_nothing(lived: Line, tmp_path: Path) -> None:
    paths, entries = paths_of(lived)
    decoded = [program.json.loads(entry) for entry in entries]
    assert len({entry["kind"] for entry in decoded}) > 15
    with lived.reading() as uow:
        origin = uow.log.keys().origin
    mine = program.Books(Memory(paths)).found
    assert [one for one in mine if one.code in faults(mine) - UNSIGNED] == []
    product = product_found(decoded, origin)
    with Scripts(tmp_path / "x", *MODULES) as scripts:
        browser = browser_found(scripts, decoded, origin)
    assert product == browser == set()
