"""Who owns an identity: proofs, conflicts, and what remains of a displaced request."""

from dataclasses import replace

import pytest
from support.citizens import Someone, a_form, citizen, code_on, file, own_visit, person_of, someone
from support.together import refusal, together
from support.triggers import change_past_the_program

from publicmeeting.application import Application
from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE, Door, IdentityKind, Level, parse_mobile
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.accounts.people import People
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import read_entry, verify_chain
from publicmeeting.usecases.accounts.signing_in.proven import (
    UNDECIDED_STAYS,
    AskHolderCode,
    Decide,
    ask_holder_code,
    decide_mine,
    decide_not_mine,
    open_proven_session,
    undecided,
)
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.base import ANYONE, Nothing, OneCase, usecase
from publicmeeting.usecases.filing.receipts import proof_sheet
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.identity import Outcome, Proof, Proven, prove_identity
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page

OTHER = "+989350000077"


def sso(who: Someone, mobile: str | None = None, **other: object) -> Proof:
    """Return a proof by single sign-on; the provider knows her own mobile by default."""
    reached = parse_mobile(who.mobile) if mobile is None else mobile or None
    made = Proof(IdentityKind.NATIONAL, who.identity, Level.VERIFIED, "sso:my", who.name, reached)
    return replace(made, **other)


def prove(application: Application, proof: Proof) -> Proven:
    with application.store.unit_of_work(application.clock()) as uow:
        return prove_identity(uow, proof)


def comes_in(application: Application, proof: Proof, visit: str = "hers") -> tuple[Keys, Proven]:
    """Sign in by single sign-on; return her session and what the proof led to."""

    @usecase(*ANYONE)
    def enter(uow, actor, _command, _now):
        return open_proven_session(uow, actor, proof, Door.SSO)

    visitor = Keys(visit=own_visit(application, visit))
    session, proven = application.execute_now(enter, visitor, Nothing())
    return Keys(session, visitor.visit), proven


def test_somebody_new_is_made_with_what_was_proved(application, city, her):
    proven = prove(application, sso(her))
    assert proven.outcome is Outcome.NEW
    person = person_of(application, her)
    assert (person.level, person.name, person.mobile) == (
        Level.VERIFIED,
        her.name,
        parse_mobile(her.mobile),
    )
    with pytest.raises(Invalid, match="name_missing"):
        prove(application, sso(someone(3), name=""))


def test_she_is_raised_by_her_own_mobile_or_where_she_has_none(application, city, her):
    file(application, her)
    assert person_of(application, her).level is Level.TYPED
    proven = prove(application, sso(her, name="مریم احمدی‌نیا"))
    assert proven.outcome is Outcome.SAME
    assert (proven.person.level, proven.person.name) == (Level.VERIFIED, "مریم احمدی‌نیا")
    matched = sso(her, level=Level.MATCHED, by="matching", name="")
    assert prove(application, matched).person.level is Level.VERIFIED, "a proof never lowers"
    alone = someone(3)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.add("national", alone.identity, alone.name, None)
    assert prove(application, sso(alone)).person.mobile == parse_mobile(alone.mobile)


def test_a_verified_person_keeps_her_mobile_whatever_door_she_takes(application, city, her):
    prove(application, sso(her))
    again = prove(application, sso(her, OTHER, by="desk:1"))
    assert (again.outcome, again.person.mobile) == (Outcome.SAME, parse_mobile(her.mobile))
    keys, _ = comes_in(application, sso(her, OTHER))
    assert application.query_now(my_page, keys, Nothing()).person_id == again.person.id
    less = sso(her, OTHER, level=Level.MATCHED, by="matching")
    assert refusal(lambda: prove(application, less)).key == "identity_not_with_mobile"


def test_a_sign_on_opens_nobody_to_whom_a_hand_has_lent_its_mark(application, city, her):
    """A database owner wrote the keyed hash of his own number into her row, and signed in."""
    known, his = prove(application, sso(her)).person, someone(2)
    with application.store.unit_of_work(application.clock()) as uow:
        row = uow.session.get_one(PersonRow, known.id)
        row.identity_hash = uow.vault.lookup("national", his.identity)
    assert refusal(lambda: comes_in(application, sso(his), "his")).key == "version_conflict"


@pytest.mark.on_postgresql
def test_a_level_that_a_hand_wrote_is_none_where_she_files(application, city, her):
    """Else the log has it permanently that a paper person was verified."""
    with application.store.unit_of_work(application.clock()) as uow:
        person = uow.people.add("national", her.identity, her.name, parse_mobile(her.mobile))
    forged = "UPDATE person SET level = 'verified', proven_by = 'sso:x' WHERE id = :person"
    change_past_the_program(application.store.engine, forged, person=person.id)
    request = file(application, her, citizen(application, her.mobile))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (entry,) = map(read_entry, uow.log.data_of(Kind.FILED))
        assert (entry.body["ticket"], entry.body["level"]) == (request.ticket, Level.TYPED.value)


def confirms(application: Application, keys: Keys, mobile: str) -> tuple[str, str]:
    application.execute_now(ask_code, keys, AskCode(mobile=mobile, host="localhost"))
    code = code_on(application, parse_mobile(mobile))
    return application.execute_now(confirm_code, keys, ConfirmCode(mobile=mobile, code=code))


def served(application: Application, mobile: str) -> int:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.people.count_served(parse_mobile(mobile))


def test_a_mobile_that_is_confirmed_later_serves_no_more_than_any_other(application, city, clock):
    broker = someone(900).mobile
    for number in range(PERSONS_OF_A_MOBILE):
        keys, _ = comes_in(application, sso(someone(800 + number), ""), f"visit{number}")
        clock.forward(days=1)
        assert confirms(application, keys, broker)[1] == ""
    keys, proven = comes_in(application, sso(someone(890), ""), "last")
    clock.forward(days=1)
    full = refusal(lambda: confirms(application, keys, broker))
    assert (full.key, full.facts) == ("mobile_full", {"limit": PERSONS_OF_A_MOBILE})
    assert served(application, broker) == PERSONS_OF_A_MOBILE
    assert application.query_now(my_page, keys, Nothing()).person_id == proven.person.id
    assert confirms(application, keys, someone(890).mobile)[1] == ""


@pytest.mark.on_postgresql
def test_two_who_confirm_the_last_place_of_a_mobile_at_once_share_it_not(application, city):
    broker = someone(900).mobile
    for number in range(PERSONS_OF_A_MOBILE - 1):
        prove(application, sso(someone(800 + number), parse_mobile(broker)))
    both = [comes_in(application, sso(someone(n), ""), f"visit{n}")[0] for n in (890, 891)]
    codes = []
    for keys in both:
        application.execute_now(ask_code, keys, AskCode(mobile=broker, host="localhost"))
        codes.append(code_on(application, parse_mobile(broker)))
    _, refused = together(
        *(
            lambda keys=keys, code=code: application.execute_now(
                confirm_code, keys, ConfirmCode(mobile=broker, code=code)
            )
            for keys, code in zip(both, codes, strict=True)
        )
    )
    assert [one.key for one in refused] == ["mobile_full"]
    assert served(application, broker) == PERSONS_OF_A_MOBILE


def test_a_mobile_that_the_portal_knows_of_many_is_attached_to_three(application, city):
    broker = parse_mobile(someone(900).mobile)
    for number in range(PERSONS_OF_A_MOBILE + 2):
        proven = prove(application, sso(someone(800 + number), broker))
    assert proven.outcome is Outcome.NEW
    assert proven.person.mobile is None
    assert served(application, broker) == PERSONS_OF_A_MOBILE
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.add("national", someone(870).identity, someone(870).name, None)
    assert prove(application, sso(someone(870), broker)).person.mobile is None


def test_a_session_that_was_proved_speaks_for_her_without_a_mobile(application, city, her):
    keys, proven = comes_in(application, sso(her, ""))
    request = application.execute_now(submit, keys, a_form(her, identity="", name=""))
    assert request.person_id == proven.person.id
    stranger = a_form(someone(5))
    assert refusal(lambda: application.execute_now(submit, keys, stranger)).key == "session_ended"


def test_until_she_decides_her_session_speaks_for_nobody(application, squatted, her):
    _, request = squatted
    keys, proven = comes_in(application, sso(her))
    assert (proven.outcome, proven.person.id) == (Outcome.CONFLICT, request.person_id)
    shown = application.query_now(undecided, keys, Nothing())
    assert (shown.mobile, shown.code) == (parse_mobile(someone(2).mobile), request.code)
    for act in (
        lambda: application.query_now(my_page, keys, Nothing()),
        lambda: application.execute_now(submit, keys, a_form(her)),
        lambda: application.query_now(timeline_page, keys, OneCase(code=request.code)),
    ):
        assert refusal(act).key == "session_ended"
    assert person_of(application, her).level is Level.TYPED


def test_what_is_hers_stays_hers_by_a_code_to_the_mobile_it_was_filed_with(
    application, squatted, her
):
    old, request = squatted
    keys, _ = comes_in(application, sso(her))
    application.execute_now(ask_holder_code, keys, AskHolderCode(host="localhost"))
    wrong = application.execute_now(decide_mine, keys, Decide(code="000000"))
    assert wrong in {"code_wrong", "code_expired"}
    code = code_on(application, parse_mobile(someone(2).mobile))
    assert application.execute_now(decide_mine, keys, Decide(code=code)) == ""
    person = person_of(application, her)
    assert (person.id, person.level) == (request.person_id, Level.VERIFIED)
    assert person.mobile == parse_mobile(her.mobile)
    assert application.query_now(timeline_page, keys, OneCase(code=request.code)).request.code
    assert refusal(lambda: application.query_now(my_page, old, Nothing())).key == "session_ended"
    again = refusal(lambda: application.execute_now(decide_mine, keys, Decide(code=code)))
    assert again.key == "session_ended", "it is decided once"


def test_what_is_not_hers_is_put_aside_and_she_begins_anew(application, squatted, her, clock):
    _, request = squatted
    keys, _ = comes_in(application, sso(her))
    application.execute_now(decide_not_mine, keys, Nothing())
    person = person_of(application, her)
    assert person.id != request.person_id
    assert (person.level, person.mobile) == (Level.VERIFIED, parse_mobile(her.mobile))
    with application.store.unit_of_work(clock(), reading=True) as uow:
        gone, old = uow.requests.find(request.code), uow.people.get(request.person_id)
        entries = uow.log.after(0)
        events = uow.security.page((SecurityKind.DISPLACED,), most=5)
        notices = [one.action for one in uow.outbox.inbox(old.id)]
    assert (gone.stage, gone.last(Action.DISPLACE) is not None) == (Stage.WITHDRAWN, True)
    assert (old.identity, old.is_displaced) == ("", True)
    assert old.mobile == parse_mobile(someone(2).mobile)
    assert notices[0] == Action.DISPLACE
    assert [event.what for event in events] == ["sso"]
    assert verify_chain(entries) == ()
    assert (entries[-1].kind, entries[-1].body) == (
        Kind.TAKEN_OUT,
        {"ticket": request.ticket, "why": "displaced", "officer": ""},
    )
    mine = application.execute_now(submit, keys, a_form(her, identity="", name=""))
    assert (mine.person_id, mine.waited) == (person.id, 0)
    assert mine.ticket != request.ticket


def test_who_was_displaced_reads_on_and_files_no_more(application, squatted, her, as_):
    stranger, request = squatted
    keys, _ = comes_in(application, sso(her))
    application.execute_now(decide_not_mine, keys, Nothing())
    page = application.query_now(timeline_page, stranger, OneCase(code=request.code))
    assert page.request.stage is Stage.WITHDRAWN
    files = a_form(her, identity="", name="", title="دوباره همان پیاده‌رو")
    assert refusal(lambda: application.execute_now(submit, stranger, files)).key == (
        "person_displaced"
    )
    typed = a_form(her, title="دوباره همان پیاده‌رو")
    word = refusal(lambda: application.execute_now(submit, stranger, typed))
    assert word.key == "identity_not_with_mobile"
    assert refusal(
        lambda: application.query_now(proof_sheet, stranger, OneCase(code=request.code))
    ).key == ("not_found")


def test_what_a_desk_has_declined_comes_back_for_nobody(application, squatted, her, as_):
    stranger, request = squatted
    decline = {"action": "decline", "reason": "other_body", "note": "این کار دادگاه است."}
    application.execute_as(as_("desk"), take_step, TakeStep(code=request.code, **decline))
    keys, _ = comes_in(application, sso(her))
    assert application.query_now(undecided, keys, Nothing()).code is None
    application.execute_now(decide_not_mine, keys, Nothing())
    objects = TakeStep(code=request.code, action="object", note="دادگاه گفت با شماست.")
    assert refusal(lambda: application.execute_now(take_step, stranger, objects)).key == (
        "person_displaced"
    )


@pytest.mark.parametrize("stage", [Stage.INVITED, Stage.CONFIRMED, Stage.WAITING])
def test_a_seat_of_a_displaced_request_is_free_for_the_next(a_request, stage):
    walked = a_request(at=stage)
    application, seat = walked.city.application, walked.request.seat
    keys, _ = comes_in(application, sso(walked.who, OTHER))
    application.execute_now(decide_not_mine, keys, Nothing())
    after = walked.request
    assert (after.stage, after.seat) == (Stage.WITHDRAWN, None)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        entries = uow.log.after(0)
        freed_by = uow.line_book.freed_by(draw_id(6, seat.monday), seat.time) if seat else 0
    assert (entries[-1].kind, entries[-1].body["why"]) == (Kind.TAKEN_OUT, "displaced")
    assert Kind.SEAT_GIVEN_UP not in {entry.kind for entry in entries}
    if seat:
        assert freed_by == entries[-1].seq, "freed by the same entry"


def test_nobody_is_put_aside_while_her_card_was_looked_at_in_the_hall(a_request):
    walked = a_request(at=Stage.ARRIVED)
    application = walked.city.application
    keys, _ = comes_in(application, sso(walked.who, OTHER))
    word = refusal(lambda: application.execute_now(decide_not_mine, keys, Nothing()))
    assert word.key == "displace_in_hall"
    assert walked.request.stage is Stage.ARRIVED


def test_a_proof_that_waits_is_good_for_a_day(application, squatted, her, clock):
    keys, _ = comes_in(application, sso(her))
    clock.forward(seconds=UNDECIDED_STAYS.total_seconds())
    for act in (
        lambda: application.query_now(undecided, keys, Nothing()),
        lambda: application.execute_now(decide_not_mine, keys, Nothing()),
        lambda: application.execute_now(decide_mine, keys, Decide(code="123456")),
        lambda: application.execute_now(ask_holder_code, keys, AskHolderCode()),
    ):
        assert refusal(act).key == "session_ended"


def test_nothing_is_decided_without_a_proof(application, squatted, as_):
    stranger, _ = squatted
    for act in (
        lambda: application.execute_now(decide_not_mine, stranger, Nothing()),
        lambda: application.execute_now(decide_not_mine, Keys(), Nothing()),
        lambda: application.execute_as(as_("desk"), decide_not_mine, Nothing()),
        lambda: application.execute_now(decide_mine, stranger, Decide(code="123456")),
        lambda: application.query_now(undecided, stranger, Nothing()),
    ):
        assert refusal(act).key == "session_ended"


@pytest.mark.on_postgresql
def test_a_mobile_that_changes_while_she_signs_on_is_asked_about(
    application, city, her, monkeypatch
):
    """Whoever holds her former mobile attached his own to what she has proved."""
    with application.store.unit_of_work(application.clock()) as uow:
        mobile = parse_mobile(her.mobile)
        person = uow.people.add(IdentityKind.NATIONAL.value, her.identity, her.name, mobile)
    locked = People.lock

    def change() -> None:
        with application.store.unit_of_work(application.clock()) as uow:
            locked(uow.people, person.id)
            uow.people.set_mobile(person.id, OTHER)

    def lock(people: People, *who: str) -> None:
        if who == (person.id,):
            change()
        locked(people, *who)

    if application.store.has_clock:
        monkeypatch.setattr(People, "lock", lock)
    else:  # SQLite lets only one of the two write
        change()
    assert prove(application, sso(her)).outcome is Outcome.CONFLICT


@pytest.mark.on_postgresql
def test_two_doors_at_one_instant_make_one_person(application, city, her):
    def enter(number: int):
        return lambda: comes_in(application, sso(her), visit=f"door {number}")[1].person.id

    ids, refused = together(*(enter(number) for number in range(4)))
    assert refused == []
    assert len(set(ids)) == 1


@pytest.mark.on_postgresql
def test_deciding_on_two_pages_at_once_displaces_once(application, squatted, her):
    _, request = squatted
    pages = [comes_in(application, sso(her), visit=f"door {n}")[0] for n in range(3)]
    _, refused = together(
        *(
            lambda keys=keys: application.execute_now(decide_not_mine, keys, Nothing())
            for keys in pages
        )
    )
    assert refused == []
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        gone = uow.requests.find(request.code)
    assert gone.count(Action.DISPLACE) == 1
    speaks = {application.query_now(my_page, keys, Nothing()).person_id for keys in pages}
    assert speaks == {person_of(application, her).id}


@pytest.mark.on_postgresql
def test_a_stranger_who_files_while_he_is_displaced_gets_in_or_out_whole(application, city, her):
    """Whichever comes first: he ends with nothing live, and she has her identity."""
    stranger = citizen(application, someone(2).mobile)
    first = file(application, her, stranger)
    application.execute_now(take_step, stranger, TakeStep(code=first.code, action="withdraw"))
    keys, _ = comes_in(application, sso(her))
    again = a_form(her, identity="", name="", title="درخت خشک")
    together(
        lambda: application.execute_now(decide_not_mine, keys, Nothing()),
        lambda: application.execute_now(submit, stranger, again),
    )
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.requests.live_code(first.person_id) is None
        assert verify_chain(uow.log.after(0)) == ()
