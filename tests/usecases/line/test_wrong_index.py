"""The database owner changes the index of the log, and no cause of a signed entry is wrong by it.

A cause that is wrong makes the entry void for ever: a citizen who came back would be in no list.
"""

from datetime import timedelta

import pytest
from support.line import MONDAY, WEDNESDAY, Citizen, Line
from support.triggers import write

from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action
from publicmeeting.kit.jalali import iso
from publicmeeting.store.line.shared_book import SharedBook
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.receipts import proof_sheet, receipt, signed_receipts
from publicmeeting.usecases.line.ceremony.reveals import close_reveals, reveal
from publicmeeting.usecases.line.mondays import close_line
from publicmeeting.usecases.public_record.cosigning import witness_weeks
from publicmeeting.usecases.public_record.log import acts_in_names, districts_of
from publicmeeting.usecases.public_record.tree import OneRow, draw_row

TUESDAY = MONDAY - timedelta(days=6)


def listed(line: Line, who: Citizen) -> bool:
    return who.request.ticket in {row["ticket"] for row in line.draw().file["pool"]}


@pytest.mark.on_postgresql
def test_a_citizen_who_answers_is_in_the_line_although_the_index_names_another_entry(
    line: Line,
) -> None:
    (asked,) = line.file(1, accepted=False)
    for officer in ("desk", "second_desk"):
        line.official(officer, asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
        (*_, out) = line.seqs(Kind.TAKEN_OUT)
        if officer == "second_desk":
            write(line, "DELETE FROM log_index WHERE seq = :out", out=out)
        asked.does(Action.GIVE_INFO, note="روبه‌روی پارک.")
    assert [entry["because"] for entry in line.entries(Kind.TAKEN_IN)][-1] == [out]
    line.until(TUESDAY, "12:00")
    assert listed(line, asked)


def test_a_redirect_is_that_of_the_request_although_the_index_names_another(line: Line) -> None:
    first, second = line.file(2, accepted=False)
    swap = "UPDATE log_index SET ticket = CASE ticket WHEN :one THEN :other ELSE :one END"
    where = " WHERE kind = 'filed' AND ticket IN (:one, :other)"
    tickets = {"one": first.request.ticket, "other": second.request.ticket}
    write(line, swap + where, **tickets)
    line.official("desk", first, Action.REDIRECT, district="7", note="آن سوی خیابان است.")
    filed = {entry.seq: entry.body["ticket"] for entry in line.log() if entry.kind == Kind.FILED}
    (redirected,) = line.entries(Kind.REDIRECTED)
    assert [filed[seq] for seq in redirected["because"]] == [tickets["one"]]
    write(line, swap + where, **tickets)


@pytest.mark.on_postgresql
def test_an_offer_is_hers_although_the_row_of_the_seat_names_another_cause(line: Line) -> None:
    citizens = line.drawn(9)
    (standby,) = line.draw().file["standby"]
    (following,) = (one for one in citizens if one.request.ticket == standby)
    line.until(MONDAY - timedelta(days=4), "15:30")
    first = next(one for one in citizens if one.request.seat)
    first.does(Action.GIVE_UP_SEAT)
    (freed,) = line.seqs(Kind.SEAT_GIVEN_UP)
    write(line, "UPDATE seat SET freed_by = 1 WHERE freed_by = :freed", freed=freed)
    line.worker.tick()
    assert [entry["because"] for entry in line.entries(Kind.OFFERED)] == [[freed]]
    following.does(Action.CONFIRM)


def test_a_list_is_closed_by_the_entry_that_closed_it_whatever_the_index_says(line: Line) -> None:
    line.file(2)
    line.until(TUESDAY, "11:00")
    (closed,) = line.seqs(Kind.LINE_CLOSED)
    write(line, "UPDATE log_index SET seq = 1 WHERE seq = :closed", closed=closed)
    line.until(TUESDAY, "12:00")
    assert {tuple(entry["because"]) for entry in line.entries(Kind.FREEZE)} == {(closed,)}
    write(
        line,
        "UPDATE log_index SET seq = :closed WHERE seq = 1 AND kind = 'line_closed'",
        closed=closed,
    )


INVENTED = "INSERT INTO log_index (seq, ticket, about, kind) VALUES (:seq, '', :about, :kind)"
FIRST_INVENTED = 900001
ONCE = (Kind.LINE_CLOSED, Kind.REVEALS_CLOSED, Kind.VALUE_STANDS, Kind.FREEZE, Kind.DRAW)
HIDDEN = "UPDATE log_index SET about = :about WHERE kind = :kind AND about = :before"
LOGGED = (
    ("11:59", Kind.LINE_CLOSED, "line-closed", close_line),
    ("20:01", Kind.REVEAL, "reveal", reveal),
    ("22:01", Kind.REVEALS_CLOSED, "reveals-closed", close_reveals),
)


@pytest.mark.on_postgresql
def test_what_the_index_invents_stops_no_list_and_no_draw(line: Line) -> None:
    line.file(2)
    for seq, kind in enumerate(ONCE, FIRST_INVENTED):
        about = line.draw().id if kind in (Kind.FREEZE, Kind.DRAW) else iso(MONDAY)
        write(line, INVENTED, seq=seq, about=about, kind=kind.value)
    line.until(WEDNESDAY, "20:05")
    assert line.draw().state == "drawn"
    write(line, "DELETE FROM log_index WHERE seq >= :seq", seq=FIRST_INVENTED)


@pytest.mark.on_postgresql
def test_what_index_and_marks_have_lost_is_logged_once(line: Line) -> None:
    line.file(2)
    for clock, kind, mark, step in LOGGED:
        line.until(TUESDAY, clock)
        before = line.seqs(kind)
        assert before
        write(line, HIDDEN, kind=kind.value, before=iso(MONDAY), about="lost")
        write(line, "DELETE FROM job WHERE name LIKE :mark", mark=f"{mark}/%")
        with line.city.application.store.unit_of_work(line.clock()) as uow:
            step(uow, MONDAY, line.clock())
        assert line.seqs(kind) == before
        write(line, HIDDEN, kind=kind.value, before="lost", about=iso(MONDAY))


def shown(line: Line, who: Citizen) -> list[object]:
    """What citizens, anybody and a witness's program read about entries of the log."""
    one = OneCase(code=who.code)
    pages = [
        line.city.application.query_as(who.actor, page, one)
        for page in (receipt, proof_sheet, signed_receipts)
    ]
    row = OneRow(draw=line.draw().id, ticket=who.request.ticket)
    with line.reading() as uow:
        acts = acts_in_names(uow, line.clock() - timedelta(weeks=8))
        return [
            *pages,
            line.city.application.query_as(NOBODY, draw_row, row).entries,
            line.city.application.query_as(NOBODY, witness_weeks, Nothing()).weeks,
            districts_of(uow, acts.done),
        ]


MISLED = "UPDATE log_index SET ticket = CASE ticket WHEN :one THEN :other ELSE :one END"
RENAMED = "UPDATE log_index SET about = CASE about WHEN :one THEN :other ELSE :one END"


@pytest.mark.on_postgresql
def test_receipts_rows_of_draws_and_figures_are_of_the_log_whatever_the_index_says(
    line: Line,
) -> None:
    hers, sent_on = line.file(2, accepted=False)
    line.official("desk", sent_on, Action.REDIRECT, district="7", note="آن سوی خیابان است.")
    line.official("desk", hers, Action.ACCEPT)
    line.until(WEDNESDAY, "20:05")
    sent_on.does(Action.WITHDRAW)
    before = shown(line, hers)
    following = MONDAY + timedelta(weeks=1)
    exchanged = (
        (MISLED, "ticket", hers.request.ticket, sent_on.request.ticket),
        (RENAMED, "about", line.draw().id, line.draw(following).id),
        (RENAMED, "about", iso(MONDAY), iso(following)),
    )
    for _ in ("exchanged", "and as it was"):
        for statement, column, one, other in exchanged:
            where = f" WHERE {column} IN (:one, :other)"
            write(line, statement + where, one=one, other=other)
        assert shown(line, hers) == before


def test_a_receipt_and_a_proof_are_read_while_the_log_is_not_the_signed_one(line: Line) -> None:
    (hers,) = line.file(1)
    one = OneCase(code=hers.code)
    wrong = "UPDATE public_log SET body = replace(body, '{', '{ ') WHERE seq = 1"
    write(line, wrong)
    line.city.application.store._shared_book = SharedBook()
    for page in (receipt, proof_sheet):
        assert line.city.application.query_as(hers.actor, page, one).log.mark.seq
    write(line, wrong.replace("'{', '{ '", "'{ ', '{'"))
    line.city.application.store._shared_book = SharedBook()
