"""A finished case is erased on request: texts and pictures go, history and log stay."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from support.citizens import citizen, file, someone
from support.city import City
from support.clock import FixedClock
from support.together import refusal
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.letters import search_prefixes
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.rows.cases import DroppedFileRow, ImageRow
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.tracking import my_data_text
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft
from publicmeeting.usecases.lifecycle.outages import note_running
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.tracking.my_data import (
    erase_case,
    erase_draft,
    erasing_page,
    export_my_data,
    my_data,
)
from publicmeeting.usecases.tracking.timeline import timeline_page

ADMINISTRATOR = Actor(account_id="administrator", grants=(Grant(Role.ADMINISTRATOR),))


def picture(application: Application, walked: WalkedCase, order_id: str | None = None) -> str:
    """Add a picture of hers to the case, or an official's to one of its orders."""
    with application.store.unit_of_work(application.clock()) as uow:
        request = walked.request
        row = ImageRow(
            id=f"picture {order_id or 'hers'}",
            kind=PictureKind.DRAFT,
            web="1" * 64 if order_id else "2" * 64,
            thumb="3" * 64 if order_id else "4" * 64,
            original="",
            width=1,
            height=1,
            request_id=request.id,
            order_id=order_id,
            by_person=None if order_id else request.person_id,
            by_account="technical" if order_id else None,
            created_at=application.clock(),
        )
        row.tag = row_tag(uow.vault, "image", row.model_dump())
        uow.session.add(row)
        return row.id


def erase(application: Application, walked: WalkedCase) -> None:
    application.execute_now(erase_case, walked.keys, OneCase(code=walked.code))


@pytest.fixture
def over(
    application: Application, a_request: Callable[..., WalkedCase], clock: FixedClock
) -> WalkedCase:
    """A case whose order was carried out more than a month ago."""
    walked = a_request(at=Stage.CLOSED)
    clock.forward(days=32)
    keys = citizen(application, walked.who.mobile, visit=walked.keys.visit)
    return WalkedCase(walked.city, walked.who, keys, walked.code)


@pytest.mark.on_postgresql
def test_texts_and_pictures_go_and_the_road_the_order_and_the_books_stay(
    application: Application, over: WalkedCase
) -> None:
    before = over.request
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (order,) = uow.orders.of_request(before.id)
        words = before.title.split()[0]
        assert search_prefixes(words)
    hers, official = picture(application, over), picture(application, over, order.id)
    page = application.query_now(erasing_page, over.keys, OneCase(code=over.code))
    assert (page.refused, page.erasable.pictures, page.orders) == ("", 1, 1)
    erase(application, over)
    after = over.request
    assert (after.title, after.text) == (
        my_data_text.INSTEAD["title"],
        my_data_text.INSTEAD["text"],
    )
    assert after.needs == ()
    assert [event.action for event in after.history] == [
        *(event.action for event in before.history),
        Action.ERASE,
    ]
    assert all(event.note is None for event in after.history)
    assert (after.stage, after.ticket, after.waited) == (before.stage, before.ticket, before.waited)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (stored,) = uow.orders.of_request(before.id)
        assert (stored.text, stored.promise) == (order.text, order.promise)
        assert uow.session.get(ImageRow, hers) is None
        assert uow.session.get(ImageRow, official) is not None
        assert {uow.session.get(DroppedFileRow, name) is not None for name in ("2" * 64, "4" * 64)}
        found = uow.lists.requests(Filter(words=words))
        assert over.code not in {line.code for line in found}
        assert over.code in {
            request.code for request in uow.lists.requests(Filter(words=over.code))
        }
    reply = application.execute_as(ADMINISTRATOR, examine, Checkup())
    assert [finding for examined in reply for finding in examined.findings] == []
    seen = application.query_now(timeline_page, over.keys, OneCase(code=over.code))
    assert Action.ERASE in {mark.action for mark in seen.marks}
    (exported,) = application.query_now(export_my_data, over.keys, Nothing())["requests"]
    assert exported["title"] == my_data_text.INSTEAD["title"]
    assert exported["orders"][0]["text"] == order.text


def test_what_officials_wrote_on_an_order_stays_and_what_she_wrote_goes(
    application: Application, over: WalkedCase
) -> None:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (before,) = uow.orders.of_request(over.request.id)
    erase(application, over)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (after,) = uow.orders.of_request(over.request.id)
    for was, now in zip(before.history, after.history, strict=True):
        assert now.note == (None if was.role is Role.CITIZEN else was.note)
    assert any(event.note for event in after.history), "the unit's report"


def test_it_is_erased_once_and_a_second_press_changes_nothing(
    application: Application, over: WalkedCase
) -> None:
    erase(application, over)
    version = over.request.version
    erase(application, over)
    assert over.request.version == version
    page = application.query_now(erasing_page, over.keys, OneCase(code=over.code))
    assert page.refused == "erased_already"
    assert page.erasable.notes == page.erasable.pictures == 0


def test_what_she_writes_afterwards_goes_by_another_press(
    application: Application, over: WalkedCase
) -> None:
    erase(application, over)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (order,) = uow.orders.of_request(over.request.id)
    heard = TakeStep(code=over.code, action="say_heard", verdict="no", note="نشنید")
    application.execute_now(take_step, over.keys, heard)
    comment = TakeOrderStep(number=order.number, action="comment", note="شمارهٔ من را نوشتم")
    application.execute_now(take_order_step, over.keys, comment)
    page = application.query_now(erasing_page, over.keys, OneCase(code=over.code))
    assert (page.refused, page.erasable.notes) == ("", 2)
    (case,) = application.query_now(my_data, over.keys, Nothing()).cases
    assert case.erases_more
    erase(application, over)
    assert over.request.count(Action.ERASE) == 1
    page = application.query_now(erasing_page, over.keys, OneCase(code=over.code))
    assert (page.refused, page.erasable.notes) == ("erased_already", 0)


def test_not_while_it_goes_on_and_not_while_it_may_be_opened_again(
    application: Application, a_request: Callable[..., WalkedCase], clock: FixedClock
) -> None:
    for stage, word in (
        (Stage.SUBMITTED, "stage_moved"),
        (Stage.WAITING, "stage_moved"),
        (Stage.WITHDRAWN, "erase_later"),
        (Stage.DECLINED, "erase_later"),
    ):
        walked = a_request(at=stage)
        assert refusal(lambda w=walked: erase(application, w)).key == word
        assert walked.request.title != my_data_text.INSTEAD["title"]
    page = application.query_now(erasing_page, walked.keys, OneCase(code=walked.code))
    assert page.from_day is not None
    assert page.from_day - walked.request.stage_at.date() >= timedelta(days=30)


def test_nobody_erases_somebody_elses(
    application: Application, over: WalkedCase, city: City
) -> None:
    other = someone(77)
    keys = citizen(application, other.mobile)
    file(application, other, keys)
    command = OneCase(code=over.code)
    for usecase in (erase_case, erasing_page):
        assert refusal(lambda u=usecase: application.execute_now(u, keys, command)).key == (
            "not_found"
        )
    assert refusal(lambda: application.execute_as(city.as_("desk"), erase_case, command)).key
    # Erasing has a use case of its own, so the ordinary step is refused.
    step = TakeStep(code=over.code, action=Action.ERASE.value)
    assert refusal(lambda: application.execute_now(take_step, over.keys, step)).key == "form_broken"
    assert over.request.count(Action.ERASE) == 0


def test_what_she_has_begun_to_write_goes_when_she_wishes(
    application: Application, over: WalkedCase
) -> None:
    command = SaveDraft(fields={"district": "6", "title": "نیمه‌کاره"})
    application.execute_now(save_draft, over.keys, command)
    application.execute_now(erase_draft, over.keys, Nothing())
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.drafts.read(uow.sessions.actor(over.keys)) == {}


def test_work_of_an_erased_request_is_not_opened_again(
    application: Application, a_request: Callable[..., WalkedCase], clock: FixedClock
) -> None:
    """Outages prolong the days for opening again, but not those for erasing."""
    walked = a_request(at=Stage.CLOSED)

    def city_runs() -> None:
        with application.store.unit_of_work(application.clock()) as uow:
            note_running(uow, clock.now)

    city_runs()
    clock.forward(days=3)
    city_runs()
    clock.forward(days=28)
    hers = Actor(person_id=walked.request.person_id, grants=(Grant(Role.CITIZEN),))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (order,) = uow.orders.of_request(walked.request.id)

    def offered() -> set[str]:
        page = application.query_as(hers, timeline_page, OneCase(code=walked.code))
        return {step.action.value for citizen_order in page.orders for step in citizen_order.steps}

    assert "reopen" in offered()
    application.execute_as(hers, erase_case, OneCase(code=walked.code))
    assert "reopen" not in offered()
    again = TakeOrderStep(number=order.number, action="reopen", note="هنوز شکسته است")
    word = refusal(lambda: application.execute_as(hers, take_order_step, again))
    assert word.key == "erased_already"
