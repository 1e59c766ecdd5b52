"""One row about a list or a Monday holds up the draws and the Mondays of no other."""

from datetime import timedelta

import pytest
from support.line import DISTRICT, MONDAY, WEDNESDAY, Line
from support.triggers import engine_of, write

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran

TUESDAY = MONDAY - timedelta(days=6)
OTHER = 4
CEREMONY = (
    (TUESDAY, "20:00"),
    (TUESDAY, "22:00"),
    (WEDNESDAY, "14:00"),
    (WEDNESDAY, "20:00"),
    (WEDNESDAY, "20:05"),
)
FREEZES = (
    "UPDATE draw SET frozen_at = NULL WHERE id = :draw",
    "UPDATE draw SET frozen_at = '2027-05-01 00:00:00' WHERE id = :draw",
    "UPDATE draw SET frozen_at = :never WHERE id = :draw",
    "INSERT INTO draw (id, district, monday, state, file) VALUES ('x', 99, :monday, 'open', '{}')",
)
DAYS = ("2027-01-01", "0001-01-01")
NEW_DRAW = (
    "INSERT INTO draw (id, district, monday, state, file) VALUES ('x', 6, :day, 'open', '{}')"
)

NEVER_OPENED = (
    'INSERT INTO monday (district, "on", seats, state, rules, why, place, guest, ranges_held,'
    " ranges_shown, tag) VALUES (99, '2026-11-23', '09:00', 'open', 1, '', '', '', 0, 0, '')"
)
ITS_DRAW = (
    "INSERT INTO draw (id, district, monday, state, file, drawn_at)"
    " VALUES ('y', 99, '2026-11-23', 'drawn', '{}', '2026-11-18 16:30:00')"
)


def never(line: Line) -> str:
    return "infinity" if engine_of(line).dialect.name == "postgresql" else "zzz"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("freeze", FREEZES)
def test_the_log_says_when_a_list_was_frozen(line: Line, freeze: str) -> None:
    """Otherwise one row moves the reveals, and with them every draw of the city."""
    line.until(TUESDAY, "13:00")
    named = {"draw": line.draw(district=OTHER).id, "monday": MONDAY.isoformat()}
    named["never"] = never(line)
    write(line, freeze, **{name: it for name, it in named.items() if f":{name}" in freeze})
    for day, clock in CEREMONY:
        line.clock.set(at_tehran(day, clock))
        line._print(line.clock.now)
        line.worker.run_due()
    assert line.draw(district=DISTRICT).state == "drawn"
    if "INSERT" in freeze:
        write(line, "DELETE FROM draw WHERE id = 'x'")
    else:
        sound = "UPDATE draw SET frozen_at = '2026-11-24 08:30:00' WHERE id = :draw"
        write(line, sound, draw=named["draw"])


@pytest.mark.on_postgresql
@pytest.mark.parametrize("day", DAYS)
def test_a_draw_on_a_day_of_no_monday_ends_no_search_of_the_clock(line: Line, day: str) -> None:
    write(line, NEW_DRAW, day=day)
    line.until(WEDNESDAY, "20:00")
    assert line.draw().state == "drawn"
    write(line, "DELETE FROM draw WHERE id = 'x'")


@pytest.mark.on_postgresql
def test_the_clock_writes_nothing_about_a_monday_that_the_log_never_opened(line: Line) -> None:
    for citizen in line.drawn(2):
        citizen.does(Action.CONFIRM)
    for statement in (NEVER_OPENED, ITS_DRAW):
        write(line, statement)
    for clock in ("00:00", "12:00"):
        line.clock.set(at_tehran(MONDAY, clock))
        line.worker.run_due()
    assert [entry["draw"] for entry in line.entries("monday_not_held")] == [line.draw().id]
    for table in ("monday", "draw"):
        write(line, f"DELETE FROM {table} WHERE district = 99")
    line.overlooked.add("opened_late")
