"""What somebody might try with another request, or in another district."""

from datetime import date, timedelta

import pytest
from support.city import PASSWORD
from support.databases import Templates
from support.documents import Documents
from support.line import DISTRICT, MONDAY, Citizen, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit import Work
from publicmeeting.usecases.accounts import AddAccount, Nothing, add_account
from publicmeeting.usecases.lane_judging import lane_list

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SATURDAY_BEFORE = MONDAY - 9 * DAY
"""At its end filing for the Monday closes."""
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
SEATS = 8
ELSEWHERE = 4


@pytest.fixture
def templates(sqlite_templates: Templates) -> Templates:
    return sqlite_templates


def pool(line: Line, monday: date = MONDAY, district: int = DISTRICT) -> dict[str, int]:
    """Ticket → weeks waited of a frozen pool."""
    return {row["ticket"]: row["waited"] for row in line.draw(monday, district).file["pool"]}


def working(line: Line) -> Work:
    return line.city.office.store.work(line.clock())


def test_who_files_again_begins_with_no_weeks(line: Line) -> None:
    citizens = line.file(SEATS + 1)
    line.until(WEDNESDAY, "12:00")
    loser = next(one for one in citizens if one.stage == "waiting")
    old = loser.request
    assert old.waited == 1
    loser.does(Action.WITHDRAW)
    (again,) = line.file(1)
    assert (again.waited, again.request.debt, again.request.lane) == (0, 0, "general")
    assert again.request.ticket != old.ticket
    assert line.told("taken_out")[-1]["ticket"] == old.ticket


def test_a_winner_who_withdrew_releases_the_seat_at_once(line: Line) -> None:
    citizens = line.file(SEATS + 2)
    line.until(TUESDAY, "13:00")
    leavers = citizens[:5]
    for one in leavers:
        one.does(Action.WITHDRAW)
    line.until(WEDNESDAY, "12:00")
    file = line.draw().file
    gone = {one.request.ticket for one in leavers}
    assert gone <= {row["ticket"] for row in file["pool"]}
    won = [one for one in file["seated"] if one["ticket"] in gone]
    assert won
    released = [(one["ticket"], one["time"]) for one in line.told("seat_given_up")]
    assert released == [(one["ticket"], one["time"]) for one in won]
    offered = {one["time"] for one in line.told("offered")}
    standby = [t for t in file["standby"] if t not in gone]
    assert len(offered) == min(len(won), len(standby))


def test_a_request_sent_to_another_district_stands_in_that_line_only(line: Line) -> None:
    (sent,) = line.file(1, accepted=False)
    before = sent.request.ticket
    line.official("desk", sent, Action.REDIRECT, district=str(ELSEWHERE), note="در منطقهٔ ۴ است.")
    after = sent.request.ticket
    assert after != before
    line.until(TUESDAY, "12:00")
    assert before not in pool(line)
    assert pool(line, MONDAY, ELSEWHERE) == {after: 0}
    with pytest.raises(Denied, match="not_found"):
        line.official("desk", sent, Action.ASK_INFO, note="؟")


def redirect(line: Line, citizen: Citizen) -> None:
    line.official("desk", citizen, Action.REDIRECT, district=str(ELSEWHERE), note="منطقهٔ ۴")


def test_a_lane_goes_along_to_another_district_and_its_new_ticket_shows_it(
    line: Line, documents: Documents
) -> None:
    (sent,) = line.file(1, accepted=False)
    documents.ask(sent)
    documents.decide(sent, "yes", "yes")
    redirect(line, sent)
    line.until(TUESDAY, "12:00")
    (row,) = line.draw(MONDAY, ELSEWHERE).file["pool"]
    assert row["lane"] == "access"
    assert line.told("lane_judged")[-1] == {
        "ticket": row["ticket"], "lane": "access", "verdict": "yes",
    }  # fmt: skip


def test_an_open_ask_is_judged_by_two_of_the_new_district(line: Line, documents: Documents) -> None:
    (sent,) = line.file(1, accepted=False)
    documents.ask(sent)
    old = documents.judges(sent)
    redirect(line, sent)
    line.worker.tick()
    ask_id = documents.ask_id(sent)
    for judge in old:
        with pytest.raises(Denied, match="not_your_role"):
            documents.judge(judge, ask_id, "yes")
        assert line.city.office.look_as(judge, lane_list, Nothing()).lines == ()
    # District 4 has one officer only; as soon as there is a second unit, the clock picks.
    wish = AddAccount(
        username="technical4", name="technical4", password=PASSWORD,
        roles=(("unit", None, "d04-technical"),),
    )  # fmt: skip
    line.city.office.perform_as(COMMAND_LINE, add_account, wish)
    line.worker.tick()
    new = documents.judges(sent)
    assert {one.name for one in new} == {"desk4", "technical4"}
    documents.decide(sent, "yes", "yes")
    assert sent.request.lane == "access"
