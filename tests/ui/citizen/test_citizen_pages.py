"""A citizen's own page, her receipt, and the page that tracks a code."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import reflex as rx
from support.citizens import a_form, citizen, file, own_visit, someone
from support.city import City
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.staff_tab import Tab, do
from support.walk import WalkedCase

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, OrderAction, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.lifecycle.outbox import BACK_OFF, Notice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.common.dates_text import moment
from publicmeeting.text.filing import receipt_text
from publicmeeting.text.tracking import my_page_text, tracking_text
from publicmeeting.ui.citizen import mine
from publicmeeting.ui.citizen import receipt as receipts
from publicmeeting.ui.citizen import track as track_page
from publicmeeting.ui.citizen.receipt import page as receipt_page
from publicmeeting.ui.citizen.receipt import proof_page
from publicmeeting.ui.citizen.shared import of_her_own
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.track import TrackedView, TrackState, tracked_view
from publicmeeting.usecases.accounts.signing_in.sign_in import SignOut, sign_out
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for, speak_for_another
from publicmeeting.usecases.filing.lost import note_lost
from publicmeeting.usecases.filing.receipts import receipt
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft
from publicmeeting.usecases.tracking.by_code import Track, track, tracked_stages
from publicmeeting.usecases.tracking.my_page import my_page, read_notices
from publicmeeting.usecases.tracking.turn import my_turn

FOLD = "details"
_FIELD = re.compile(r'.*\["(\w+)"\]$')


def test_one_person_is_chosen_by_name_while_another_has_not_said_who_she_is(hall: Hall):
    page = hall.query(hall.guests[0].actor, my_page, Nothing())
    one = (("hers", "مریم"),)
    undecided = replace(page, person_id=None, others=one, is_asked=True)
    assert [person.label for person in mine.page_view(undecided).persons] == ["مریم"]
    assert mine.page_view(undecided).is_asked
    # Whose requests they are is not chosen yet, so nobody reads that she has none.
    asked = replace(undecided, requests=())
    assert not mine.page_view(asked).is_empty
    assert mine.page_view(replace(asked, person_id="hers")).is_empty
    assert mine.page_view(replace(asked, others=(), is_asked=False)).is_empty
    assert mine.page_view(replace(page, person_id="hers", others=one)).persons == ()


def test_a_request_that_waits_for_her_is_saffron_and_one_that_is_late_says_by_how_much(hall: Hall):
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.ASK_CITIZEN, note="کدام پلاک؟")
    page = hall.query(guest.actor, my_page, Nothing())
    view = mine.page_view(page)
    assert view.may_file, "she may file another while its orders are under way"
    (row,) = view.open_rows
    assert (row.badge.tone, row.tile.kind, view.past_rows) == ("saffron", "now", ())
    guest.does(number, OrderAction.TELL_UNIT, note="پلاک ۱۴")
    hall.clock.set(hall.clock.now + timedelta(days=60))
    page = hall.query(guest.actor, my_page, Nothing())
    (row,) = mine.page_view(page).open_rows
    assert (row.badge.tone, row.badge.icon) == ("brick", "flag")
    assert "روز کاری دیرکرد" in row.badge.word


def test_her_messages_are_new_until_she_has_looked(hall: Hall):
    guest = hall.guests[0]
    page = hall.query(guest.actor, my_page, Nothing())
    notices = mine.page_view(page).notices
    assert notices[0].is_new
    assert all(
        notice.title and notice.text and notice.href == f"/mine/{guest.code}/" for notice in notices
    )
    hall.execute(guest.actor, read_notices, Nothing())
    page = hall.query(guest.actor, my_page, Nothing())
    again = mine.page_view(page).notices
    assert not any(notice.is_new for notice in again)
    assert [notice.title for notice in again] == [notice.title for notice in notices]


def ways(hall: Hall) -> list[str]:
    """Return how each of her messages reached her or will, the newest first."""
    page = hall.query(hall.guests[0].actor, my_page, Nothing())
    view = mine.page_view(page)
    return [notice.how for notice in (*view.notices, *view.older)]


def newest(hall: Hall, does: Callable[[UnitOfWork, Notice], None]) -> None:
    """Let something happen to her newest message."""
    person = hall.guests[0].request.person_id
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        does(uow, uow.outbox.inbox(person, 1)[0])


def fails_again(uow: UnitOfWork, notice: Notice) -> None:
    """Make a message due now."""
    uow.connection.exec_driver_sql(f"UPDATE outbox SET next_try_at = at WHERE id = {notice.id}")
    uow.outbox.mark_failed(notice)


@pytest.mark.on_postgresql
def test_a_message_says_where_it_is(hall: Hall):
    """Queued, tried again, given up, sent, called by telephone, not sent: each has its own text."""
    hall.met(hall.guests[0])
    assert ways(hall)[0] == my_page_text.QUEUED
    newest(hall, lambda uow, notice: uow.outbox.mark_failed(notice))
    assert ways(hall)[0] == my_page_text.AGAIN.format(time="۲", moment="امروز، ۹:۰۱")
    for _ in BACK_OFF:
        newest(hall, fails_again)
    assert ways(hall)[0] == my_page_text.NOT_REACHED["failed"]
    newest(
        hall, lambda uow, notice: uow.outbox.mark_called(notice.id, None, hall.clock.now) and None
    )
    assert ways(hall)[0] == my_page_text.REACHED_AT_ONCE["called"], "its moment is above it"
    newest(hall, lambda uow, notice: uow.outbox.unmark_called(notice.id, has_mobile=False))
    assert ways(hall)[0] == my_page_text.NOT_REACHED["to_call"]
    hall.clock.forward(minutes=1)
    newest(hall, lambda uow, notice: uow.outbox.mark_sent(notice))
    hall.clock.forward(days=1)
    assert ways(hall)[0] == my_page_text.REACHED["sent"].format(moment="دیروز، ۹:۰۱")
    newest(hall, lambda uow, notice: uow.outbox.mark_shown(notice))
    assert ways(hall)[0] == my_page_text.NOT_REACHED["shown"], "its time is over; none is queued"


@pytest.mark.parametrize(
    ("days", "hour", "moment"), [(0, "23:10", "فردا، ۸:۰۰"), (1, "03:00", "امروز، ۸:۰۰")]
)
def test_at_night_a_message_waits_for_the_morning(hall: Hall, days: int, hour: str, moment: str):
    hall.met(hall.guests[0])
    hall.clock.set(at_tehran(MONDAY + timedelta(days=days), hour))
    assert ways(hall)[0] == my_page_text.QUIET.format(moment=moment)


def test_new_messages_are_counted(hall: Hall):
    guest = hall.guests[0]
    lead = mine.page_view(hall.query(guest.actor, my_page, Nothing())).notices_lead
    assert lead.endswith(my_page_text.NOTICES_WHY)
    assert "پیام تازه" in lead
    hall.execute(guest.actor, read_notices, Nothing())
    lead = mine.page_view(hall.query(guest.actor, my_page, Nothing())).notices_lead
    assert lead == my_page_text.NOTICES_WHY


def test_her_numbers_are_masked_and_her_draft_waits(city: City):
    who = someone(1)
    keys = citizen(city.application, who.mobile)
    city.application.execute_now(save_draft, keys, SaveDraft(fields={"title": "جوی گرفته"}))
    page = city.application.query_now(my_page, keys, Nothing())
    assert (page.person_id, page.requests, page.has_draft) == (None, (), True)
    file(city.application, who, keys)
    page = city.application.query_now(my_page, keys, Nothing())
    assert (page.name, page.has_draft, len(page.requests)) == (who.name, False, 1)
    assert who.identity not in page.identity
    assert "•" in page.identity
    assert "•" in page.mobile


@in_one_city("who, refusal_key", [("nobody", "session_ended"), ("desk", "not_your_role")])
def test_her_page_is_refused_to_nobody_and_to_officials(city: City, who: str, refusal_key: str):
    actor = Actor(visit="somebody") if who == "nobody" else city.as_(who)
    with pytest.raises(Denied) as denied:
        city.application.query_as(actor, my_page, Nothing())
    assert denied.value.key == refusal_key


def test_a_mobile_that_serves_two_persons_names_both(city: City):
    first, second = someone(1), someone(2)
    keys = citizen(city.application, first.mobile)
    file(city.application, first, keys)
    page = city.application.query_now(my_page, keys, Nothing())
    assert len(page.others) == 1
    form = a_form(second)
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.people.add("national", second.identity, second.name, f"+98{first.mobile[1:]}")
    assert form.identity == second.identity
    page = city.application.query_now(my_page, keys, Nothing())
    chosen = [person.chosen for person in mine.page_view(page).persons]
    assert sorted(chosen) == [False, True]


def test_the_receipt_has_the_code_the_dates_and_no_name(city: City):
    who = someone(1)
    keys = citizen(city.application, who.mobile)
    filed = file(city.application, who, keys)
    command = OneCase(code=filed.code)
    facts = city.application.query_now(receipt, keys, command)
    turn = city.application.query_now(my_turn, keys, command)
    view = receipts.receipt_view(facts, turn.outlook, city.application.clock(), is_hers=True)
    assert (view.code, len(view.ticket), view.log) == (filed.code, 64, facts.log.printed)
    assert view.wait_range.startswith("احتمالاً دوشنبه ۹ آذر")
    assert who.name not in str(view)
    assert who.identity not in str(view)
    steps = receipts.next_steps(facts, city.application.clock())
    assert [step.kind for step in steps] == ["past", "now", "ahead", "ahead"]
    assert steps[1].when == "تا پایان دوشنبه ۲ آذر"
    assert "دوشنبه ۹ آذر" in steps[2].when
    assert "امروز" not in str(steps), "it is printed, and read on some other day"


def test_a_first_draw_before_the_earliest_monday_says_that_others_are_before_her(city: City):
    who = someone(1)
    keys = citizen(city.application, who.mobile)
    command = OneCase(code=file(city.application, who, keys).code)
    facts = city.application.query_now(receipt, keys, command)
    outlook = city.application.query_now(my_turn, keys, command).outlook
    assert facts.first_monday
    longer = replace(outlook, before=9, earliest=facts.first_monday + timedelta(weeks=2))
    drawn = [
        receipts.receipt_view(facts, one, city.application.clock(), is_hers=True).steps[2].meaning
        for one in (None, outlook, longer, replace(longer, earliest=None))
    ]
    assert drawn == ["", "", receipt_text.DRAWN_OTHERS, receipt_text.DRAWN_OTHERS]


def test_an_old_receipt_does_not_pretend_that_a_draw_was_hers(city: City):
    who = someone(1)
    keys = citizen(city.application, who.mobile)
    facts = city.application.query_now(
        receipt, keys, OneCase(code=file(city.application, who, keys).code)
    )
    steps = receipts.next_steps(facts, city.application.clock() + timedelta(days=90))
    assert [step.kind for step in steps] == ["past", "ahead", "ahead", "ahead"]
    steps = receipts.next_steps(facts, city.application.clock() + timedelta(days=365))
    assert all("۱۴۰۵" in step.when for step in steps[:3]), "a year later, each day has its year"


def test_a_receipt_opened_after_a_decision_tells_no_plan_of_the_day_it_was_filed(
    a_request: Callable[..., WalkedCase],
):
    walked = a_request(at=Stage.WAITING)
    facts = walked.city.application.query_now(receipt, walked.keys, OneCase(code=walked.code))
    now = walked.city.application.clock()
    view = receipts.receipt_view(facts, None, now, is_hers=True)
    assert (view.code, view.steps) == (walked.code, ())
    assert view.filed.startswith("ثبت: ")
    planned = receipts.receipt_view(replace(facts, is_as_filed=True), None, now, is_hers=True)
    assert planned.steps
    assert planned.filed == ""


def test_whoever_is_signed_out_at_her_page_may_follow_by_code():
    page = of_her_own(
        rx.fragment(), TimelineState.case.head.code, signed_out=True, unchosen=False, missing=False
    )
    assert "/track/?code=" in str(page.render())


def test_whoever_is_signed_in_for_two_chooses_one_instead_of_signing_in_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message's link to the request of one of them led to signing in, without end."""
    run, one = city.application, someone(1)
    other = replace(someone(2), mobile=one.mobile)
    code = file(run, one, citizen(run, one.mobile)).code
    other_keys = citizen(run, one.mobile, visit=own_visit(run, "other"))
    run.execute_now(speak_for_another, other_keys, Nothing())
    file(run, other, other_keys, district="4")
    code_of = "publicmeeting.ui.citizen.timeline.forms.code_of"
    monkeypatch.setattr(code_of, lambda _: code)
    keys = citizen(run, one.mobile, visit=own_visit(run, "third"))
    state = Tab(run, keys=keys).opens(TimelineState, f"/mine/{code}/")
    assert (state.signed_out, state.unchosen) == (True, True)
    persons = dict(run.query_now(my_page, keys, Nothing()).others)
    assert len(persons) == 2
    with run.store.unit_of_work(run.clock(), reading=True) as uow:
        request = uow.requests.find(code)
    assert request is not None
    for person in persons:
        run.execute_now(speak_for, keys, SpeakFor(person=person))
        state = Tab(run, keys=keys).opens(TimelineState, f"/mine/{code}/")
        is_hers = person == request.person_id
        assert (state.signed_out, state.missing, state.unchosen) == (
            False,
            not is_hers,
            not is_hers,
        )
    run.execute_now(sign_out, keys, SignOut(session=keys.session))
    state = Tab(run, keys=keys).opens(TimelineState, f"/mine/{code}/")
    assert (state.signed_out, state.unchosen) == (True, False)


def test_beside_the_name_of_another_of_her_mobile_stands_that_he_is_asked(a_request: Any) -> None:
    """Mother and son have one mobile: on the page of one, the other would miss her last hour."""
    walked = a_request(Stage.SUBMITTED)
    run, mobile = walked.city.application, walked.who.mobile
    son_keys = citizen(run, mobile, visit=own_visit(run, "son"))
    run.execute_now(speak_for_another, son_keys, Nothing())
    son = replace(someone(2), mobile=mobile, name="علی رضایی")
    file(run, son, son_keys, district="4")

    def names() -> list[str]:
        view = mine.page_view(run.query_now(my_page, son_keys, Nothing()))
        return [person.label for person in view.persons]

    assert sorted(names()) == sorted((walked.who.name, son.name))
    walked.official("desk", Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    asked = my_page_text.AWAITED.format(name=walked.who.name)
    assert sorted(names()) == sorted((asked, son.name))


def test_a_mobile_that_serves_nobody_is_not_asked_to_choose_a_person(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She opens the link of an old message with her new number, or her neighbour does."""
    run, one = city.application, someone(1)
    code = file(run, one, citizen(run, one.mobile)).code
    code_of = "publicmeeting.ui.citizen.timeline.forms.code_of"
    monkeypatch.setattr(code_of, lambda _: code)
    keys = citizen(run, someone(2).mobile, visit=own_visit(run, "with another number"))
    state = Tab(run, keys=keys).opens(TimelineState, f"/mine/{code}/")
    assert (state.signed_out, state.unchosen, state.missing) == (False, False, True)


def test_tracking_shows_stages_and_not_a_word_that_was_written(hall: Hall):
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.REPORT, note="سنگ‌فرش تازه شد.")
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile
    visitor = Actor(visit="a visit")
    command = Track(code=guest.code, last_four=(mobile or "")[-4:])
    assert hall.execute(visitor, track, command) == (guest.code, "")
    view = tracked_view(hall.query(visitor, tracked_stages, OneCase(code=guest.code)))
    assert (view.code, view.stage) == (guest.code, "در دست اقدام")
    assert not any(step.quote for step in view.steps)
    assert "سنگ‌فرش تازه شد." not in str(view)


def test_tracking_says_first_when_she_is_expected_and_not_many_steps_below(hall: Hall):
    """A citizen without a mobile has only this page; some weeks of history are three screens."""
    guest = hall.guests[0]
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile
    visitor = Actor(visit="a visit")

    def view() -> TrackedView:
        hall.execute(visitor, track, Track(code=guest.code, last_four=(mobile or "")[-4:]))
        return tracked_view(hall.query(visitor, tracked_stages, OneCase(code=guest.code)))

    assert view().seat == "نوبت: دوشنبه ۹ آذر، ساعت ۹:۰۰"
    assert "کارت" in view().means
    head = [text for text, _ in texts_of(track_page.page().render())]
    assert head.index("seat") < head.index("means") < head.index(tracking_text.STAGES_ONLY)
    hall.met(guest)
    hall.clock.forward(days=1)
    assert view().seat == ""
    assert view().means


def texts_of(node: Any, *, is_folded: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield each text of a rendered part in order, and whether it is inside a fold.

    A text of the reader's own is named by its field. A fold's label counts as outside.
    """
    if isinstance(node, list):
        for one in node:
            yield from texts_of(one, is_folded=is_folded)
    elif isinstance(node, dict):
        name = str(node.get("name", "")).strip('"')
        inside = (is_folded or name == FOLD) and name != "summary"
        if contents := node.get("contents"):
            text = json.loads(contents) if contents.startswith('"') else contents
            yield _FIELD.sub(r"\1", text), is_folded
        for key in ("cond_state", "true_value", "false_value", "children"):
            yield from texts_of(node.get(key), is_folded=inside)


def stand_in_order(parts: Sequence[str], drawn: Sequence[tuple[str, bool]]) -> bool:
    """Return whether a page shows these texts from top to bottom."""
    texts = [text for text, _ in drawn]
    places = [texts.index(part) for part in parts]
    return places == sorted(places)


def test_a_receipt_says_what_happens_next_before_what_only_checkers_need() -> None:
    drawn = list(texts_of(receipt_page().render()))
    parts = (
        receipt_text.TITLE,
        receipt_text.CODE,
        receipt_text.NEXT,
        receipt_text.FOLLOW,
        receipt_text.FOR_CHECKERS,
        receipt_text.TICKET,
        "ticket",
        receipt_text.LOG,
        "log",
    )
    assert stand_in_order(parts, drawn)
    folded = dict(drawn)
    checkers = (*parts[5:], receipt_text.TICKET_HINT, receipt_text.LOG_HINT, receipt_text.PROOF)
    assert all(folded[text] for text in checkers)
    assert not any(folded[text] for text in parts[:5])


def test_a_proof_sheet_says_its_use_before_its_warning_and_folds_the_ticket() -> None:
    drawn = list(texts_of(proof_page().render()))
    parts = (
        receipt_text.PROOF_TITLE,
        *receipt_text.PROOF_USE,
        receipt_text.PRIVATE,
        receipt_text.SHOW,
        receipt_text.DOWNLOAD,
        receipt_text.TICKET,
        "ticket",
    )
    assert stand_in_order(parts, drawn)
    assert [text for text, is_folded in drawn if is_folded] == ["ticket"]


@pytest.mark.parametrize(
    ("path", "state", "view"),
    [("/track/", TrackState, "found"), ("/mine/", mine.MineState, "page")],
)
def test_who_searches_or_misses_a_request_reads_of_lost_ones(
    city: City, path: str, state: type[Any], view: str
) -> None:
    """A code of the hours after a backup is refused like an invented one."""
    application = city.application
    tab = Tab(application, keys=citizen(application, someone(1).mobile))
    assert getattr(tab.opens(state, path), view).lost.what == ""
    now = application.clock()
    with application.store.unit_of_work(now) as uow:
        note_lost(uow, now)
    lost = getattr(tab.opens(state, path), view).lost
    assert (lost.what, lost.whose) == tracking_text.lost_words(1, now, now)
    assert lost.whose.count(moment(now)) == 1, "one moment is no time between two"


def test_her_notices_count_as_read_where_she_has_opened_them(a_request: Any) -> None:
    walked = a_request(Stage.SUBMITTED)
    application = walked.city.application
    tab = Tab(application, keys=walked.keys)

    def are_new() -> bool:
        read = application.query_now(my_page, walked.keys, Nothing())
        return any(notice.is_new for notice in read.notices)

    page = tab.opens(mine.MineState, "/mine/")
    assert not are_new()
    walked.official("desk", Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    asyncio.run(do(page, mine.MineState.load))  # the page has reconnected by itself
    assert page.page.notices[0].is_new
    assert are_new()
    tab.opens(mine.MineState, "/mine/?again=1")  # another address, so she has opened it
    assert not are_new()


def test_every_change_of_her_list_is_another_sentence(a_request: Any) -> None:
    """Screen readers read a sentence again only if it differs."""
    walked = a_request(Stage.SUBMITTED)
    page = Tab(walked.city.application, keys=walked.keys).opens(mine.MineState, "/mine/")
    sentences = []
    walked.official("desk", Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    asyncio.run(page._reread())
    sentences.append(page.announcement)
    walked.citizen(Action.GIVE_INFO, note="روبه‌روی پلاک ۱۲")
    walked.official("desk", Action.ACCEPT)
    asyncio.run(page._reread())
    sentences.append(page.announcement)
    assert all(sentence.startswith(my_page_text.CHANGED) for sentence in sentences)
    assert sentences[0] != sentences[1]
