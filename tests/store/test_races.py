"""Of two people who act at the same instant one is refused; nothing is lost or doubled."""

from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from sqlmodel import col, delete
from support.citizens import a_form, citizen, code_on, someone
from support.each import in_one_city
from support.images import add_image
from support.line import MATTER
from support.together import refusal, together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE, IdentityKind, Level
from publicmeeting.domain.records import Filing, PictureKind, Seat
from publicmeeting.domain.roles import NOBODY, Actor, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.process.figures import FIGURES
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.cases import ImageRow
from publicmeeting.store.filing.drafts import Drafts
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import LogMark, verify_chain
from publicmeeting.turns.tree.merkle import root_of
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.drafting import filing_page
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.filing.submitting import SaveDraft, file_request, save_draft, submit
from publicmeeting.usecases.identity import Proof, prove_identity
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.oversight.rows import proofs_logged
from publicmeeting.usecases.public_record.log import OneDraw, draw_text
from publicmeeting.usecases.rate_limits import Limit, take
from publicmeeting.usecases.screening.inbox import case_page, open_case


def test_who_recorded_first_wins_and_the_other_is_told(application, a_request, as_, clock):
    walked = a_request()
    read = walked.request

    def decide(account: str):
        def act():
            event = advance(read, Action.ACCEPT, as_(account), clock())
            with application.store.unit_of_work(clock()) as uow:
                uow.requests.record(read, event)

        return act

    done, refused = together(decide("desk"), decide("second_desk"))
    assert len(done) == 1
    assert [word.key for word in refused] == ["version_conflict"]
    assert walked.request.count(Action.ACCEPT) == 1
    assert walked.request.version == read.version + 1


def test_two_officers_at_once_decide_once(a_request):
    walked = a_request()
    done, refused = together(
        lambda: walked.official("desk", "accept"),
        lambda: walked.official("second_desk", "decline", reason="other_body", note="نه"),
    )
    assert len(done) == 1
    assert refused[0].key in {"version_conflict", "stage_moved"}
    assert len(walked.request.history) == 2


@pytest.mark.parametrize("known", [False, True], ids=["new person", "known person"])
def test_one_person_files_in_two_districts_at_the_same_instant_and_has_one(
    application, city, clock, known
):
    who = someone(7)
    phone = citizen(application, who.mobile, visit="phone")
    clock.forward(minutes=2)
    desktop = citizen(application, who.mobile, visit="desktop")
    if known:
        first = application.execute_now(submit, phone, a_form(who))
        application.execute_now(*_withdrawal(phone, first.code))
    done, refused = together(
        lambda: application.execute_now(submit, phone, a_form(who, district="6", title="درخت خشک")),
        lambda: application.execute_now(
            submit, desktop, a_form(who, district="4", title="چالهٔ کوچه")
        ),
    )
    assert [word.key for word in refused] == ["one_live_request"]
    assert refused[0].facts["code"] == done[0].code


def test_a_mobile_serves_three_persons_however_many_come_with_it_at_once(application, city, clock):
    mobile = someone(7).mobile
    sessions = []
    for number in range(PERSONS_OF_A_MOBILE + 2):
        sessions.append(citizen(application, mobile, visit=f"visit {number}"))
        clock.forward(minutes=2)

    def file(number: int):
        who = replace(someone(8 + number), mobile=mobile)
        return lambda: application.execute_now(submit, sessions[number], a_form(who))

    done, refused = together(*map(file, range(len(sessions))))
    assert len(done) == PERSONS_OF_A_MOBILE
    assert {word.key for word in refused} == {"mobile_full"}


def _withdrawal(keys: Keys, code: str):
    return take_step, keys, TakeStep(code=code, action="withdraw")


def test_the_index_itself_refuses_a_second_live_request(application, a_request, clock):
    walked = a_request()
    read = walked.request
    with (
        pytest.raises(Denied, match="one_live_request"),
        application.store.unit_of_work(clock()) as uow,
    ):
        uow.requests.add(
            Filing(person=uow.people.get(read.person_id), district=4, matter=MATTER),
            code="0000000000",
            salt="ab",
            ticket="cd",
            filed_by=None,
            event=read.history[0],
        )


def test_an_objection_is_refused_while_another_request_is_live(application, a_request):
    walked = a_request(at=Stage.DECLINED)
    other = application.execute_now(submit, walked.keys, a_form(walked.who, title="درخت خشک"))
    word = refusal(lambda: walked.citizen("object", note="دوباره ببینید"))
    assert (word.key, word.facts["code"]) == ("one_live_request", other.code)
    application.execute_now(*_withdrawal(walked.keys, other.code))
    assert walked.citizen("object", note="دوباره ببینید").stage is Stage.SUBMITTED


def test_the_same_seat_is_never_held_twice(application, a_request, clock):
    one, other = a_request(), a_request()
    monday = clock().date() + timedelta(days=2)

    def allot(walked, time: str):
        def act():
            with application.store.unit_of_work(clock()) as uow:
                seat = Seat(monday, time, "line", clock())
                uow.seats.allot(6, walked.request.id, seat, clock())

        return act

    done, refused = together(allot(one, "09:00"), allot(other, "09:00"))
    assert len(done) == 1
    assert [word.key for word in refused] == ["seat_taken"]
    allot(other, "09:15") if not other.request.seat else allot(one, "09:15")
    holder = one if one.request.seat else other
    assert refusal(allot(holder, "09:30")).key == "seat_taken"


def test_a_case_opened_in_several_tabs_at_once_opens_in_all_of_them(application, a_request, as_):
    command = OneCase(code=a_request().code)
    done, refused = together(*[lambda: application.execute_as(as_("desk"), open_case, command)] * 4)
    assert refused == []
    assert len(done) == 4


def test_a_photo_that_comes_while_she_files_is_stored_or_refused_aloud(
    application, city, monkeypatch
):
    who = someone(7)
    keys = citizen(application, who.mobile)
    application.execute_now(save_draft, keys, SaveDraft(fields={"title": "چاله"}))
    filing, came, drop = Event(), Event(), Drafts.drop

    def slowly(drafts: Drafts, actor: Actor) -> None:
        filing.set()
        came.wait(0.3)
        drop(drafts, actor)

    def send() -> None:
        filing.wait(10)
        command = KeepPhoto(
            kind=PictureKind.DRAFT,
            web="a" * 64,
            thumb="b" * 64,
            original="c" * 64,
            width=1,
            height=1,
        )
        application.execute_now(keep_photo, keys, command)
        came.set()

    monkeypatch.setattr(Drafts, "drop", slowly)
    _, refused = together(lambda: application.execute_now(submit, keys, a_form(who)), send)
    assert [one.key for one in refused] in ([], ["photo_after_filing"])
    photos = application.query_now(filing_page, keys, Nothing()).photos
    assert len(photos) == 1 - len(refused)


def test_a_picture_that_is_being_sent_cannot_be_taken_back(application, a_request, clock):
    walked = a_request()
    hers = Actor(person_id=walked.request.person_id)
    with application.store.unit_of_work(clock()) as uow:
        image = add_image(uow, hers, "a", kind=PictureKind.PROOF)
    sent = Event()

    def send() -> None:
        with application.store.unit_of_work(clock()) as uow:
            uow.images.attach([image.id], hers, request_id=walked.request.id)
            uow.session.flush()
            sent.set()
            sleep(0.2)

    def take_back() -> None:
        sent.wait(10)
        with application.store.unit_of_work(clock()) as uow:
            uow.images.drop_loose(image.id, hers)

    _, refused = together(send, take_back)
    assert [word.key for word in refused] == ["image_not_yours"]
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.images.of_request(walked.request.id) != []


def test_who_changes_what_another_has_just_taken_back_is_told(application, clock):
    """A picture is removed in one tab while the other tab submits it."""
    visitor = Actor(visit="visitor")
    with application.store.unit_of_work(clock()) as uow:
        image = add_image(uow, visitor, "a")

    def send_while_it_is_taken_back() -> None:
        with application.store.unit_of_work(clock()) as uow:
            uow.images.take(image.id, visitor).kind = "report"
            taken_back = delete(ImageRow).where(col(ImageRow.id) == image.id)
            with uow.session.no_autoflush:
                uow.session.connection().execute(taken_back)

    assert refusal(send_while_it_is_taken_back).key == "version_conflict"


def test_the_log_stays_one_chain_however_many_append(application, clock):
    def append(number: int):
        draw = f"d{number:02d}-1405-09-16"

        def act():
            for _ in range(5):
                with application.store.unit_of_work(clock()) as uow:
                    uow.log.append(Kind.MONDAY_ENDED, {"draw": draw}, clock())

        return act

    _, refused = together(*(append(number) for number in range(1, 5)))
    assert refused == []
    with application.store.unit_of_work(clock(), reading=True) as uow:
        entries = uow.log.after(0)
        assert uow.log.head() == LogMark(20, root_of([entry.leaf for entry in entries]).hex())
    assert verify_chain(entries) == ()


def test_guesses_at_the_same_instant_are_all_counted(application):
    visitor = Keys(visit="guesser")
    mobile = application.execute_now(
        ask_code, visitor, AskCode(mobile="09121234567", host="x.example")
    )
    right = code_on(application, mobile)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    guess = ConfirmCode(mobile=mobile, code=wrong)
    done, _ = together(*[lambda: application.execute_now(confirm_code, visitor, guess)] * 6)
    assert sorted(word for _, word in done) == ["code_tries"] * 2 + ["code_wrong"] * 4
    last = ConfirmCode(mobile=mobile, code=right)
    assert application.execute_now(confirm_code, visitor, last) == ("", "code_tries")


def test_a_limit_holds_for_those_who_come_at_once(application, clock):
    def come():
        with application.store.unit_of_work(clock()) as uow:
            take(uow, Limit.IDENTITY_REFUSED, "door")

    done, refused = together(*[come] * 6)
    assert len(done) == 3
    assert {word.key for word in refused} == {"identity_not_now"}


def test_one_process_holds_a_job(application, clock):
    def claim(holder: str):
        def act() -> bool:
            with application.store.unit_of_work(clock()) as uow:
                return uow.clockwork.lease("draw", holder, timedelta(minutes=1))

        return act

    done, refused = together(claim("a"), claim("b"), claim("c"))
    assert refused == []
    assert sorted(done) == [False, False, True]
    clock.forward(minutes=2)
    assert claim("d")()


@in_one_city("nonsense", ["\0", "d06\0", "\ud800"])
def test_a_name_no_row_can_have_is_not_found(application, city, nonsense):
    with pytest.raises(Denied, match="not_found"):
        application.query_as(NOBODY, draw_text, OneDraw(draw=nonsense))


@in_one_city("nonsense", ["\0", "1405\0", "\ud800", "١", "²"])
def test_a_code_no_case_can_have_is_not_found_and_no_damaged_case(application, city, nonsense):
    damaged = FIGURES.get_sample_value("publicmeeting_faults_total", {"where": "case"})
    with pytest.raises(Denied, match="not_found"):
        application.query_as(city.as_("desk"), case_page, OneCase(code=nonsense))
    assert FIGURES.get_sample_value("publicmeeting_faults_total", {"where": "case"}) == damaged


def test_whoever_files_while_a_desk_has_her_card_in_its_hand_is_verified_in_the_log(
    application, city, clock
):
    if not application.store.has_clock:
        return  # SQLite lets only one of the two write
    her = someone(1)
    with application.store.unit_of_work(clock()) as uow:
        known = uow.people.add("national", her.identity, her.name, None)
    with application.store.unit_of_work(clock()) as uow:
        person = uow.people.get(known.id)
        with application.store.unit_of_work(clock()) as desk:
            prove_identity(
                desk, Proof(IdentityKind.NATIONAL, her.identity, Level.VERIFIED, "desk:1")
            )
        filing = Filing(person=person, district=6, matter=MATTER)
        file_request(uow, Actor(person_id=person.id), Role.CITIZEN, clock(), filing)
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert len(uow.inspection.verified()) == 1
        assert list(proofs_logged(uow, clock())) == []
