"""At the door the last four digits of a card suffice, and cannot be guessed by trying."""

import pytest
from sqlmodel import select
from support.each import in_one_city
from support.hall import Guest, Hall
from support.line import DISTRICT, MONDAY
from support.together import together

from publicmeeting.domain.errors import Invalid, Refusal
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts.people import People
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.lifecycle.requests import Requests
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.identity import AT_THE_DOOR, Outcome, Proof, prove_identity
from publicmeeting.usecases.lifecycle.payloads import CARD, LAST_FOUR
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present
from publicmeeting.usecases.rate_limits import RULES, Limit


@pytest.fixture(autouse=True)
def matched(hall: Hall) -> None:
    """Let the national service confirm everybody's mobile."""
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        for request in uow.session.exec(select(RequestRow.person_id)).all():
            uow.people.prove(request, Level.MATCHED, "matching")


def typed_only(hall: Hall, guest: Guest) -> None:
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.people.prove(guest.request.person_id, Level.TYPED, "")


def test_one_card_is_not_that_of_every_number_made_up_to_end_like_it(hall: Hall) -> None:
    """A broker files fifty tickets under invented numbers that end like one friend's card.

    Whichever wins, face and name on the friend's card are his, and so are the last four digits.
    """
    guest = hall.guests[0]
    typed_only(hall, guest)
    with pytest.raises(Invalid, match="card_unproved"):
        arrives(hall, guest, hall.card(guest)[-4:])
    his = f"{int(hall.card(guest)[:6]) ^ 1:06d}{hall.card(guest)[-4:]}"
    with pytest.raises(Invalid):
        arrives(hall, guest, his)
    assert guest.request.stage is Stage.CONFIRMED
    arrives(hall, guest, hall.card(guest))
    assert guest.request.stage is Stage.ARRIVED


def test_whoever_filed_under_a_number_that_is_refused_by_now_is_not_sent_home(hall: Hall) -> None:
    """An older release took it as a passport's; reception has no field for another kind."""
    guest = hall.guests[0]
    typed_only(hall, guest)
    card, other = hall.card(guest), hall.card(hall.guests[1])
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        row = uow.session.get_one(PersonRow, guest.request.person_id)
        row.kind = IdentityKind.PASSPORT.value
        row.identity_hash = uow.vault.lookup(row.kind, card)
    with pytest.raises(Invalid, match="passport_is_other_card"):
        arrives(hall, guest, other)
    arrives(hall, guest, persian(card))
    assert guest.request.stage is Stage.ARRIVED


def arrives(hall: Hall, guest: Guest, typed: str) -> None:
    hall.act("reception", guest, Action.ARRIVE, identity=typed)


def other_digits(hall: Hall, guest: Guest) -> str:
    return f"{(int(hall.card(guest)[-4:]) + 1) % 10_000:04d}"


@pytest.mark.parametrize("shown", ["{last}", " {last} ", "{persian}", "{whole}"])
def test_four_digits_or_all_of_them_receive_her(hall: Hall, shown: str) -> None:
    guest, whole = hall.guests[0], hall.card(hall.guests[0])
    last = whole[-4:]
    arrives(hall, guest, shown.format(last=last, persian=persian(last), whole=whole))
    assert guest.request.stage is Stage.ARRIVED
    arrived = guest.request.last(Action.ARRIVE)
    assert arrived is not None
    assert arrived.payload.get(CARD) == (None if shown == "{whole}" else LAST_FOUR)
    assert last not in str(arrived.payload), "which digits is written nowhere"


@in_one_city("typed", ["123", "12345", "12 3", "abcd", "۱۲۳", "%", "----"])
def test_anything_else_is_no_card(hall: Hall, typed: str) -> None:
    with pytest.raises(Refusal):
        arrives(hall, hall.guests[0], typed)
    assert hall.guests[0].request.stage is Stage.CONFIRMED


def test_the_digits_of_another_card_do_not_fit(hall: Hall) -> None:
    first, second = hall.guests[:2]
    with pytest.raises(Invalid, match="identity_mismatch"):
        arrives(hall, first, hall.card(second)[-4:])


def test_after_five_wrong_ones_only_the_whole_number_fits(hall: Hall) -> None:
    guest = hall.guests[0]
    for _ in range(5):
        with pytest.raises(Invalid, match="identity_mismatch"):
            arrives(hall, guest, other_digits(hall, guest))
    with pytest.raises(Invalid, match="card_whole"):
        arrives(hall, guest, hall.card(guest)[-4:])
    arrives(hall, hall.guests[1], hall.card(hall.guests[1])[-4:])
    arrives(hall, guest, hall.card(guest))
    assert guest.request.stage is Stage.ARRIVED


def test_whoever_comes_late_is_matched_in_the_same_way(hall: Hall) -> None:
    guest = hall.guests[0]
    for _ in range(2):
        hall.act("reception", guest, Action.CALL)
    hall.clock.forward(minutes=15)
    hall.act("reception", guest, Action.NO_SHOW)
    hall.act("reception", guest, Action.COME_LATE, identity=hall.card(guest)[-4:])
    assert guest.request.stage is Stage.ARRIVED


def level(hall: Hall, guest: Guest) -> Level:
    with hall.reading() as uow:
        return uow.people.get(guest.request.person_id).level


def verified_entries(hall: Hall, guest: Guest) -> list[object]:
    with hall.reading() as uow:
        entries = [one for one in uow.log.after(0) if one.kind == Kind.VERIFIED]
    return [entry.body for entry in entries if entry.body["ticket"] == guest.request.ticket]


def test_the_whole_number_proves_who_she_is_once_and_keeps_her_mobile(hall: Hall) -> None:
    guest, other = hall.guests[:2]
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile
    assert level(hall, guest) is Level.MATCHED
    arrives(hall, guest, hall.card(guest))
    hall.act("reception", guest, Action.UNDO_ARRIVAL)
    arrives(hall, guest, hall.card(guest))
    assert level(hall, guest) is Level.VERIFIED
    assert verified_entries(hall, guest) == [{"ticket": guest.request.ticket, "by": "desk"}]
    with hall.reading() as uow:
        assert uow.people.get(guest.request.person_id).mobile == mobile
        seen = uow.security.page((SecurityKind.CARD_SEEN,))
    assert [one.what for one in seen] == [AT_THE_DOOR]
    assert level(hall, other) is Level.MATCHED


def test_four_digits_and_a_wrong_number_prove_nothing(hall: Hall) -> None:
    guest, other = hall.guests[:2]
    with pytest.raises(Invalid, match="identity_mismatch"):
        arrives(hall, guest, hall.card(other))
    arrives(hall, guest, hall.card(guest)[-4:])
    assert level(hall, guest) is Level.MATCHED
    assert level(hall, other) is Level.MATCHED
    assert verified_entries(hall, guest) == []


@pytest.mark.on_postgresql
def test_her_own_sign_on_at_the_instant_of_her_arrival_waits_for_it(hall: Hall) -> None:
    guest = hall.guests[0]
    identity = hall.card(guest)

    def displaces() -> str:
        proof = Proof(
            IdentityKind.NATIONAL, identity, Level.VERIFIED, "sso:city", "نام", "+989350000077"
        )
        with hall.application.store.unit_of_work(hall.clock.now) as uow:
            proven = prove_identity(uow, proof)
            if proven.outcome is not Outcome.CONFLICT:
                return proven.outcome.value
            displace(uow, proven.person, proof, hall.clock.now)
        return "displaced"

    done, refused = together(lambda: arrives(hall, guest, identity), displaces)
    if guest.request.stage is Stage.ARRIVED:
        assert level(hall, guest) is Level.VERIFIED
        assert done in ([None, "same"], [None]), refused
    else:
        assert done == ["displaced"]
        assert len(refused) == 1


MOST = RULES[Limit.DOOR_DIGITS].most


def standby_of(hall: Hall) -> Guest:
    with hall.reading() as uow:
        draw = uow.draws.get(DISTRICT, MONDAY)
        waiting = uow.draws.waiting(DISTRICT, MONDAY)
        return hall.guest_of(uow.requests.by_id(waiting[draw.file["standby"][0]]))


@pytest.mark.on_postgresql
@pytest.mark.parametrize("has_seat", [True, False])
def test_digits_guessed_at_one_instant_are_counted_one_by_one(
    hall: Hall, *, has_seat: bool
) -> None:
    guest = hall.guests[0] if has_seat else standby_of(hall)
    wrong = other_digits(hall, guest)

    def guess(typed: str) -> None:
        if has_seat:
            arrives(hall, guest, typed)
        else:
            hall.execute("reception", note_present, Standby(code=guest.code, identity=typed))

    done, refused = together(*[lambda: guess(wrong)] * (2 * MOST))
    keys = sorted(word.key for word in refused)
    assert not done
    assert keys == ["card_whole"] * MOST + ["identity_mismatch"] * MOST
    with pytest.raises(Invalid, match="card_whole"):
        guess(hall.card(guest)[-4:])
    guess(hall.card(guest))


@pytest.mark.on_postgresql
def test_a_standby_noted_by_two_at_one_instant_is_noted_once(hall: Hall) -> None:
    guest = standby_of(hall)
    command = Standby(code=guest.code, identity=hall.card(guest))
    done, refused = together(
        *[lambda: hall.execute("reception", note_present, command)] * 6,
    )
    assert (len(done), refused) == (6, []), "it is one fact, whoever says it"
    assert guest.request.count(Action.PRESENT) == 1


@pytest.mark.parametrize("has_seat", [True, False])
def test_the_person_is_locked_before_the_request_wherever_a_card_is_shown(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, *, has_seat: bool
) -> None:
    locked: list[str] = []
    monkeypatch.setattr(People, "lock", lambda *_: locked.append("person"))
    monkeypatch.setattr(Requests, "lock", lambda *_: locked.append("request"))
    guest = hall.guests[0] if has_seat else standby_of(hall)
    identity = hall.card(guest)
    if has_seat:
        arrives(hall, guest, identity)
    else:
        hall.execute("reception", note_present, Standby(code=guest.code, identity=identity))
    assert locked.index("request") > locked.index("person"), "else two officers wait for each other"
