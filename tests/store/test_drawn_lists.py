"""Who was in a finished draw, read from the published file once a process."""

from datetime import date, timedelta
from random import Random

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.plans import statements_sent

from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.line import drawn_lists
from publicmeeting.store.line.drawn_lists import DrawnList, DrawnLists
from publicmeeting.turns.simulation import sample_draw
from publicmeeting.usecases.tracking.timeline import draws_seen

SEATS, DAY = 8, timedelta(days=1)
DRAWN = at_tehran(MONDAY - 5 * DAY, "20:00")


def test_a_list_knows_its_own_tickets_and_no_other() -> None:
    file = sample_draw(Random(5), 200, 12)
    tickets = [row["ticket"] for row in file["pool"]]
    stranger = f"{int(tickets[0], 16) ^ 1:064x}"
    made = DrawnList.of(file)
    assert len(made) == len(tickets) == 200
    assert all(ticket in made for ticket in tickets)
    assert not any(one in made for one in (stranger, "0" * 64, "f" * 64))
    assert made.seated == {one["ticket"] for one in file["seated"]}
    assert [made.place(one) for one in file["standby"]] == list(range(1, made.waiting + 1))
    assert {made.place(one) for one in (*made.seated, stranger)} == {0}
    nobody = {**file, "seated": [], "standby": []}
    assert tickets[0] not in DrawnList.of(nobody)


def test_no_more_tickets_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_lists, "MOST", 25)
    text = canonical_json(sample_draw(Random(5), 10, 3))
    lists, read = DrawnLists(), [0]

    def reading() -> str:
        read[0] += 1
        return text

    def asked(name: str) -> int:
        """Return how many files were read for the answer."""
        before, key = read[0], (name, DRAWN, None)
        assert len(lists.get(key, reading)) == 10
        return read[0] - before

    assert [asked(name) for name in ("a", "b", "a", "b")] == [1, 1, 0, 0]
    assert [asked(name) for name in ("c", "b", "c", "a")] == [1, 0, 0, 1]
    assert asked("b") == 1, "longest not asked for"


def seen(line: Line, citizen: Citizen) -> list[tuple[date, bool]]:
    with line.reading() as uow:
        return [
            (draw_seen.monday, draw_seen.seated) for draw_seen in draws_seen(uow, citizen.request)
        ]


def test_her_draws_are_those_she_stood_in_and_each_file_is_read_once(line: Line) -> None:
    citizens = line.file(SEATS + 1)
    (elsewhere,) = line.file(1, district=4, accepted=False)
    line.until(MONDAY - 5 * DAY, "11:59")
    assert seen(line, citizens[0]) == []
    line.until(MONDAY - 5 * DAY, "20:00")
    (late,) = line.file(1)
    seated = {one["ticket"] for one in line.draw().file["seated"]}
    assert len(seated) == SEATS
    with statements_sent(line.city.application.store) as sent:
        for _ in range(2):
            for citizen in citizens:
                assert seen(line, citizen) == [(MONDAY, citizen.request.ticket in seated)]
            assert seen(line, late) == []
        assert sum("draw.file" in one for one in sent) == 1
        assert seen(line, elsewhere) == [(MONDAY, True)]
        assert sum("draw.file" in one for one in sent) == 2
    line.until(MONDAY + 2 * DAY, "20:00")
    (waits,) = [one for one in citizens if one.request.ticket not in seated]
    assert [monday for monday, _ in seen(line, waits)] == [MONDAY, MONDAY + 7 * DAY]
    assert [monday for monday, _ in seen(line, late)] == [MONDAY + 7 * DAY]
    with line.reading() as uow:
        ticket = waits.request.ticket
        assert uow.draws.draws_of_ticket(DISTRICT, ticket, MONDAY + 8 * DAY) == []
