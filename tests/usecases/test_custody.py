"""An order's paper is hashed again each time, and a file that differs is not called unchanged."""

import hashlib

import pytest
from support.hall import SERVICES, TECHNICAL, Guest, Hall

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Role
from publicmeeting.usecases.cases import OneCase
from publicmeeting.usecases.custody import CheckedPaper, checked, papers_of, print_of
from publicmeeting.usecases.order_pages import OneOrder


class Files(dict[str, bytes]):
    """Kept files by their names."""

    def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self[name] = data
        return name

    def get(self, sha: str, /) -> bytes:  # type: ignore[override]
        return self[sha]


@pytest.fixture
def guest(hall: Hall) -> Guest:
    return hall.guests[0]


def keep(hall: Hall, guest: Guest, files: Files, text: str) -> None:
    """A sheet for two units, written down part by part."""
    first, _ = hall.met(guest, TECHNICAL, SERVICES)
    parts = {
        SheetPart.INK: files.put(b"strokes"),
        SheetPart.TEXT: hashlib.sha256(text.encode()).hexdigest(),
        SheetPart.PRINTABLE: files.put(b"a page"),
    }
    sheet = first.number.partition("-")[0]
    with hall.office.store.work(hall.clock.now) as work:
        for part, sha256 in parts.items():
            work.custody.add(
                request_id=first.request_id, sheet=sheet, part=part, sha256=sha256,
                account_id=None, role=Role.MAYOR, at=hall.clock.now,
            )  # fmt: skip


def read(hall: Hall, guest: Guest, files: Files) -> CheckedPaper:
    (paper,) = hall.look(guest.actor, papers_of, OneCase(code=guest.code))
    return checked(paper, files, files)


def test_a_paper_that_several_units_share_is_checked_once_and_is_sound(
    hall: Hall, guest: Guest
) -> None:
    files = Files()
    keep(hall, guest, files, "پیاده‌روی خیابان ایتالیا تا پایان آذر ترمیم شود.")
    paper = read(hall, guest, files)
    found = [(one.part, one.found, one.role) for one in paper.parts]
    parts = (SheetPart.INK, SheetPart.TEXT, SheetPart.PRINTABLE)
    assert found == [(part, "same", Role.MAYOR) for part in parts]
    assert paper.is_sound


def test_a_changed_file_a_lost_one_and_another_text_are_named(hall: Hall, guest: Guest) -> None:
    files = Files()
    keep(hall, guest, files, "متنی که هرگز نوشته نشد.")
    files[hashlib.sha256(b"strokes").hexdigest()] = b"other strokes"
    del files[hashlib.sha256(b"a page").hexdigest()]
    paper = read(hall, guest, files)
    assert [one.found for one in paper.parts] == ["changed", "changed", "gone"]
    assert not paper.is_sound


def test_another_picture_in_the_place_of_the_composed_one_is_found(
    hall: Hall, guest: Guest
) -> None:
    files = Files()
    (order,) = hall.met(guest)
    with hall.office.store.work(hall.clock.now) as work:
        work.custody.add(
            request_id=order.request_id, sheet=order.number, part=SheetPart.COMPOSED,
            sha256=files.put(b"the signed one"), account_id=None, role=Role.MAYOR,
            at=hall.clock.now,
        )  # fmt: skip
    assert [one.found for one in read(hall, guest, files).parts] == ["changed"]


def test_a_paper_from_before_custody_claims_nothing(hall: Hall, guest: Guest) -> None:
    hall.met(guest)
    assert read(hall, guest, Files()).parts == ()


def test_the_papers_of_somebody_else_are_not_found(hall: Hall, guest: Guest) -> None:
    hall.met(guest)
    with pytest.raises(Denied) as word:
        hall.look(hall.guests[1].actor, papers_of, OneCase(code=guest.code))
    assert word.value.key == "not_found"


def test_the_page_for_printing_is_found_by_whoever_sees_the_order(hall: Hall, guest: Guest) -> None:
    files = Files()
    keep(hall, guest, files, "")
    for number, who in (
        ("-1", guest.actor), ("-2", guest.actor), ("-1", "technical"), ("-2", "services"),
        ("-1", "mayor"), ("-1", "deputy"), ("-1", "desk"), ("-1", "overseer"),
    ):  # fmt: skip
        wish = OneOrder(number=guest.orders[0].number.partition("-")[0] + number)
        assert hall.look(who, print_of, wish) == hashlib.sha256(b"a page").hexdigest()
    for who in (hall.guests[1].actor, "services", "mayor4", "desk4", "administrator", "phone"):
        with pytest.raises(Denied) as word:
            hall.look(who, print_of, OneOrder(number=guest.orders[0].number))
        assert word.value.key == "not_found"


def test_an_order_without_a_page_for_printing_has_none(hall: Hall, guest: Guest) -> None:
    (order,) = hall.met(guest)
    with pytest.raises(Denied) as word:
        hall.look(guest.actor, print_of, OneOrder(number=order.number))
    assert word.value.key == "not_found"
