"""All rate limits of the service in one table: what is counted, by which key, and what follows.

Two facts determine the numbers. First, Iranian operators put thousands of telephones behind one
IPv4 address, and a district office is one address. Limits that refuse therefore count by mobile,
account, visit and known device. Limits by address are high, count only failures, and first demand a
proof of work. Second, a visit costs nothing to make. Whatever is counted by visit is therefore also
limited by address, by mobile or for the whole city. A secret of 64 bits or more that is right opens
above its limit too: nobody guesses it, and whoever has it is no stranger.

Somebody may request codes to cost the city money or to block its messages. The limits slow that
down, and the daily budget of one-time codes ends it.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.jalali import clock_words
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.security_notes import account_name, mobile_mark, note

MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTH = timedelta(days=30)


class Per(Enum):
    """What a counter belongs to."""

    ACCOUNT = "an official's user name"
    MOBILE = "a mobile"
    PERSON = "a citizen"
    DEVICE = "a browser that this account or mobile has signed in with before"
    VISIT = "a browser's visit"
    ADDRESS = "an IPv4 address or an IPv6 /64"
    CODE = "a tracking code, whether it exists or not"
    LIST = "a draw or a district"


class Then(Enum):
    """What happens above a limit."""

    REFUSE = "refused until the window ends"
    PROVE = "required to prove work, or to wait half a minute where no script runs"


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit: `most` events in a window; the next meets `then`. REFUSE answers with `word`."""

    most: int
    window: timedelta
    per: tuple[Per, ...]
    counts: str
    then: Then = Then.REFUSE
    word: str = "too_many_requests"
    is_noted: bool = True
    """Whether a refusal is a security event; ordinary use reaches the other limits too."""

    @property
    def is_shared(self) -> bool:
        """Whether many people share its counter: thousands of telephones have one address.

        Nobody waits for it then, so as many as act at the same instant may exceed the limit.
        """
        return self.per == (Per.ADDRESS,)


class Limit(StrEnum):
    """What is limited; the value is the name of the counter."""

    PASSWORD_DEVICE = "password-device"  # noqa: S105  (the name of a counter)
    PASSWORD_ACCOUNT_ADDRESS = "password-account-address"  # noqa: S105
    PASSWORD_ACCOUNT = "password-account"  # noqa: S105
    PASSWORD_ACCOUNT_DAY = "password-account-day"  # noqa: S105
    PASSWORD_ADDRESS = "password-address"  # noqa: S105
    PASSWORD_ADDRESS_MOST = "password-address-most"  # noqa: S105
    SECOND_DEVICE = "second-device"
    SECOND_ACCOUNT = "second-account"
    CODE_AGAIN = "code-again"
    CODE_VISIT = "code-visit"
    CODE_DEVICE = "code-device"
    CODE_MOBILE = "code-mobile"
    CODE_MOBILE_DAY = "code-mobile-day"
    CODE_ADDRESS = "code-address"
    CODE_ADDRESS_MOST = "code-address-most"
    GUESS_DEVICE = "guess-device"
    GUESS_MOBILE = "guess-mobile"
    SSO_VISIT = "sso-visit"
    SSO_ADDRESS = "sso-address"
    TRACK_VISIT = "track-visit"
    TRACK_ADDRESS = "track-address"
    TRACK_ADDRESS_MOST = "track-address-most"
    TRACK_CODE = "track-code"
    TRACK_PIN = "track-pin"
    IDENTITY_REFUSED = "identity-refused"
    LAST_DIGITS = "last-digits"
    NAME_CHANGES = "name-changes"
    MOBILE_CHANGES = "mobile-changes"
    PROOF_WAITED = "proof-waited"
    FILINGS = "filings"
    STEPS = "steps"
    PHOTO_OWNER = "photo"
    PHOTO_ADDRESS = "photo-address"
    PHOTO_MEGABYTES_ADDRESS = "photo-megabytes-address"
    DRAFT_ADDRESS = "draft-address"
    SCAN = "scan"
    STRAIGHTEN = "straighten"
    CHECK_ADDRESS = "check-address"
    LIST = "list"
    LIST_STRANGERS = "list-strangers"
    READ_OUT_AGAIN = "read-out-again"
    READ_OUT_MOBILE = "read-out-mobile"
    READ_OUT_ACCOUNT = "read-out-account"
    READ_OUT_UNREAD = "read-out-unread"
    READ_OUT_WRONG = "read-out-wrong"
    READ_OUT_WRONG_MOBILE = "read-out-wrong-mobile"
    READ_OUT_PIN = "read-out-pin"
    READ_OUT_DIGITS = "read-out-digits"
    DOOR_DIGITS = "door-digits"
    HALL_CODE = "hall-code"
    INBOUND_SMS = "inbound-sms"
    HALL_KEY_ADDRESS = "hall-key-address"
    CARDS = "cards"
    CARD_LOOKS = "card-looks"
    CARD_ACTS = "card-acts"


_L, _P = Limit, Per

RULES: Mapping[Limit, Rule] = {
    # Officials' passwords. On a browser that the official has used before, only his own mistakes
    # count. All other attempts together can slow a new browser down and block it for a day, but
    # never his own tablet.
    _L.PASSWORD_DEVICE: Rule(10, QUARTER, (_P.ACCOUNT, _P.DEVICE), "wrong passwords"),
    _L.PASSWORD_ACCOUNT_ADDRESS: Rule(
        10, QUARTER, (_P.ACCOUNT, _P.ADDRESS), "wrong passwords on new browsers", Then.PROVE
    ),
    _L.PASSWORD_ACCOUNT: Rule(
        20, HOUR, (_P.ACCOUNT,), "wrong passwords on new browsers", Then.PROVE
    ),
    _L.PASSWORD_ACCOUNT_DAY: Rule(
        100, DAY, (_P.ACCOUNT,), "wrong passwords on new browsers", word="device_unknown"
    ),
    _L.PASSWORD_ADDRESS: Rule(100, QUARTER, (_P.ADDRESS,), "wrong passwords", Then.PROVE),
    _L.PASSWORD_ADDRESS_MOST: Rule(1_000, QUARTER, (_P.ADDRESS,), "wrong passwords"),
    # Second steps. Only somebody who typed the right password gets here, so a stranger cannot use
    # these up. The thief of a password can block new browsers, never the official's own tablet.
    _L.SECOND_DEVICE: Rule(
        30, DAY, (_P.ACCOUNT, _P.DEVICE), "wrong second steps", word="second_used_up"
    ),
    _L.SECOND_ACCOUNT: Rule(
        20, DAY, (_P.ACCOUNT,), "wrong second steps on new browsers", word="second_used_up"
    ),
    # Codes by SMS. Each visit has its own codes, so one visitor cannot disturb another. A stranger
    # can exhaust a mobile's limit for the day, but a known device has a separate count.
    _L.CODE_AGAIN: Rule(
        1, MINUTE, (_P.MOBILE, _P.VISIT), "codes sent", word="code_too_often", is_noted=False
    ),
    _L.CODE_VISIT: Rule(10, HOUR, (_P.VISIT,), "codes sent"),
    _L.CODE_DEVICE: Rule(12, DAY, (_P.MOBILE, _P.DEVICE), "codes sent", word="code_day_full"),
    _L.CODE_MOBILE: Rule(6, DAY, (_P.MOBILE,), "codes sent to new browsers", Then.PROVE),
    _L.CODE_MOBILE_DAY: Rule(
        15, DAY, (_P.MOBILE,), "codes sent to new browsers", word="code_day_full"
    ),
    _L.CODE_ADDRESS: Rule(100, HOUR, (_P.ADDRESS,), "codes sent and not typed", Then.PROVE),
    _L.CODE_ADDRESS_MOST: Rule(2_000, HOUR, (_P.ADDRESS,), "codes sent and not typed"),
    # Guessing codes: five tries each (`store/accounts/sign_ins.py`), and no more than these a day.
    _L.GUESS_DEVICE: Rule(30, DAY, (_P.MOBILE, _P.DEVICE), "wrong codes", word="guesses_used_up"),
    _L.GUESS_MOBILE: Rule(
        40, DAY, (_P.MOBILE,), "wrong codes on new browsers", word="guesses_used_up"
    ),
    # Single sign-on: each attempt is a row for ten minutes and up to three calls to a provider.
    _L.SSO_VISIT: Rule(20, HOUR, (_P.VISIT,), "sign-ons begun at a provider"),
    _L.SSO_ADDRESS: Rule(2_000, HOUR, (_P.ADDRESS,), "sign-ons begun at a provider"),
    # Tracking codes. The owner's session and a visit that already had access skip these limits.
    _L.TRACK_VISIT: Rule(10, QUARTER, (_P.VISIT,), "wrong digits"),
    _L.TRACK_ADDRESS: Rule(100, QUARTER, (_P.ADDRESS,), "wrong digits", Then.PROVE),
    _L.TRACK_ADDRESS_MOST: Rule(1_500, QUARTER, (_P.ADDRESS,), "wrong digits"),
    _L.TRACK_CODE: Rule(
        30, DAY, (_P.CODE,), "wrong digits; then the whole mobile", word="tracking_whole_mobile"
    ),
    _L.TRACK_PIN: Rule(200, DAY, (_P.CODE,), "wrong PINs", word="tracking_by_phone"),
    # What a confirmed citizen does.
    _L.IDENTITY_REFUSED: Rule(
        3, DAY, (_P.MOBILE,), "identities that belong elsewhere", word="identity_not_now"
    ),
    _L.LAST_DIGITS: Rule(
        3, DAY, (_P.MOBILE,), "wrong last digits of a number", word="last_digits_over"
    ),
    _L.NAME_CHANGES: Rule(
        2, MONTH, (_P.PERSON,), "names corrected", word="name_too_often", is_noted=False
    ),
    _L.MOBILE_CHANGES: Rule(3, MONTH, (_P.PERSON,), "mobiles changed", word="mobile_too_often"),
    _L.FILINGS: Rule(6, DAY, (_P.PERSON,), "requests filed", word="filed_too_often"),
    _L.STEPS: Rule(60, HOUR, (_P.PERSON,), "steps on requests and orders"),
    _L.PHOTO_OWNER: Rule(60, HOUR, (_P.VISIT,), "photos of a visit, person or account"),
    # What a visitor may leave without signing in (`anonymous.py`); above it she signs in first.
    # Whoever signs in takes her own back. In a day an address leaves fewer drafts than the city
    # has room for.
    _L.PHOTO_ADDRESS: Rule(
        200, HOUR, (_P.ADDRESS,), "photos that nobody has signed in for", word="photo_sign_in_first"
    ),
    _L.PHOTO_MEGABYTES_ADDRESS: Rule(
        600, HOUR, (_P.ADDRESS,), "megabytes of such photos", word="photo_sign_in_first"
    ),
    _L.DRAFT_ADDRESS: Rule(
        800, HOUR, (_P.ADDRESS,), "drafts that nobody has signed in for", word="sign_in_first"
    ),
    _L.SCAN: Rule(
        1_200, timedelta(minutes=10), (_P.ACCOUNT,), "frames of a camera", is_noted=False
    ),
    _L.STRAIGHTEN: Rule(240, HOUR, (_P.ACCOUNT,), "papers straightened", is_noted=False),
    # What anybody may ask.
    _L.PROOF_WAITED: Rule(60, QUARTER, (_P.ADDRESS,), "waits taken instead of a proof of work"),
    _L.CHECK_ADDRESS: Rule(300, QUARTER, (_P.ADDRESS,), "printed orders that are not genuine"),
    _L.LIST: Rule(20, HOUR, (_P.VISIT,), "objections of one asker"),
    # Every ticket ever filed is public. An objection costs a log entry and a replay of the whole
    # line. A signed-in citizen and every office may object at any time.
    _L.LIST_STRANGERS: Rule(20, HOUR, (_P.LIST,), "objections of nobody signed in"),
    # What a citizen reads out to an officer. None of these counts is shared with her own sign-in,
    # so neither can block the other. Unread codes stop an officer who works through a list of
    # mobiles. An officer who serves one caller a minute never meets a limit.
    _L.READ_OUT_AGAIN: Rule(
        1, MINUTE, (_P.MOBILE, _P.ACCOUNT), "codes sent", word="read_out_again", is_noted=False
    ),
    _L.READ_OUT_MOBILE: Rule(
        6, DAY, (_P.MOBILE,), "codes sent for officers", word="read_out_mobile_full"
    ),
    _L.READ_OUT_ACCOUNT: Rule(
        250, DAY, (_P.ACCOUNT,), "codes sent for an officer", word="read_out_day_full"
    ),
    _L.READ_OUT_UNREAD: Rule(
        12, HOUR, (_P.ACCOUNT,), "such codes that nobody has read out", word="read_out_unread"
    ),
    _L.READ_OUT_WRONG: Rule(
        40, DAY, (_P.ACCOUNT,), "wrong codes, PINs, digits and cards", word="read_out_wrong_full"
    ),
    _L.READ_OUT_WRONG_MOBILE: Rule(
        20, DAY, (_P.MOBILE,), "wrong codes read out to officers", word="read_out_wrong_full"
    ),
    _L.READ_OUT_PIN: Rule(
        20, DAY, (_P.PERSON,), "wrong PINs read out to officers", word="read_out_pin_full"
    ),
    _L.READ_OUT_DIGITS: Rule(
        20, DAY, (_P.CODE,), "wrong digits read out to officers", word="read_out_digits_full"
    ),
    # By visitor: after five wrong tries of 10,000 possible digits the whole number is required.
    _L.DOOR_DIGITS: Rule(
        5, DAY, (_P.CODE,), "wrong last digits of a card at the door", word="card_whole"
    ),
    # The key of a hall's screen has twenty digits, typed with a television's remote control.
    _L.HALL_KEY_ADDRESS: Rule(
        60, QUARTER, (_P.ADDRESS,), "wrong keys of a hall's screen", word="hall_key_often"
    ),
    # Two of 100,000 codes are valid at a time: guessing all day succeeds with probability 1/300.
    _L.HALL_CODE: Rule(8, QUARTER, (_P.CODE,), "codes of the hall", word="hall_code_often"),
    # A telephone with automatic answers would exchange messages with the city endlessly.
    _L.INBOUND_SMS: Rule(6, QUARTER, (_P.MOBILE,), "answers to messages", is_noted=False),
    # Only the desk's statement creates these persons: no telephone has answered.
    _L.CARDS: Rule(
        40, DAY, (_P.ACCOUNT,), "citizens without a mobile made at a desk", word="cards_full"
    ),
    # A look-up reveals who is registered; an act reveals which mobile reaches her.
    _L.CARD_LOOKS: Rule(
        80, DAY, (_P.ACCOUNT,), "citizens looked up by their cards", word="card_looks_full"
    ),
    _L.CARD_ACTS: Rule(40, DAY, (_P.ACCOUNT,), "cards accepted at a desk", word="card_acts_full"),
}
"""One row for each limit; a test tries every one of them at its edge."""


_GUESSES = frozenset(
    {
        _L.SECOND_DEVICE,
        _L.SECOND_ACCOUNT,
        _L.GUESS_DEVICE,
        _L.GUESS_MOBILE,
        _L.TRACK_CODE,
        _L.TRACK_PIN,
        _L.IDENTITY_REFUSED,
        _L.LAST_DIGITS,
        _L.READ_OUT_WRONG,
        _L.READ_OUT_WRONG_MOBILE,
        _L.READ_OUT_PIN,
        _L.READ_OUT_DIGITS,
        _L.DOOR_DIGITS,
        _L.HALL_CODE,
    }
)
"""Wrong tries of what has few digits: each process remembers them, whatever becomes of their rows.

Nobody but who knows the secret has them forgotten. Passwords are long, and a new one has the tries
at the old one forgotten, also from the command line.
"""


def is_over(uow: UnitOfWork, limit: Limit, *key: str) -> bool:
    """Return whether the next event would exceed the limit, without counting or locking.

    A key with an empty part (the clock and commands have no address) is never over and never
    counted.
    """
    return (
        "" not in key
        and uow.counters.value(_name(limit, key), RULES[limit].window) >= RULES[limit].most
    )


def is_over_locked(uow: UnitOfWork, limit: Limit, *key: str) -> bool:
    """Return whether the limit is reached, and lock the counter until the transaction ends.

    Simultaneous guesses, even in two processes, are therefore counted one after another.
    """
    if "" in key:
        return False
    return uow.counters.locked_value(_name(limit, key), RULES[limit].window) >= RULES[limit].most


def count(uow: UnitOfWork, limit: Limit, *key: str, amount: int = 1) -> None:
    """Add to a counter; a negative amount takes an event back."""
    if "" in key:
        return
    name, rule = _name(limit, key), RULES[limit]
    if rule.is_shared:
        uow.counters.add_last(name, rule.window, amount)
    else:
        uow.counters.add(name, rule.window, amount, is_guess=limit in _GUESSES)


def count_first(uow: UnitOfWork, limit: Limit, *key: str) -> None:
    """Count the first event of a key that this unit of work has created, without look-up or lock.

    Nobody else can have counted under such a key.
    """
    uow.counters.begin(_name(limit, key), RULES[limit].window)


def forget(uow: UnitOfWork, limit: Limit, *key: str) -> None:
    uow.counters.clear(_name(limit, key))


def take(uow: UnitOfWork, limit: Limit, *key: str) -> None:
    """Count one event; above the limit raise Denied with the limit's word.

    Its facts are `minutes`, how many are left, and `time`, the city's time then. A sentence that
    stays on a page names the time, because the minutes grow old. Concurrent calls are counted one
    after another, unless the limit is shared.
    """
    is_reached = is_over if RULES[limit].is_shared else is_over_locked
    if is_reached(uow, limit, *key):
        raise over(uow, limit, *key)
    count(uow, limit, *key)


def over(uow: UnitOfWork, limit: Limit, *key: str) -> Denied:
    """Return the refusal of a limit, and record a security event if the limit asks for one."""
    rule = RULES[limit]
    minutes = uow.counters.minutes_left(_name(limit, key), rule.window)
    refusal = Denied(rule.word, minutes=minutes, time=clock_words(uow.city_time_in(minutes)))
    if not rule.is_noted:
        return refusal
    who = ""
    if rule.per[0] is Per.MOBILE:
        who = mobile_mark(uow, key[0])
    elif rule.per[0] is Per.ACCOUNT:
        account = uow.accounts.by_username(key[0])
        who = account_name(account.username) if account else ""
    note(uow, SecurityKind.LIMIT_REACHED, who, limit.value)
    return refusal


def count_step(uow: UnitOfWork, actor: Actor) -> None:
    """Count a step that a citizen cannot take back; officials' steps are not counted."""
    if actor.person_id is not None:
        take(uow, Limit.STEPS, actor.person_id)


def photo_megabytes(size: int) -> int:
    """Return what a photo of `size` bytes counts under `PHOTO_MEGABYTES_ADDRESS`."""
    return max(1, size >> 20)


def _name(limit: Limit, key: tuple[str, ...]) -> str:
    return "/".join((limit.value, *key))


ALARM_AT = 0.8
"""Share of the budget from which operators are warned."""
_COUNTER, _ALARM, _SPENT = "sms-codes", "sms-codes/alarm", "sms-codes/spent"
_log = logging.getLogger(__name__)


def codes_sent_today(uow: UnitOfWork) -> int:
    return uow.counters.value(_COUNTER, DAY)


def spend_code(uow: UnitOfWork, budget: int, *, is_known: bool) -> None:
    """Count a code that is about to be sent.

    Denied("sms_budget_spent") above the budget, unless this browser has signed in with the mobile
    before. Known browsers have their own limits, and a stranger cannot create one.

    The whole city has one count, so nobody locks it, nor the alarms: codes that are asked for at
    the same instant may exceed the budget by their own number, and report it more than once.
    """
    spent = uow.counters.value(_COUNTER, DAY) + 1
    if budget and spent > budget and not is_known:
        note(uow, SecurityKind.SMS_BUDGET, "", "refused")
        raise Denied("sms_budget_spent")
    uow.counters.add_last(_COUNTER, DAY)
    if not budget:
        return
    if spent >= int(ALARM_AT * budget) and _is_news(uow, _ALARM):
        note(uow, SecurityKind.SMS_BUDGET, "", f"{spent} of {budget}")
        _log.warning("%s of %s one-time codes of today's budget are sent", spent, budget)
    if spent >= budget and _is_news(uow, _SPENT):
        note(uow, SecurityKind.SMS_BUDGET, "", f"{budget} of {budget}")
        _log.error("today's budget of %s one-time codes is spent", budget)


def _is_news(uow: UnitOfWork, alarm: str) -> bool:
    """Whether it was not reported in the budget's window; two at once may skip an exact number."""
    name = f"{alarm}/{uow.counters.begun_at(_COUNTER, DAY).isoformat()}"
    if uow.counters.value(name, DAY):
        return False
    uow.counters.add_last(name, DAY)
    return True


def take_back_code(uow: UnitOfWork) -> None:
    """Take back a code that was counted and never sent."""
    uow.counters.add_last(_COUNTER, DAY, -1)
