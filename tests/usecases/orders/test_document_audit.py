"""An order's paper is hashed at each check, and a changed file is never called unchanged."""

import hashlib
from dataclasses import replace

import pytest
from support.clock import SATURDAY
from support.hall import SERVICES, TECHNICAL, TEXT, Guest, Hall
from support.orders import issue_undrawn

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Role
from publicmeeting.store.orders.papers import AuditedFile
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.pages import OneOrder
from publicmeeting.usecases.orders.paper.document_audit import (
    Paper,
    check_paper,
    printable_file,
    request_papers,
)


class Files(dict[str, bytes]):
    """Stored files by name."""

    def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self[name] = data
        return name

    def get(self, sha: str, /) -> bytes:
        return self[sha]


def issue(hall: Hall, guest: Guest, files: Files, *units: str) -> None:
    """Hold the whole meeting, with a sheet whose files are stored."""
    hall.receive(guest)
    command = IssueOrders(code=guest.code, units=units or (TECHNICAL,), note=TEXT)
    pictures = files.put(b"picture"), files.put(b"thumbnail")
    issue_undrawn(hall.application, hall.as_("mayor"), command, pictures, files.put(b"a page"))
    hall.finish(guest)


def read(hall: Hall, guest: Guest) -> Paper:
    (paper,) = hall.query(guest.actor, request_papers, OneCase(code=guest.code))
    return paper


def found(paper: Paper, files: Files) -> dict[SheetPart, str]:
    return {part.part: part.found for part in check_paper(paper, files, files).parts}


PARTS = (SheetPart.TEXT, SheetPart.COMPOSED, SheetPart.THUMB, SheetPart.PRINTABLE)


def test_a_paper_that_several_units_share_is_checked_once_and_is_sound(
    hall: Hall, guest: Guest
) -> None:
    files = Files()
    issue(hall, guest, files, TECHNICAL, SERVICES)
    seen = check_paper(read(hall, guest), files, files)
    assert [(part.part, part.found) for part in seen.parts] == [(part, "same") for part in PARTS]
    assert {(part.role, part.at) for part in seen.parts} == {(Role.MAYOR, hall.clock.now)}
    assert seen.is_sound


def test_a_changed_file_and_a_lost_one_are_named(hall: Hall, guest: Guest) -> None:
    files = Files()
    issue(hall, guest, files)
    files[hashlib.sha256(b"thumbnail").hexdigest()] = b"another one"
    del files[hashlib.sha256(b"a page").hexdigest()]
    paper = read(hall, guest)
    same = dict.fromkeys(PARTS, "same")
    changed = {SheetPart.THUMB: "changed", SheetPart.PRINTABLE: "gone"}
    assert found(paper, files) == {**same, **changed}
    assert not check_paper(paper, files, files).is_sound


def test_another_text_and_another_picture_in_its_place_are_found(hall: Hall, guest: Guest) -> None:
    files = Files()
    issue(hall, guest, files)
    paper = read(hall, guest)
    assert found(replace(paper, text=f"{TEXT} "), files)[SheetPart.TEXT] == "changed"
    assert found(replace(paper, shown=files.put(b"forged")), files)[SheetPart.COMPOSED] == "changed"


def test_what_came_from_the_hand_is_looked_for_among_the_originals() -> None:
    images, originals = Files(), Files()
    ink = AuditedFile(SheetPart.INK, originals.put(b"strokes"), Role.MAYOR, SATURDAY)
    made = AuditedFile(SheetPart.COMPOSED, images.put(b"picture"), Role.MAYOR, SATURDAY)
    paper = Paper("14050909067", (ink, made), "", made.sha256)
    assert check_paper(paper, images, originals).is_sound
    assert not check_paper(paper, originals, images).is_sound


def test_a_paper_from_before_custody_claims_nothing() -> None:
    files = Files()
    assert check_paper(Paper("14050909067", (), TEXT, ""), files, files).parts == ()


def test_the_papers_of_somebody_else_are_not_found(hall: Hall, guest: Guest) -> None:
    issue(hall, guest, Files())
    with pytest.raises(Denied) as word:
        hall.query(hall.guests[1].actor, request_papers, OneCase(code=guest.code))
    assert word.value.key == "not_found"


def test_the_page_for_printing_is_found_by_whoever_sees_the_order(hall: Hall, guest: Guest) -> None:
    issue(hall, guest, Files(), TECHNICAL, SERVICES)
    first, second = guest.orders
    for order, who in (
        (first, guest.actor),
        (second, guest.actor),
        (first, "technical"),
        (second, "services"),
        (first, "mayor"),
        (first, "deputy"),
        (first, "desk"),
    ):
        name = hall.query(who, printable_file, OneOrder(number=order.number))
        assert name == hashlib.sha256(b"a page").hexdigest()
    for who in (
        hall.guests[1].actor,
        "services",
        "mayor4",
        "desk4",
        "administrator",
        "phone",
        "overseer",
    ):
        with pytest.raises(Denied) as word:
            hall.query(who, printable_file, OneOrder(number=first.number))
        assert word.value.key == "not_found"


def test_an_order_without_a_page_for_printing_has_none(hall: Hall, guest: Guest) -> None:
    (order,) = hall.met(guest)
    with pytest.raises(Denied) as word:
        hall.query(guest.actor, printable_file, OneOrder(number=order.number))
    assert word.value.key == "not_found"
