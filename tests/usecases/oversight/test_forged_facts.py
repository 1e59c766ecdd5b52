"""The database owner writes facts of the installation, and has no key."""

from datetime import timedelta

import pytest
from support.city import KEY
from support.hall import TECHNICAL, Hall
from support.triggers import write

from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action
from publicmeeting.store.database.vault import Vault
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import playable
from publicmeeting.usecases.oversight.books import CHECKS
from publicmeeting.usecases.oversight.books import _findings as findings
from publicmeeting.worker.cleanup import files_fine_at, note_files, stopped

CHECK = "every mark of the clock is as this program has written it"
WRITTEN = (
    "INSERT INTO fact (key, value) VALUES (:key, :value)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def writes(hall: Hall, key: str, value: str) -> None:
    write(hall, WRITTEN, key=key, value=value)


def found(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [one.where for one in findings(CHECKS[CHECK], uow, hall.clock.now)]


@pytest.mark.on_postgresql
def test_no_row_moves_the_clock_of_a_city(hall: Hall) -> None:
    """The log never goes back, so that a clock a year ahead for a second would end it."""
    writes(hall, "clock_offset_seconds", str(timedelta(days=365).total_seconds()))
    with hall.reading() as uow:
        assert uow.clockwork.offset() == uow.clockwork.pulse().offset == timedelta(0)
    assert hall.application.city_now() == hall.clock.now
    assert found(hall) == ["fact clock_offset_seconds"]


@pytest.mark.parametrize("secret", ["zzz", "00"])
def test_no_written_secret_ends_the_steps_of_officers_or_the_codes_of_papers(
    hall: Hall, secret: str
) -> None:
    with hall.reading() as uow:
        before = uow.orders.check_mark("1405-1")
    for key in ("officer_secret", "paper_key"):
        writes(hall, key, secret)
    assert hall.met(hall.guests[0], TECHNICAL)
    with hall.reading() as uow:
        assert uow.orders.check_mark("1405-1") == before
    assert found(hall) == ["fact officer_secret", "fact paper_key"]


def test_no_row_keeps_an_officers_step_out_of_the_log(hall: Hall) -> None:
    """An entry that a restore has left without a row would stand for her second arrival."""
    guest = hall.guests[0]
    hall.arrive(guest)
    hall.act("reception", guest, Action.UNDO_ARRIVAL, note="اشتباه شد.")
    with hall.reading() as uow:
        before = uow.log.head().seq
    writes(hall, "in-log-alone", " ".join(map(str, range(1, before + 1))))
    hall.arrive(guest)
    with hall.reading() as uow:
        assert uow.log.head().seq > before


def test_no_row_says_that_files_are_fine_or_ends_their_sweep(hall: Hall) -> None:
    store, now = hall.application.store, hall.clock.now
    for key in ("files_fine", "sweep_stopped"):
        writes(hall, key, "zzz")
    assert files_fine_at(store, now) is None
    with hall.reading() as uow:
        assert stopped(uow) is None
    note_files(store, now, fine=True)
    assert files_fine_at(store, now) == now


def test_no_row_makes_a_city_a_demo(hall: Hall) -> None:
    writes(hall, "demo", hall.clock.now.isoformat())
    assert hall.query(NOBODY, playable, Nothing()) == ()


def test_facts_have_tags_of_the_new_key_after_a_change_of_it(hall: Hall) -> None:
    new = Vault(b"n" * 32)
    assert new.check != Vault(KEY).check
    writes(hall, "forged", "zzz")
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        uow.facts.put("demo", "genuine")
        uow.facts.retag(new)
        assert uow.facts.get("demo") is None
        uow.vault = new
        assert [uow.facts.get(key) for key in ("demo", "forged")] == ["genuine", None]
        uow.session.rollback()
