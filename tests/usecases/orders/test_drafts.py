"""The mayor's unfinished sheet: sealed, only its writer's, and never on two orders."""

from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from sqlmodel import select
from support.hall import SERVICES, TECHNICAL, Guest, Hall
from support.together import together

from publicmeeting.domain.choices import InkColour, SheetPart
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.orders.ink import DOTS_MOST, Dot, Stroke, ink_text, strokes_text
from publicmeeting.domain.records import PictureKind
from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.store.database.rows.people import DraftRow
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.meetings.room import MeetingScreen, open_meeting
from publicmeeting.usecases.officials.managing import OneOfficial, suspend
from publicmeeting.usecases.orders.paper import drafts
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    OneSheet,
    SavedSheet,
    UnfinishedSheet,
    keep_unfinished,
    unfinished_sheet,
)
from publicmeeting.usecases.orders.paper.straightening import KeepStraightened, keep_straightened

BLUE = Stroke((Dot(10, 20, 0.5), Dot(30, 40, 1)), InkColour.BLUE, "a1b2c3")
BLACK = Stroke((Dot(700, 50, 0.2),), InkColour.BLACK, "d4e5f6")
PROMISE = "پیاده‌رو تا آذر ترمیم می‌شود."


@pytest.fixture
def guest(hall: Hall) -> Guest:
    """A guest in the room."""
    hall.receive(hall.guests[0])
    return hall.guests[0]


def sheet(hall: Hall, guest: Guest, who: str = "mayor") -> UnfinishedSheet:
    return hall.query(who, unfinished_sheet, OneSheet(code=guest.code))


def keep(hall: Hall, guest: Guest, who: str = "mayor", **fields: object) -> int:
    return kept(hall, guest, who, **fields).page


def kept(hall: Hall, guest: Guest, who: str = "mayor", **fields: object) -> SavedSheet:
    strokes = fields.pop("strokes", ())
    add = strokes_text(strokes) if strokes else ""
    command = KeepUnfinished.model_validate({"code": guest.code, "add": add, **fields})
    return hall.execute(who, keep_unfinished, command)


def test_what_is_written_comes_back_to_any_tab(hall: Hall, guest: Guest) -> None:
    keep(hall, guest, fields={"text": "ترمیم", "units": TECHNICAL}, strokes=[BLUE])
    keep(hall, guest, fields={"text": "ترمیم شود."}, strokes=[BLACK])
    seen = sheet(hall, guest)
    assert seen.page == 1
    assert seen.fields == {"text": "ترمیم شود.", "units": TECHNICAL}
    assert seen.strokes == (BLUE, BLACK)


def test_sent_again_it_is_kept_once_and_taken_back_it_is_gone(hall: Hall, guest: Guest) -> None:
    for _ in range(2):
        keep(hall, guest, strokes=[BLUE, BLACK])
    assert sheet(hall, guest).strokes == (BLUE, BLACK)
    for _ in range(2):
        keep(hall, guest, drop=(BLUE.id, "never0"))
    assert sheet(hall, guest).strokes == (BLACK,)


def test_it_is_sealed_and_nobody_elses(hall: Hall, guest: Guest) -> None:
    keep(hall, guest, fields={"text": "رازی که کسی نباید بخواند"}, strokes=[BLUE])
    with hall.reading() as uow:
        rows = [row.fields for row in uow.session.exec(select(DraftRow))]
    assert not any("راز".encode() in row or b"blue" in row for row in rows)
    mine = sheet(hall, guest, "deputy")
    assert (mine.fields, mine.strokes) == ({}, ())
    assert mine.owner != sheet(hall, guest).owner, "one tablet may serve both"
    for who in ("mayor4", guest.actor, "desk"):
        with pytest.raises(Denied, match=r"not_found|not_your_role"):
            sheet(hall, guest, who)
        with pytest.raises(Denied, match=r"not_found|not_your_role"):
            keep(hall, guest, who, fields={"text": "x"})


def test_a_successor_reads_that_a_written_sheet_is_no_order_and_whose_it_is(
    hall: Hall, guest: Guest
) -> None:
    """The mayor is suspended while she is in the room; his sheet stays sealed."""

    def begun_by(who: str) -> tuple[str, ...]:
        seen: MeetingScreen = hall.execute(who, open_meeting, OneCase(code=guest.code))
        return seen.begun_by

    mayor = hall.as_("mayor")
    assert begun_by("mayor") == ()
    keep(hall, guest, fields={"units": TECHNICAL, "way": "pen"}, strokes=[BLUE])
    keep(hall, guest, drop=(BLUE.id,))
    assert begun_by("deputy") == (), "nothing stands on it"
    keep(hall, guest, strokes=[BLACK])
    assert begun_by("mayor") == (), "he sees the sheet itself"
    assert mayor.account_id is not None
    hall.execute("administrator", suspend, OneOfficial(account=mayor.account_id))
    assert begun_by("deputy") == (mayor.name,)
    assert sheet(hall, guest, "deputy").strokes == ()
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        for row in uow.session.exec(select(DraftRow)):
            row.fields = b"unreadable"
            uow.session.add(row)
    assert begun_by("deputy") == (), "his damaged sheet closes no page of a colleague"


def test_an_issued_sheet_is_named_to_no_colleague(hall: Hall, guest: Guest) -> None:
    command = OneCase(code=guest.code)
    hall.execute("mayor", open_meeting, command)
    keep(hall, guest, fields={"text": "ترمیم شود."})
    hall.order(guest, note="ترمیم شود.", page=1)
    assert hall.execute("deputy", open_meeting, command).begun_by == ()


def test_a_field_of_no_sheet_is_not_kept(hall: Hall, guest: Guest) -> None:
    keep(hall, guest, fields={"identity": "0012345678", "text": "ا" * 9000})
    assert {name: len(text) for name, text in sheet(hall, guest).fields.items()} == {"text": 8000}


def test_strokes_that_are_none_or_too_many_change_nothing(hall: Hall, guest: Guest) -> None:
    keep(hall, guest, strokes=[BLUE])
    for add in ("x", '[{"id":"a1b2c3"}]'):
        with pytest.raises(Invalid, match="ink_unreadable"):
            keep(hall, guest, add=add)
    long = Stroke(tuple(Dot(n % 1000, 5) for n in range(DOTS_MOST - 1)), id="f0f0f0")
    with pytest.raises(Invalid, match="ink_too_long"):
        keep(hall, guest, strokes=[long])
    assert sheet(hall, guest).strokes == (BLUE,)


def test_an_issued_sheet_gives_way_to_an_empty_one(hall: Hall, guest: Guest) -> None:
    keep(hall, guest, fields={"text": "ترمیم شود.", "units": SERVICES}, strokes=[BLUE, BLACK])
    ink = ink_text(sheet(hall, guest).strokes)
    fields = {"note": "ترمیم شود.", "ink": ink, "promise": PROMISE, "page": 1}
    made = hall.order(guest, **fields)
    after = sheet(hall, guest)
    assert (after.page, after.fields, after.strokes) == (2, {}, ())
    with pytest.raises(Denied, match="page_issued") as word:
        keep(hall, guest, page=1, strokes=[BLUE])
    assert word.value.facts == {"page": 2, "gone": [BLUE.id]}
    late = Stroke((Dot(50, 60),), id="0a0b0c")
    assert keep(hall, guest, page=2, strokes=[late]) == 2
    hall.clock.forward(minutes=30)
    assert hall.order(guest, **fields) == made, "the answer was lost: pressed again much later"
    assert hall.order(guest, **{**fields, "ink": "", "note": ""}) == made
    assert len(guest.orders) == 1
    assert sheet(hall, guest).strokes == (late,)


@pytest.mark.on_postgresql
def test_a_stroke_that_comes_while_its_sheet_is_issued_waits_on_the_next_one(
    hall: Hall, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(hall, guest, strokes=[BLUE])
    begun, issued, write = Event(), Event(), drafts._keep_strokes

    def slowly(*arguments: Any) -> None:
        begun.set()
        issued.wait(0.5)
        write(*arguments)

    def issue() -> None:
        begun.wait(10)
        hall.order(guest, page=1, promise=PROMISE, ink=ink_text([BLUE]))
        issued.set()

    monkeypatch.setattr(drafts, "_keep_strokes", slowly)
    _, refused = together(issue, lambda: keep(hall, guest, page=1, strokes=[BLACK]))
    assert refused == []
    assert (sheet(hall, guest).page, sheet(hall, guest).strokes) == (2, (BLACK,))


def test_a_stroke_that_comes_while_its_sheet_is_composed_is_not_lost(
    hall: Hall, guest: Guest
) -> None:
    """The city composes the sheet without a lock, and the mayor goes on writing."""
    keep(hall, guest, strokes=[BLUE])
    ink = ink_text(sheet(hall, guest).strokes)
    assert keep(hall, guest, page=1, strokes=[BLACK]) == 1
    hall.order(guest, page=1, promise=PROMISE, ink=ink)
    after = sheet(hall, guest)
    assert (after.page, after.strokes) == (2, (BLACK,))


def test_a_stroke_of_an_issued_order_that_is_sent_again_is_on_no_second_sheet(
    hall: Hall, guest: Guest
) -> None:
    """The answer to the stroke was lost, and the mayor's other tablet issued the sheet."""
    keep(hall, guest, page=1, strokes=[BLUE])
    hall.order(guest, page=1, promise=PROMISE, ink=ink_text(sheet(hall, guest).strokes))
    with pytest.raises(Denied, match="page_issued") as word:
        keep(hall, guest, page=1, strokes=[BLUE, BLACK])
    assert word.value.facts == {"page": 2, "gone": [BLUE.id]}
    for _ in range(2):
        sent = kept(hall, guest, page=2, strokes=[BLUE, BLACK])
        assert (sent.page, sent.gone) == (2, {BLUE.id})
    assert sheet(hall, guest).strokes == (BLACK,), "what is new goes on"
    hall.order(guest, page=2, note="دیگر.", promise=PROMISE, ink=ink_text([BLACK]))
    assert kept(hall, guest, page=3, strokes=[BLUE, BLACK]).gone == {BLUE.id, BLACK.id}
    assert sheet(hall, guest).strokes == ()


def test_an_erased_stroke_that_arrives_late_or_again_stays_erased(hall: Hall, guest: Guest) -> None:
    """Its first request hung, or the mayor erased it on another tablet."""
    keep(hall, guest, page=1, strokes=[BLACK])
    keep(hall, guest, page=1, drop=(BLUE.id, BLACK.id, "x y"))
    assert kept(hall, guest, page=1, strokes=[BLUE, BLACK]).gone == {BLUE.id, BLACK.id}
    again = replace(BLUE, id="0a0b0c")
    assert kept(hall, guest, page=1, strokes=[again]).gone == set(), "put back it is a new one"
    assert sheet(hall, guest).strokes == (again,)
    hall.order(guest, page=1, promise=PROMISE, ink=ink_text([again]))
    assert kept(hall, guest, page=2, strokes=[BLACK]).gone == {BLACK.id}
    assert sheet(hall, guest).strokes == ()


def test_the_memory_of_gone_strokes_is_sealed_bounded_and_its_writers_own(
    hall: Hall, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "STROKES_MOST", 2)
    keep(hall, guest, page=1, strokes=[BLUE])
    hall.order(guest, page=1, promise=PROMISE, ink=ink_text([BLUE]))
    assert kept(hall, guest, "deputy", strokes=[BLUE]).gone == set()
    with hall.reading() as uow:
        rows = [row.fields for row in uow.session.exec(select(DraftRow))]
    assert not any(BLUE.id.encode() in row for row in rows)
    later = [Stroke((Dot(n, 5),), id=f"later{n}") for n in range(2)]
    keep(hall, guest, page=2, strokes=later)
    hall.order(guest, page=2, note="دیگر.", promise=PROMISE, ink=ink_text(later))
    sent = kept(hall, guest, page=3, strokes=[BLUE, *later])
    assert sent.gone == {one.id for one in later}, "the latest"
    hall.clock.forward(days=15)
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        uow.drafts.sweep()
        assert uow.session.exec(select(DraftRow)).all() == []


@pytest.mark.parametrize(
    ("stored", "left"),
    [
        ({"text": "ترمیم شود.", "promise": PROMISE}, {}),
        ({"text": "ترمیم  شود. ", "units": SERVICES}, {}),
        ({"text": "ترمیم شود.\nو چراغ هم."}, {"text": "و چراغ هم."}),
        ({"text": "ترمیم شود.\n"}, {}),
        ({"text": "ترمیم", "promise": PROMISE[:9]}, {}),
        ({"text": "چراغ نصب شود."}, {"text": "چراغ نصب شود."}),
        ({"text": "ترمیم شود.!"}, {"text": "ترمیم شود.!"}),
        ({"promise": "چراغ نصب می‌شود."}, {"promise": "چراغ نصب می‌شود."}),
        ({"paper": "b" * 32, "source": "c" * 32}, {"paper": "b" * 32, "source": "c" * 32}),
        ({"refusal": "نمی‌شود"}, {"refusal": "نمی‌شود"}),
    ],
)
def test_what_another_tablet_wrote_beside_the_issued_order_is_on_the_next_sheet(
    hall: Hall, guest: Guest, stored: dict[str, str], left: dict[str, str]
) -> None:
    """The city composes the sheet as it was pressed; another tablet saves more meanwhile."""
    keep(hall, guest, page=1, fields=stored)
    hall.order(guest, page=1, note="ترمیم شود.", promise=PROMISE)
    assert (sheet(hall, guest).page, sheet(hall, guest).fields) == (2, left)


@pytest.mark.parametrize("is_straight", [False, True])
def test_a_photo_of_an_issued_order_is_not_on_the_next_sheet_in_another_form(
    hall: Hall, guest: Guest, *, is_straight: bool
) -> None:
    """Another tablet straightens it, or undoes that, while the sheet is composed."""
    file = {"web": "a" * 64, "thumb": "b" * 64, "width": 9, "height": 9}
    photo = hall.execute(
        "mayor", keep_photo, KeepPhoto(kind=PictureKind.PAPER, original="c" * 64, **file)
    )
    straight = hall.execute("mayor", keep_straightened, KeepStraightened(paper=photo.id, **file))
    photographed = {"paper": photo.id}, {"paper": straight.id, "source": photo.id}
    keep(hall, guest, page=1, fields=photographed[not is_straight])
    hall.order(guest, page=1, paper=photographed[is_straight]["paper"], promise=PROMISE)
    assert (sheet(hall, guest).page, sheet(hall, guest).fields) == (2, {})


def test_a_text_that_hung_does_not_replace_the_newer_one_of_its_page(
    hall: Hall, guest: Guest
) -> None:
    """The page has repeated the request, and the mayor went on typing."""
    keep(hall, guest, tab="aa", turn=2, fields={"text": "ترمیم شود."})
    keep(hall, guest, tab="aa", turn=1, fields={"text": "ترمیم", "promise": PROMISE})
    keep(hall, guest, fields={"units": SERVICES})
    keep(hall, guest, tab="aa", turn=1, fields={"text": "ترمیم"})
    fields = {"text": "ترمیم شود.", "promise": PROMISE, "units": SERVICES}
    assert sheet(hall, guest).fields == fields, "a field that was not sent again counts"
    keep(hall, guest, tab="bb", turn=1, fields={"text": "دیگر"})
    assert sheet(hall, guest).fields["text"] == "دیگر", "another page begins to count at 1"
    keep(hall, guest, tab="aa", turn=3, fields={"text": ""})
    assert "text" not in sheet(hall, guest).fields


def test_a_colleagues_order_does_not_turn_the_page(hall: Hall, guest: Guest) -> None:
    keep(hall, guest, "deputy", fields={"text": "یادداشت جانشین"})
    hall.order(guest, page=1)
    seen = sheet(hall, guest, "deputy")
    assert (seen.page, seen.fields) == (1, {"text": "یادداشت جانشین"})


def test_every_file_of_the_sheet_is_in_its_custody(hall: Hall, guest: Guest) -> None:
    ink = ink_text([BLUE, BLACK])
    order = hall.order(guest, note="ترمیم شود.", ink=ink, promise=PROMISE)[0]
    with hall.reading() as uow:
        recorded = uow.document_audit.of_sheet(order.number)
    assert [(one.part, one.sha256) for one in recorded] == [
        (SheetPart.INK, sha_bytes(ink.encode())),
        (SheetPart.TEXT, sha_bytes("ترمیم شود.".encode())),
        (SheetPart.COMPOSED, "0" * 64),
        (SheetPart.THUMB, "1" * 64),
    ]
    assert {(one.role, one.at) for one in recorded} == {("mayor", order.issued_at)}


def test_the_same_ink_twice_is_one_order_and_other_ink_another(hall: Hall, guest: Guest) -> None:
    first = hall.order(guest, note="", ink=ink_text([BLUE]), promise=PROMISE)
    assert hall.order(guest, note="", ink=ink_text([BLUE]), promise=PROMISE) == first
    other = hall.order(guest, note="", ink=ink_text([BLACK]), promise=PROMISE)
    assert other != first
    assert len(guest.orders) == 2


def test_units_of_one_sheet_have_days_of_their_own(hall: Hall, guest: Guest) -> None:
    dues = {SERVICES: "2026-12-08"}
    first, second = hall.order(guest, TECHNICAL, SERVICES, due_on="2026-12-21", dues=dues)
    days = [order.due_on.isoformat() for order in (first, second)]
    assert days == ["2026-12-21", "2026-12-08"]
    assert hall.order(guest, TECHNICAL, SERVICES, due_on="2026-12-21", dues=dues) == [first, second]
    with pytest.raises(Invalid, match="holiday") as word:
        hall.order(guest, TECHNICAL, SERVICES, dues={SERVICES: "2026-12-11"}, note="دیگر.")
    assert word.value.field == f"due_on/{SERVICES}"


@pytest.mark.parametrize("dues", ["{", "[]", "[" * 20_000, '{"1": ' * 20_000], ids=len)
def test_unreadable_days_of_units_are_none(dues: str) -> None:
    assert drafts.dues_of({"dues": dues}) == {}


def test_the_promise_and_its_priority_go_with_the_order(hall: Hall, guest: Guest) -> None:
    typed = hall.order(guest, note="ترمیم شود. عکس بگیرید.")[0]
    assert (typed.promise, typed.priority) == ("ترمیم شود.", "normal")
    second_order = hall.order(guest, promise=PROMISE, priority="urgent", note="دیگر.")[0]
    assert (second_order.promise, second_order.priority) == (PROMISE, "urgent")
