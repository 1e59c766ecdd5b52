"""Every rate limit at its boundary; no stranger can exhaust another person's limit."""

from datetime import timedelta

import pytest
from support.citizens import a_form, citizen, code_on, someone
from support.city import PASSWORD
from support.clock import FixedClock
from support.each import for_each, in_one_city
from support.plans import asked
from support.together import refusal

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.refusals.refusals_text import REFUSALS
from publicmeeting.usecases.accounts.signing_in.proof_of_work import (
    AskProof,
    Purpose,
    _is_solved,
    new_challenge,
)
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    SignIn,
    ask_code,
    confirm_code,
    remember_device,
    sign_in,
)
from publicmeeting.usecases.accounts.staff_accounts import (
    ChangePassword,
    change_password,
    hash_password,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.rate_limits import (
    RULES,
    Limit,
    Then,
    count,
    forget,
    is_over,
    over,
    take,
)
from publicmeeting.usecases.tracking.by_code import Track, track
from publicmeeting.worker import cleanup

HER = someone(1)
MOBILE = "+989120000001"
OFFICE, ELSEWHERE = "192.0.2.7", "203.0.113.9"


def most(limit: Limit) -> int:
    return RULES[limit].most


def test_what_a_clock_has_counted_that_was_ahead_is_over_at_once(
    application: Application, clock: FixedClock
) -> None:
    now, mobile = clock(), "+989121112233"
    clock.set(now + timedelta(days=400))
    with application.store.unit_of_work(clock()) as uow:
        for _ in range(most(Limit.READ_OUT_MOBILE)):
            take(uow, Limit.READ_OUT_MOBILE, mobile)
    clock.set(now)
    with application.store.unit_of_work(clock()) as uow:
        assert not is_over(uow, Limit.READ_OUT_MOBILE, mobile)
        for _ in range(most(Limit.READ_OUT_MOBILE)):
            take(uow, Limit.READ_OUT_MOBILE, mobile)
        limited = over(uow, Limit.READ_OUT_MOBILE, mobile)
        assert limited.facts["minutes"] <= 24 * 60
        take(uow, Limit.NAME_CHANGES, "hers")
    clock.set(now - timedelta(days=300))
    with application.store.unit_of_work(clock()) as uow:
        uow.counters.sweep()
        left = uow.connection.exec_driver_sql("SELECT count(*) FROM rate").scalar_one()
    assert left == 0


@pytest.mark.parametrize("seconds", [5, 59])
def test_another_machines_clock_that_is_little_ahead_counts(
    application: Application, clock: FixedClock, seconds: int
) -> None:
    clock.forward(seconds=seconds)
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.CODE_AGAIN, MOBILE, "visit")
    clock.forward(seconds=-seconds)
    with application.store.unit_of_work(clock()) as uow:
        assert is_over(uow, Limit.CODE_AGAIN, MOBILE, "visit")


# The table itself.


@in_one_city("limit", Limit)
def test_as_much_as_the_table_says_may_happen_in_a_window_and_no_more(
    application: Application, clock: FixedClock, limit: Limit
) -> None:
    rule = RULES[limit]
    key = tuple(per.name for per in rule.per)
    with application.store.unit_of_work(clock()) as uow:
        count(uow, limit, *key, amount=rule.most - 1)
        take(uow, limit, *key)
        assert is_over(uow, limit, *key)
        with pytest.raises(Denied, match=rule.word) as refused:
            take(uow, limit, *key)
        assert refused.value.facts["minutes"] == rule.window.total_seconds() // 60
        take(uow, limit, "another", *key[1:])
    clock.forward(seconds=rule.window.total_seconds() - 1)
    with application.store.unit_of_work(clock()) as uow:
        cleanup.forget(uow)  # the cleanup runs every hour
        assert is_over(uow, limit, *key)
    clock.forward(seconds=1)
    with application.store.unit_of_work(clock()) as uow:
        take(uow, limit, *key)


@pytest.mark.on_postgresql
def test_a_count_is_forgotten_when_its_own_window_ends(
    application: Application, clock: FixedClock
) -> None:
    """The key names who was here, so a short window's count must not live for a month."""
    mine = {Limit.TRACK_VISIT: "a visit", Limit.FILINGS: "a person", Limit.NAME_CHANGES: "a person"}
    with application.store.unit_of_work(clock()) as uow:
        for limit, key in mine.items():
            take(uow, limit, key)
        take(uow, Limit.CODE_VISIT, "cleared")
        forget(uow, Limit.CODE_VISIT, "cleared")
    left = []
    for limit in mine:
        with application.store.unit_of_work(clock()) as uow:
            cleanup.forget(uow)
            left.append(uow.connection.exec_driver_sql("SELECT count(*) FROM rate").scalar_one())
        clock.set(clock.now + RULES[limit].window)
    assert left == [3, 2, 1]


@for_each(Limit)
def test_a_limit_is_described_and_its_refusal_has_a_sentence(limit: Limit) -> None:
    rule = RULES[limit]
    assert rule.counts
    assert rule.per
    assert rule.word in REFUSALS
    # A limit by address alone is high, or asks for a proof of work first.
    if {per.name for per in rule.per} == {"ADDRESS"}:
        assert rule.most >= 60


def test_what_has_no_key_is_not_counted(application: Application, clock: FixedClock) -> None:
    with application.store.unit_of_work(clock()) as uow:
        for _ in range(3 * most(Limit.IDENTITY_REFUSED)):
            take(uow, Limit.IDENTITY_REFUSED, "")
        assert not is_over(uow, Limit.IDENTITY_REFUSED, "")


# Officials.


def enter(
    application: Application,
    password: str = PASSWORD,
    *,
    address: str = OFFICE,
    device: str = "",
    username: str = "mayor",
    proof: str = "",
    visit: str = "",
) -> tuple[str, str]:
    keys = Keys(address=address, device=device, visit=visit)
    command = SignIn(username=username, password=password, proof=proof)
    return application.execute_now(sign_in, keys, command)


def device_of(application: Application, session: str, device: str = "") -> str:
    return application.query_now(remember_device, Keys(session=session, device=device), Nothing())


def solved(application: Application, purpose: Purpose, visit: str) -> str:
    command = AskProof(purpose=purpose.value, fields={})
    text = application.execute_now(new_challenge, Keys(visit=visit), command).text
    return next(one for at in range(10**7) if _is_solved(one := f"{text}.{at}"))


def guess(application: Application, times: int, **where: str) -> set[str]:
    return {enter(application, "wrong password", **where)[1] for _ in range(times)}


def test_whoever_guesses_a_mayors_password_does_not_close_his_own_tablet(
    application: Application, city: object
) -> None:
    tablet = device_of(application, enter(application)[0])
    assert guess(application, 10) == {"password_wrong"}
    assert guess(application, 5) == {"proof_needed"}
    for number in range(most(Limit.PASSWORD_ACCOUNT_DAY)):
        guess(application, 1, address=f"198.51.100.{number}")
    assert enter(application)[1] == "proof_needed"
    key, word = enter(application, device=tablet)
    assert (bool(key), word) == (True, "")


def test_a_day_of_guessing_from_everywhere_closes_new_browsers_only(
    application: Application, city: object, clock: FixedClock
) -> None:
    tablet = device_of(application, enter(application)[0])
    with application.store.unit_of_work(clock()) as uow:
        before_last = most(Limit.PASSWORD_ACCOUNT_DAY) - 1
        count(uow, Limit.PASSWORD_ACCOUNT_DAY, "mayor", amount=before_last)
    assert enter(application)[1] == ""
    assert guess(application, 1) == {"password_wrong"}
    assert enter(application) == ("", "device_unknown")
    assert enter(application, device=tablet)[1] == ""
    command = ChangePassword(username="mayor", password_hash=hash_password("another password"))
    application.execute_as(city.as_("administrator"), change_password, command)
    assert enter(application, "another password")[1] == ""


def test_his_own_mistakes_close_his_own_browser_for_a_while(
    application: Application, city: object, clock: FixedClock
) -> None:
    tablet = device_of(application, enter(application)[0])
    assert guess(application, most(Limit.PASSWORD_DEVICE), device=tablet) == {"password_wrong"}
    assert enter(application, device=tablet) == ("", "too_many_requests")
    assert enter(application)[1] == ""
    clock.forward(minutes=15)
    assert enter(application, device=tablet)[1] == ""


def test_a_proof_of_work_opens_one_try(application: Application, city: object) -> None:
    guess(application, most(Limit.PASSWORD_ACCOUNT_ADDRESS))
    assert enter(application, visit="v")[1] == "proof_needed"
    proof = solved(application, Purpose.PASSWORD, "v")
    assert enter(application, "wrong password", visit="v", proof=proof)[1] == "password_wrong"
    assert enter(application, visit="v", proof=proof)[1] == "proof_needed"
    assert enter(application, visit="v", proof=solved(application, Purpose.PASSWORD, "v"))[1] == ""


def test_a_device_is_known_to_those_who_signed_in_with_it_and_to_nobody_else(
    application: Application, city: object
) -> None:
    of_desk = device_of(application, enter(application, username="desk")[0])
    shared = device_of(application, enter(application)[0], of_desk)
    assert shared.startswith(of_desk.partition(".")[0])
    guess(application, 10)
    assert enter(application, device=of_desk)[1] == "proof_needed"
    assert enter(application, device=of_desk[:-1])[1] == "proof_needed"
    assert enter(application, device=shared)[1] == ""
    assert device_of(application, enter(application, device=shared)[0], shared).count(".") == 2


def test_a_device_is_new_again_after_a_change_of_password(
    application: Application, city: object
) -> None:
    tablet = device_of(application, enter(application)[0])
    command = ChangePassword(username="mayor", password_hash=hash_password("another password"))
    application.execute_as(city.as_("administrator"), change_password, command)
    guess(application, 10)
    assert enter(application, "another password", device=tablet)[1] == "proof_needed"


def test_a_morning_shift_behind_one_address_signs_in(
    application: Application, city: object
) -> None:
    """Only failures are counted."""
    names = ("desk", "second_desk", "reception", "mayor", "deputy", "technical", "services")
    for number in range(60):
        assert enter(application, username=names[number % len(names)])[1] == ""
    guess(application, 11, username="reception")
    assert enter(application, username="second_desk")[1] == ""


def test_an_address_that_fails_a_hundred_times_proves_its_work_and_then_waits(
    application: Application, city: object, clock: FixedClock
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PASSWORD_ADDRESS, OFFICE, amount=100)
    assert enter(application)[1] == "proof_needed"
    assert enter(application, address=ELSEWHERE)[1] == ""
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PASSWORD_ADDRESS_MOST, OFFICE, amount=1_000)
    assert enter(application)[1] == "too_many_requests"


# Codes by SMS.


def ask(
    application: Application,
    mobile: str = HER.mobile,
    visit: str = "hers",
    *,
    address: str = OFFICE,
    device: str = "",
    proof: str = "",
) -> str:
    keys = Keys(visit=visit, address=address, device=device)
    return application.execute_now(
        ask_code, keys, AskCode(mobile=mobile, host="x.example", proof=proof)
    )


def confirm(
    application: Application, code: str, visit: str = "hers", device: str = ""
) -> tuple[str, str]:
    keys = Keys(visit=visit, address=OFFICE, device=device)
    return application.execute_now(confirm_code, keys, ConfirmCode(mobile=HER.mobile, code=code))


def test_a_strangers_request_neither_silences_hers_nor_spoils_her_code(
    application: Application,
) -> None:
    ask(application, visit="stranger", address=ELSEWHERE)
    ask(application)
    code = code_on(application, MOBILE)
    ask(application, visit="another stranger", address=ELSEWHERE)
    assert confirm(application, code)[1] == ""


def known_phone(application: Application, clock: FixedClock) -> str:
    ask(application)
    session, _ = confirm(application, code_on(application, MOBILE))
    clock.forward(days=1)
    return device_of(application, session)


def test_a_mobile_has_so_many_codes_a_day_and_her_own_telephone_more(
    application: Application, clock: FixedClock
) -> None:
    """Six freely, nine more for a proof of work: 15 SMS a day, not 144."""
    phone = known_phone(application, clock)
    for number in range(most(Limit.CODE_MOBILE)):
        ask(application, visit=f"stranger {number}", address=f"198.51.100.{number}")
    assert refusal(lambda: ask(application, visit="stranger")).key == "proof_needed"
    assert ask(
        application, visit="her tablet", proof=solved(application, Purpose.CODE, "her tablet")
    )
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.CODE_MOBILE_DAY, MOBILE, amount=8)
    proof = solved(application, Purpose.CODE, "stranger")
    assert refusal(lambda: ask(application, visit="stranger", proof=proof)).key == "code_day_full"
    for _ in range(most(Limit.CODE_DEVICE)):
        ask(application, visit="hers", device=phone)
        clock.forward(minutes=10)
    assert confirm(application, code_on(application, MOBILE), device=phone)[1] == "code_expired"
    assert refusal(lambda: ask(application, device=phone)).key in {
        "code_day_full",
        "too_many_requests",
    }
    clock.forward(days=1)
    assert ask(application, visit="stranger")


def test_a_thousand_telephones_behind_one_address_that_type_their_codes_meet_no_limit(
    application: Application, clock: FixedClock
) -> None:
    for number in range(1, 151):
        mobile = someone(number).mobile
        reached = ask(application, mobile, f"visit {number}")
        keys = Keys(visit=f"visit {number}", address=OFFICE)
        command = ConfirmCode(mobile=mobile, code=code_on(application, reached))
        assert application.execute_now(confirm_code, keys, command)[1] == ""


def test_codes_that_nobody_types_cost_their_address_a_proof_of_work(
    application: Application,
) -> None:
    """A visit costs nothing to make, so a limit by visit bounds nobody."""
    for number in range(1, most(Limit.CODE_ADDRESS) + 1):
        ask(application, someone(number).mobile, f"visit {number}")
    last = someone(999).mobile
    assert refusal(lambda: ask(application, last, "new")).key == "proof_needed"
    assert ask(application, last, "new", proof=solved(application, Purpose.CODE, "new"))
    assert ask(application, someone(998).mobile, "elsewhere", address=ELSEWHERE)


def test_one_visit_asks_for_ten_codes_an_hour(application: Application) -> None:
    for number in range(1, 11):
        ask(application, someone(number).mobile)
    assert refusal(lambda: ask(application, someone(11).mobile)).key == "too_many_requests"
    assert ask(application, someone(11).mobile, "another visit")


def wrong_code(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_mobile_is_guessed_at_forty_times_a_day_and_her_telephone_still_opens(
    application: Application, clock: FixedClock
) -> None:
    phone = known_phone(application, clock)
    words: list[str] = []
    for number in range(12):
        visit = f"stranger {number}"
        proof = (
            solved(application, Purpose.CODE, visit) if number >= most(Limit.CODE_MOBILE) else ""
        )
        ask(application, visit=visit, address=f"198.51.100.{number}", proof=proof)
        guessed = wrong_code(code_on(application, MOBILE))
        words += [confirm(application, guessed, visit)[1] for _ in range(5)]
    assert words.count("guesses_used_up") == 60 - most(Limit.GUESS_MOBILE)
    ask(application, device=phone)
    code = code_on(application, MOBILE)
    assert confirm(application, code)[1] == "guesses_used_up"
    assert confirm(application, code, device=phone)[1] == ""


# Tracking codes.


def look_up(
    application: Application,
    code: str,
    digits: str,
    visit: str,
    *,
    session: str = "",
    proof: str = "",
    address: str = OFFICE,
) -> tuple[str, str]:
    keys = Keys(session=session, visit=visit, address=address)
    return application.execute_now(track, keys, Track(code=code, last_four=digits, proof=proof))


@pytest.fixture
def filed(application: Application, city: object) -> tuple[str, Keys]:
    keys = citizen(application, HER.mobile)
    return application.execute_now(submit, keys, a_form(HER)).code, keys


def test_an_unknown_code_asks_the_database_as_often_as_wrong_digits(
    application: Application, filed: tuple[str, Keys]
) -> None:
    """Otherwise a list of codes could be gone through by the time that each answer takes."""
    unknown = "0506999999"
    assert filed[0] != unknown
    sent = []
    for code in (filed[0], unknown):
        look_up(application, code, "0000", f"first {code}")  # begins the counts of the address
        with asked(application.store.engine) as statements:
            assert look_up(application, code, "0000", f"second {code}") == ("", "tracking_unknown")
        sent.append(statements.texts)
    assert sent[0] == sent[1]


def test_thirty_wrong_tries_do_not_close_a_code_for_its_owner(
    application: Application, filed: tuple[str, Keys]
) -> None:
    code, keys = filed
    four = HER.mobile[-4:]
    assert look_up(application, code, four, "looked before") == (code, "")
    for number in range(most(Limit.TRACK_CODE)):
        answer = look_up(application, code, "0000", f"stranger {number}")
        assert answer == ("", "tracking_unknown")
    assert look_up(application, code, four, "a new one") == ("", "tracking_whole_mobile")
    assert look_up(application, code, HER.mobile, "a new one") == (code, "")
    assert look_up(application, code, four, "looked before") == (code, "")
    assert look_up(application, code, "", keys.visit, session=keys.session) == (code, "")


def test_an_unknown_code_is_closed_like_one_that_exists(
    application: Application, filed: tuple[str, Keys]
) -> None:
    for number in range(most(Limit.TRACK_CODE)):
        look_up(application, "0506123457", "0000", f"stranger {number}")
    assert look_up(application, "0506123457", "1234", "x") == ("", "tracking_whole_mobile")
    assert look_up(application, "0506123457", HER.mobile, "x") == ("", "tracking_unknown")


def test_a_pin_is_guessed_at_two_hundred_times_a_day(
    application: Application, filed: tuple[str, Keys], clock: FixedClock
) -> None:
    code, _ = filed
    with application.store.unit_of_work(clock()) as uow:
        _, person = uow.tracks.owner(code)
        uow.people.set_mobile(person, None)
        uow.people.set_pin(person, "604938")
        count(uow, Limit.TRACK_CODE, code, amount=most(Limit.TRACK_CODE))
        count(uow, Limit.TRACK_PIN, code, amount=most(Limit.TRACK_PIN) - 1)
    assert look_up(application, code, "604938", "hers") == (code, "")
    look_up(application, code, "000000", "stranger")
    assert look_up(application, code, "604938", "a new one") == ("", "tracking_by_phone")
    assert look_up(application, code, "604938", "hers") == (code, "")


def test_an_address_that_looks_up_wrongly_a_hundred_times_proves_its_work(
    application: Application, filed: tuple[str, Keys], clock: FixedClock
) -> None:
    code, _ = filed
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.TRACK_ADDRESS, OFFICE, amount=most(Limit.TRACK_ADDRESS))
    four = HER.mobile[-4:]
    assert look_up(application, code, four, "v") == ("", "proof_needed")
    assert look_up(application, code, four, "w", address=ELSEWHERE) == (code, "")
    proof = solved(application, Purpose.TRACK, "v")
    assert look_up(application, code, four, "v", proof=proof) == (code, "")
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.TRACK_ADDRESS_MOST, OFFICE, amount=most(Limit.TRACK_ADDRESS_MOST))
    assert look_up(application, code, four, "z", proof=proof) == ("", "too_many_requests")


# Identities.


def test_whose_identity_is_known_is_asked_three_times_a_day(
    application: Application, city: object, clock: FixedClock
) -> None:
    """After that everybody gets the same answer, known or not."""
    for number in (1, 2, 3, 4):
        application.execute_now(
            submit, citizen(application, someone(number).mobile), a_form(someone(number))
        )
    stranger = citizen(application, someone(90).mobile)

    def files_as(number: int) -> str:
        form = a_form(someone(number))
        return refusal(lambda: application.execute_now(submit, stranger, form)).key

    assert [files_as(number) for number in (1, 2, 3)] == ["identity_not_with_mobile"] * 3
    assert {files_as(4), files_as(77)} == {"identity_not_now"}
    clock.forward(days=1)
    assert application.execute_now(submit, stranger, a_form(someone(90))).code


# Proofs of work.


def test_a_proof_is_good_for_its_purpose_and_its_visit(
    application: Application, city: object
) -> None:
    guess(application, most(Limit.PASSWORD_ACCOUNT_ADDRESS))
    for proof in (
        solved(application, Purpose.TRACK, "v"),
        solved(application, Purpose.PASSWORD, "another"),
        "",
        ".....",
        "password.1.9999999999.x.y.1",
        "password.۱.۲.x.y.1",
        "x" * 400,
    ):
        assert enter(application, visit="v", proof=proof)[1] == "proof_needed"


def test_a_proof_is_old_after_a_quarter_of_an_hour(
    application: Application, city: object, clock: FixedClock
) -> None:
    proof = solved(application, Purpose.PASSWORD, "v")
    clock.forward(minutes=15)
    guess(application, most(Limit.PASSWORD_ACCOUNT_ADDRESS))
    assert enter(application, visit="v", proof=proof)[1] == "proof_needed"


def test_whoever_runs_no_script_waits_half_a_minute_and_not_too_many_at_one_address(
    application: Application, city: object, clock: FixedClock
) -> None:
    guess(application, most(Limit.PASSWORD_ACCOUNT_ADDRESS))

    def waited(seconds: int) -> str:
        command = AskProof(purpose=Purpose.PASSWORD.value, fields={})
        text = application.execute_now(new_challenge, Keys(visit="v"), command).text
        clock.forward(seconds=seconds)
        return enter(application, visit="v", proof=f"{text}.")[1]

    assert waited(29) == "proof_needed"
    assert waited(30) == ""
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PROOF_WAITED, OFFICE, amount=most(Limit.PROOF_WAITED))
    assert waited(30) == "proof_needed"


def test_only_what_asks_for_a_proof_says_so() -> None:
    asking = {limit for limit, rule in RULES.items() if rule.then is Then.PROVE}
    assert asking == {
        Limit.PASSWORD_ACCOUNT_ADDRESS,
        Limit.PASSWORD_ACCOUNT,
        Limit.PASSWORD_ADDRESS,
        Limit.CODE_MOBILE,
        Limit.CODE_ADDRESS,
        Limit.TRACK_ADDRESS,
    }
