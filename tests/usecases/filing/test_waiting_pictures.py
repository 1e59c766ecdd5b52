"""Pictures that are not attached yet: of which order, how many, and what makes room."""

from collections.abc import Callable

import pytest
from support.hall import SERVICES, TECHNICAL, Hall
from support.together import refusal, together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.records import Image, PictureKind
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import OrderAction
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import filing_page
from publicmeeting.usecases.filing.pictures import (
    LOOSE_MOST,
    KeepPhoto,
    OnePhoto,
    SendPhoto,
    drop_photo,
    keep_photo,
    may_send,
    see_photo,
)
from publicmeeting.usecases.orders.pages import OneOrder, open_order


def sent(
    hall: Hall, who: str | Actor, at: int, kind: PictureKind = PictureKind.REPORT, about: str = ""
) -> Image:
    command = KeepPhoto(
        kind=kind,
        about=about,
        web=f"{at:064d}",
        thumb="3" * 64,
        original="4" * 64,
        width=9,
        height=9,
    )
    hall.clock.forward(seconds=1)
    return hall.execute(who, keep_photo, command)


def unsent(hall: Hall, number: str, who: str = "technical") -> list[str]:
    page = hall.execute(who, open_order, OneOrder(number=number))
    return [one.id for one in page.unsent]


@pytest.fixture
def numbers(hall: Hall) -> list[str]:
    """Numbers of two orders of one unit, both taken on."""
    made = [hall.met(guest, TECHNICAL)[0].number for guest in hall.guests[:2]]
    for number in made:
        hall.step("technical", number, OrderAction.TAKE_ON)
    return made


@pytest.mark.on_postgresql
def test_pictures_that_come_at_once_lie_in_one_draft_and_are_counted(hall: Hall) -> None:
    visitor = Keys(visit="visitor")

    def send(at: int) -> Callable[[], Image]:
        command = KeepPhoto(
            kind=PictureKind.DRAFT,
            web=f"{at:064d}",
            thumb="3" * 64,
            original="4" * 64,
            width=9,
            height=9,
        )
        return lambda: hall.application.execute_now(keep_photo, visitor, command)

    done, refused = together(*map(send, range(PHOTOS_MOST + 2)))
    assert [word.key for word in refused] == ["photos_too_many"] * 2
    page = hall.application.query_now(filing_page, visitor, Nothing())
    assert {photo.id for photo in page.photos} == {one.id for one in done}


def test_a_report_begun_is_found_again_and_does_not_count_for_another_order(
    hall: Hall, numbers: list[str]
) -> None:
    one, other = numbers
    waiting = [sent(hall, "technical", at, about=one).id for at in range(LOOSE_MOST)]
    assert unsent(hall, one) == waiting
    assert unsent(hall, other) == []
    word = refusal(lambda: sent(hall, "technical", 99, about=one))
    assert (word.key, word.facts["limit"]) == ("photos_too_many", LOOSE_MOST)
    assert unsent(hall, other) == []
    sent(hall, "technical", 99, about=other)
    hall.execute("technical", drop_photo, OnePhoto(id=waiting[0]))
    sent(hall, "technical", 99, about=one)
    assert len(unsent(hall, one)) == LOOSE_MOST


def test_what_is_sent_with_a_report_waits_no_longer(hall: Hall, numbers: list[str]) -> None:
    one, other = numbers
    first, second = (sent(hall, "technical", at, about=one).id for at in range(2))
    foreign = sent(hall, "technical", 7, about=other).id

    def report(*photos: str) -> object:
        return hall.step("technical", one, OrderAction.REPORT, note="شد.", photos=photos)

    assert refusal(lambda: report(first, foreign)).key == "image_not_yours"
    report(first)
    assert unsent(hall, one) == [second]
    assert unsent(hall, other) == [foreign]


@pytest.mark.parametrize("who", ["services", "technical"])
def test_a_picture_about_an_order_of_somebody_else_is_not_taken(hall: Hall, who: str) -> None:
    (order,) = hall.met(hall.guests[0], SERVICES)
    allowed = who == "services"
    for command, do in (
        (SendPhoto(kind=PictureKind.REPORT, about=order.number), may_send),
        (
            KeepPhoto(
                kind=PictureKind.REPORT,
                about=order.number,
                web="2" * 64,
                thumb="3" * 64,
                original="4" * 64,
                width=9,
                height=9,
            ),
            keep_photo,
        ),
    ):
        if allowed:
            hall.execute(who, do, command)
        else:
            assert (
                refusal(lambda do=do, command=command: hall.execute(who, do, command)).key
                == "not_found"
            )


def test_pictures_of_before_are_counted_apart_and_only_a_unit_sends_them(
    hall: Hall, numbers: list[str]
) -> None:
    one, _ = numbers
    after = [sent(hall, "technical", at, about=one).id for at in range(LOOSE_MOST)]
    before = sent(hall, "technical", 50, PictureKind.BEFORE, one).id
    assert unsent(hall, one) == [before, *after]
    for who in ("mayor", hall.guests[0].actor):
        word = refusal(lambda who=who: sent(hall, who, 60, PictureKind.BEFORE, one))
        assert word.key == "not_your_role"
    word = refusal(lambda: sent(hall, "services", 61, PictureKind.BEFORE, one))
    assert word.key == "not_found"


@pytest.mark.parametrize(
    ("who", "kind"), [("mayor", PictureKind.PAPER), ("citizen", PictureKind.PROOF)]
)
def test_where_no_page_shows_what_waits_the_oldest_makes_room(
    hall: Hall, who: str, kind: PictureKind
) -> None:
    actor = hall.guests[0].actor if who == "citizen" else hall.as_(who)
    waiting = [sent(hall, actor, at, kind).id for at in range(LOOSE_MOST + 1)]
    gone, *others = waiting
    assert refusal(lambda: hall.execute(actor, see_photo, OnePhoto(id=gone))).key == "not_found"
    for one in others:
        assert hall.execute(actor, see_photo, OnePhoto(id=one)).id == one


def test_a_picture_that_comes_after_her_filing_is_refused_and_lies_in_no_draft(hall: Hall) -> None:
    """Chosen in one tab while she filed in another: she is told, and brings it."""
    guest = hall.guests[0].actor
    before = hall.query(guest, filing_page, Nothing())
    with pytest.raises(Denied, match="photo_after_filing"):
        hall.execute(guest, may_send, SendPhoto(kind=PictureKind.DRAFT))
    with pytest.raises(Denied, match="photo_after_filing"):
        sent(hall, guest, 1, PictureKind.DRAFT)
    assert hall.query(guest, filing_page, Nothing()).photos == before.photos == ()
    # For another person with the same mobile, filing goes on.
    other = Actor(visit="visitor")
    assert sent(hall, other, 2, PictureKind.DRAFT).id
