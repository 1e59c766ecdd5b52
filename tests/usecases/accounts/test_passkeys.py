"""A mayor signs in by passkey; hostile devices, browsers and answers do not."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from fido2.utils import websafe_decode, websafe_encode
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.authenticator import UP, Authenticator
from support.city import PASSWORD, City
from support.clock import FixedClock
from support.doors import code_at, id_of
from support.together import refusal, together

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import AccountEventKind, SecurityKind
from publicmeeting.domain.officials.credentials import FRESH, PASSKEYS_MOST
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor
from publicmeeting.store.accounts.factors import CHALLENGE_STAYS
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.doors import PasskeyRow
from publicmeeting.store.rekey import damaged
from publicmeeting.usecases.accounts.factors.passkeys import (
    ANSWER_MOST,
    Answer,
    NewKey,
    OneKey,
    Site,
    _made,
    _signed,
    add_key,
    ask_key,
    ask_touch,
    remove_key,
    touch,
)
from publicmeeting.usecases.accounts.factors.second_step import (
    Due,
    Enrol,
    Entry,
    PendingCookie,
    enrol,
    second_due,
)
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing

HOST, ORIGIN = "meeting.example", "https://meeting.example"
SITE = {"host": HOST, "origins": (ORIGIN,)}
NO = Entry(refusal="passkey_refused")


class Tablet:
    """A browser of an official, with an authenticator."""

    def __init__(self, application: Application, visit: str) -> None:
        self.application = application
        self.keys = Keys(visit=visit)
        self.device = Authenticator(ORIGIN, HOST)

    def comes_in(self, username: str = "mayor") -> None:
        command = SignIn(username=username, password=PASSWORD)
        session, why = self.application.execute_now(sign_in, self.keys, command)
        assert not why
        self.keys = Keys(session=session, visit=self.keys.visit)

    def comes_in_by_key(self) -> None:
        entry = self.touches(self.device.signs(self.asks_touch()))
        self.keys = Keys(session=entry.session, visit=self.keys.visit)

    def asks_key(self) -> dict[str, object]:
        return self.application.execute_now(ask_key, self.keys, Site(**SITE))

    def adds(self, credential: str, name: str = "تبلت من") -> str:
        command = NewKey(**SITE, credential=credential, name=name)
        return self.application.execute_now(add_key, self.keys, command)

    def has_key(self, username: str = "mayor") -> None:
        self.comes_in(username)
        assert self.adds(self.device.makes(self.asks_key()))
        self.keys = Keys(visit=self.keys.visit)

    def asks_touch(self) -> dict[str, object]:
        return self.application.execute_now(ask_touch, self.keys, Site(**SITE))

    def touches(self, credential: str) -> Entry:
        return self.application.execute_now(touch, self.keys, Answer(**SITE, credential=credential))


@pytest.fixture
def tablet(application: Application, city: City) -> Tablet:
    return Tablet(application, "tablet")


def noted(application: Application, kind: SecurityKind) -> int:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return sum(event.count for event in uow.security.page([kind]))


@pytest.mark.parametrize("column", ["account_id", "public_key"])
def test_a_key_written_by_the_owner_of_the_database_opens_nothing(
    tablet: Tablet, column: str
) -> None:
    """He assigns his own key to the mayor, or puts his public key into the mayor's row."""
    his = Tablet(tablet.application, "his")
    tablet.has_key("mayor")
    his.has_key("desk")
    led = his if column == "account_id" else tablet
    with tablet.application.store.unit_of_work(tablet.application.clock()) as uow:
        mayors, own = (uow.session.get(PasskeyRow, one.device.name) for one in (tablet, his))
        assert mayors
        assert own
        if column == "account_id":
            own.account_id = mayors.account_id
            his.device.handle = tablet.device.handle
        else:
            mayors.public_key = own.public_key
            tablet.device.key = his.device.key
    assert not led.touches(led.device.signs(led.asks_touch())).session
    with tablet.application.store.unit_of_work(tablet.application.clock(), reading=True) as uow:
        assert [what for where, what in damaged(uow) if where.startswith("passkey")]


def test_one_touch_is_a_whole_sign_in(tablet: Tablet) -> None:
    tablet.has_key()
    entry = tablet.touches(tablet.device.signs(tablet.asks_touch()))
    who = tablet.application.query_now(viewer, Keys(session=entry.session), Nothing())
    assert who.name == "mayor"
    with tablet.application.store.unit_of_work(tablet.application.clock(), reading=True) as uow:
        (passkey,) = uow.passkeys.of(id_of(uow, "mayor"))
        (event,) = uow.account_events.of_account(id_of(uow, "mayor"), most=1)
        doors = uow.connection.exec_driver_sql("SELECT door FROM session").scalars().all()
    assert (passkey.name, passkey.sign_count) == ("تبلت من", 1)
    assert passkey.used_at is not None
    assert (event.kind, event.body) == (AccountEventKind.PASSKEY_ADDED, {"name": "تبلت من"})
    assert Door.PASSKEY in doors


HOSTILE = {
    "another origin": {"origin": "https://evil.example"},
    "a page inside another's": {"cross_origin": True},
    "another host": {"host": "evil.example"},
    "the answer of another question": {"kind": "webauthn.create"},
    "no owner": {"flags": UP},
    "nobody there": {"flags": 0x04},
    "a challenge of its own": {"challenge": "A" * 43},
    "a broken signature": {"signature": True},
    "another account's name": {"handle": b"0" * 32},
    "nobody's name": {"handle": b""},
}


@pytest.mark.parametrize("lies", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_is_refused_and_noted(tablet: Tablet, lies: dict[str, object]) -> None:
    tablet.has_key()
    assert tablet.touches(tablet.device.signs(tablet.asks_touch(), **lies)) == NO
    assert noted(tablet.application, SecurityKind.PASSKEY_REFUSED) == 1
    assert tablet.touches(tablet.device.signs(tablet.asks_touch())).session


@pytest.mark.parametrize("lies", list(HOSTILE.values())[:7], ids=list(HOSTILE)[:7])
def test_no_key_is_made_by_a_hostile_answer(tablet: Tablet, lies: dict[str, object]) -> None:
    reply = {"kind": "webauthn.get"} if "kind" in lies else lies
    tablet.comes_in()
    assert tablet.adds(tablet.device.makes(tablet.asks_key(), **reply)) == ""
    with tablet.application.store.unit_of_work(tablet.application.clock(), reading=True) as uow:
        assert uow.passkeys.of(id_of(uow, "mayor")) == []


def test_a_challenge_serves_once(tablet: Tablet) -> None:
    tablet.has_key()
    options = tablet.asks_touch()
    answer = tablet.device.signs(options)
    assert tablet.touches(answer).session
    assert tablet.touches(answer) == NO
    assert tablet.touches(tablet.device.signs(options)) == NO


@pytest.mark.on_postgresql
def test_of_many_who_bring_one_answer_at_the_same_instant_one_comes_in(
    application: Application, city: City
) -> None:
    tablet = Tablet(application, "tablet")
    tablet.has_key()
    answer = tablet.device.signs(tablet.asks_touch())
    done, refused = together(*[lambda: tablet.touches(answer)] * 4)
    assert refused == []
    assert sorted(bool(entry.session) for entry in done) == [False, False, False, True]


@pytest.mark.on_postgresql
def test_a_count_that_goes_back_tells_of_a_copy(application: Application, city: City) -> None:
    tablet = Tablet(application, "tablet")
    tablet.has_key()
    assert tablet.touches(tablet.device.signs(tablet.asks_touch(), count=7)).session
    for count in (7, 6, 0):
        assert tablet.touches(tablet.device.signs(tablet.asks_touch(), count=count)) == NO
    assert noted(application, SecurityKind.PASSKEY_COPIED) == 3
    assert tablet.touches(tablet.device.signs(tablet.asks_touch(), count=8)).session


def test_a_device_that_does_not_count_comes_in_every_time(tablet: Tablet) -> None:
    tablet.has_key()
    for _ in range(2):
        assert tablet.touches(tablet.device.signs(tablet.asks_touch(), count=0)).session


def test_a_challenge_is_of_its_visit_of_its_use_and_of_some_minutes(
    tablet: Tablet, clock: FixedClock
) -> None:
    tablet.has_key()
    other = Tablet(tablet.application, "other")
    options = tablet.asks_touch()
    assert other.touches(tablet.device.signs(options)) == NO
    tablet.comes_in_by_key()
    assert tablet.touches(tablet.device.signs(tablet.asks_key())) == NO
    clock.forward(seconds=CHALLENGE_STAYS.total_seconds())
    assert tablet.touches(tablet.device.signs(options)) == NO


def test_a_key_of_another_account_opens_that_account_only(tablet: Tablet) -> None:
    tablet.has_key()
    deputy = Tablet(tablet.application, "deputy")
    deputy.has_key("deputy")
    lies = {"handle": tablet.device.handle}
    assert deputy.touches(deputy.device.signs(deputy.asks_touch(), **lies)) == NO
    deputy.device.id = tablet.device.id  # the id of the mayor's key, but another key
    assert deputy.touches(deputy.device.signs(deputy.asks_touch(), **lies)) == NO


def test_nobody_takes_a_key_that_is_somebodys(tablet: Tablet) -> None:
    tablet.has_key()
    thief = Tablet(tablet.application, "thief")
    thief.comes_in("desk")
    thief.device.id = tablet.device.id
    assert thief.adds(thief.device.makes(thief.asks_key())) == ""
    assert tablet.touches(tablet.device.signs(tablet.asks_touch())).session


def test_keys_are_changed_shortly_after_signing_in_only(tablet: Tablet, clock: FixedClock) -> None:
    tablet.has_key()
    tablet.comes_in_by_key()
    options = tablet.asks_key()
    clock.forward(seconds=FRESH.total_seconds())
    key = tablet.device
    assert refusal(tablet.asks_key).key == "not_fresh"
    assert refusal(lambda: tablet.adds(key.makes(options))).key == "not_fresh"
    command = OneKey(key="x")
    removed = refusal(lambda: tablet.application.execute_now(remove_key, tablet.keys, command))
    assert removed.key == "not_fresh"


def test_a_removed_key_and_one_of_somebody_dismissed_open_nothing(tablet: Tablet) -> None:
    tablet.has_key()
    application = tablet.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (mayors,) = uow.passkeys.of(id_of(uow, "mayor"))
    stranger = Tablet(application, "stranger")
    stranger.comes_in("desk")
    command = OneKey(key=mayors.id)
    refused = refusal(lambda: application.execute_now(remove_key, stranger.keys, command))
    assert refused.key == "not_found"
    gone = Tablet(application, "gone")
    gone.has_key("deputy")
    with application.store.unit_of_work(application.clock()) as uow:
        uow.accounts.dismiss(id_of(uow, "deputy"))
    assert gone.touches(gone.device.signs(gone.asks_touch())) == NO
    tablet.comes_in_by_key()
    application.execute_now(remove_key, tablet.keys, command)
    assert tablet.touches(tablet.device.signs(tablet.asks_touch())) == NO


def test_the_password_alone_sets_nothing_up_for_whoever_has_a_key(tablet: Tablet) -> None:
    """He had a key before his role required it; a thief of the password must not be first."""
    command = SignIn(username="mayor", password=PASSWORD, requires_two_steps=True)
    thief = Keys(visit="thief")
    sealed, due = tablet.application.execute_now(sign_in, thief, command)
    assert due == Due.ENROLMENT
    tablet.has_key()
    assert tablet.application.execute_now(sign_in, thief, command) == ("", "passkey_needed")
    waiting = tablet.application.query_now(second_due, thief, PendingCookie(sealed=sealed))
    assert waiting is not None
    code = code_at(tablet.application, waiting.secret)
    late = tablet.application.execute_now(enrol, thief, Enrol(sealed=sealed, code=code))
    assert late == Entry(refusal="second_expired")
    assert tablet.touches(tablet.device.signs(tablet.asks_touch())).session


def test_so_many_keys_and_no_more(tablet: Tablet) -> None:
    tablet.comes_in()
    for _ in range(PASSKEYS_MOST):
        assert tablet.adds(Authenticator(ORIGIN, HOST).makes(tablet.asks_key()))
    assert refusal(tablet.asks_key).key == "passkeys_full"


def test_a_long_or_odd_name_is_cut_and_cleaned(tablet: Tablet) -> None:
    tablet.comes_in()
    assert len(tablet.adds(tablet.device.makes(tablet.asks_key()), "ن" * 500)) == 40
    other = Authenticator(ORIGIN, HOST)
    assert tablet.adds(other.makes(tablet.asks_key()), "\u202e \0 ") == "mayor"


def test_without_a_visit_there_is_no_challenge(application: Application, city: City) -> None:
    assert refusal(Tablet(application, "").asks_touch).key == "not_ready"


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "null", "[]", "{}", '{"id": 1}', "[" * 5000, "9" * ANSWER_MOST, "\0"),
        '{"rawId": "AA", "id": "AA", "response": null}',
        "x" * (ANSWER_MOST + 1),
    ],
)
def test_what_is_no_answer_is_refused(tablet: Tablet, text: str) -> None:
    tablet.asks_touch()
    assert tablet.touches(text) == NO
    tablet.comes_in()
    assert tablet.adds(text) == ""


HUGE = 10**11
"""The library would take it for a length and use up the machine's memory."""
PARTS = ("clientDataJSON", "authenticatorData", "signature", "userHandle", "rawId")
LETTERS = st.binary(max_size=60).map(websafe_encode)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("value", [HUGE, [HUGE], {"a": HUGE}, None, 1.5, True])
def test_a_number_in_the_place_of_a_text_reserves_no_memory(
    tablet: Tablet, part: str, value: object
) -> None:
    tablet.has_key()
    answer = json.loads(tablet.device.signs(tablet.asks_touch()))
    (answer if part == "rawId" else answer["response"])[part] = value
    assert tablet.touches(json.dumps(answer)) == NO


@pytest.mark.parametrize("name", ["challenge", "origin", "type"])
def test_nor_does_one_inside_what_the_browser_says(tablet: Tablet, name: str) -> None:
    tablet.has_key()
    answer = json.loads(tablet.device.signs(tablet.asks_touch()))
    client = json.loads(websafe_decode(answer["response"]["clientDataJSON"]))
    client[name] = HUGE
    answer["response"]["clientDataJSON"] = websafe_encode(json.dumps(client).encode())
    assert tablet.touches(json.dumps(answer)) == NO


class NoKeys:
    """What the store must answer while an answer is checked."""

    def spend_challenge(self, *_: object) -> bool:
        return True

    def get(self, _: str) -> None:
        return None


NO_STORE = SimpleNamespace(
    passkeys=NoKeys(),
    vault=SimpleNamespace(lookup=lambda *_: "mark"),
    machine_now=datetime(2026, 12, 2, tzinfo=UTC),
)
OURS = websafe_encode(b"9999999999.x.mark")
"""A challenge that counts as the city's."""


@hypothesis_settings(max_examples=400, deadline=None)
@given(part=st.sampled_from(PARTS), value=LETTERS, at=st.integers(0, 300))
def test_an_answer_with_any_part_changed_is_refused_in_peace(
    part: str, value: str, at: int
) -> None:
    answer = json.loads(HERS.signs({"challenge": OURS}))
    place = answer if part == "rawId" else answer["response"]
    place[part] = value if at % 2 else str(place[part])[: at // 2] + value
    command = Answer(**SITE, credential=json.dumps(answer))
    assert _signed(NO_STORE, Actor(visit="v"), command) is None


@hypothesis_settings(max_examples=400, deadline=None)
@given(attestation=LETTERS, at=st.integers(0, 400))
def test_so_is_any_attestation(attestation: str, at: int) -> None:
    options = {"challenge": OURS, "user": {"id": "AAAA"}}
    answer = json.loads(HERS.makes(options))
    whole = answer["response"]["attestationObject"]
    answer["response"]["attestationObject"] = whole[: at % len(whole)] + attestation
    command = Answer(**SITE, credential=json.dumps(answer))
    made = _made(NO_STORE, Actor(visit="v"), command, "account")
    assert made is None or made.credential_id == HERS.id


HERS = Authenticator(ORIGIN, HOST)
HERS.handle = b"x" * 32
