"""Drafts and pictures of strangers: limited by address and in total, deleted after a day."""

from dataclasses import replace

import pytest
from support.citizens import Someone, citizen, code_on, someone
from support.city import City
from support.clock import FixedClock
from support.together import refusal

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import PictureKind
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.filing.drafts import ANONYMOUS_STAYS
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.base import MAX_TEXT, Nothing
from publicmeeting.usecases.filing import anonymous
from publicmeeting.usecases.filing.drafting import filing_page, keep_left, save_matter
from publicmeeting.usecases.filing.pictures import KeepPhoto, SendPhoto, keep_photo, may_send
from publicmeeting.usecases.filing.submitting import FIELD_MOST, MatterForm, SaveDraft, save_draft
from publicmeeting.usecases.rate_limits import RULES, Limit, count
from publicmeeting.worker.cleanup import forget

HERE, ELSEWHERE = "192.0.2.7", "203.0.113.9"


def visitor(number: int, address: str = HERE) -> Keys:
    return Keys(visit=f"visit {number}", address=address)


def save(application: Application, keys: Keys, **fields: str) -> None:
    application.execute_now(save_draft, keys, SaveDraft(fields=fields or {"district": "6"}))


def draft(application: Application, keys: Keys) -> dict[str, str]:
    return application.query_now(filing_page, keys, Nothing()).fields


def send(application: Application, keys: Keys, size: int = 3 << 20, name: str = "a") -> None:
    application.execute_now(may_send, keys, SendPhoto(kind=PictureKind.DRAFT))
    photo = KeepPhoto(
        kind=PictureKind.DRAFT,
        web=name * 64,
        thumb="b" * 64,
        original="c" * 64,
        width=9,
        height=9,
        size=size,
    )
    application.execute_now(keep_photo, keys, photo)


def confirm(application: Application, keys: Keys, who: Someone, *, is_filing: bool = True) -> None:
    asked = AskCode(mobile=who.mobile, host="localhost")
    mobile = application.execute_now(ask_code, keys, asked)
    code = ConfirmCode(mobile=mobile, code=code_on(application, mobile))
    assert application.execute_now(confirm_code, replace(keys, is_filing=is_filing), code)[0]


def begin(application: Application, clock: FixedClock, many: int) -> None:
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.DRAFT_ADDRESS, HERE, amount=many)


def test_so_many_drafts_are_begun_at_one_address_and_each_goes_on(
    application: Application, city: City, clock: FixedClock
) -> None:
    save(application, visitor(1))
    begin(application, clock, RULES[Limit.DRAFT_ADDRESS].most - 1)
    assert refusal(lambda: save(application, visitor(2))).key == "sign_in_first"
    matter = MatterForm(subject="street", title="پیاده‌رو", text="شکسته")
    refused = refusal(lambda: application.execute_now(save_matter, visitor(2), matter))
    assert refused.key == "sign_in_first"
    save(application, visitor(1), title="پیاده‌روی شکسته")
    assert draft(application, visitor(1))["title"] == "پیاده‌روی شکسته"
    save(application, visitor(3, ELSEWHERE))


def test_whoever_has_signed_in_meets_no_ceiling_of_strangers(
    application: Application, city: City, clock: FixedClock
) -> None:
    keys = citizen(application, someone(1).mobile)
    begin(application, clock, RULES[Limit.DRAFT_ADDRESS].most)
    hers = Keys(keys.session, keys.visit, address=HERE)
    save(application, hers)
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PHOTO_ADDRESS, HERE, amount=RULES[Limit.PHOTO_ADDRESS].most)
    send(application, hers)


@pytest.mark.on_postgresql
def test_whoever_signs_in_makes_room_for_the_next_at_her_address(
    application: Application, city: City, clock: FixedClock
) -> None:
    """Thousands of telephones share an address; those who go on leave nothing there."""
    begin(application, clock, RULES[Limit.DRAFT_ADDRESS].most - 1)
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PHOTO_ADDRESS, HERE, amount=RULES[Limit.PHOTO_ADDRESS].most - 1)
        most = RULES[Limit.PHOTO_MEGABYTES_ADDRESS].most
        count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, HERE, amount=most - 3)
    for number in (1, 2):
        save(application, visitor(number))
        send(application, visitor(number))
        assert refusal(lambda: save(application, visitor(9))).key == "sign_in_first"
        confirm(application, visitor(number), someone(number))
    save(application, visitor(3))
    # What is signed in for already gives nothing back, nor does a sign-in for something else.
    clock.forward(minutes=2)
    confirm(application, visitor(2), someone(2))
    confirm(application, visitor(3), someone(3), is_filing=False)
    assert refusal(lambda: save(application, visitor(9))).key == "sign_in_first"


def test_in_all_there_is_room_for_so_many(
    application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anonymous, "DRAFTS_MOST", 3)
    for number in range(3):
        save(application, visitor(number, f"198.51.100.{number}"))
    last = visitor(9, ELSEWHERE)
    assert refusal(lambda: save(application, last)).key == "sign_in_first"
    hers = citizen(application, someone(1).mobile)
    save(application, hers, text="متن")
    assert draft(application, hers)["text"] == "متن"
    save(application, visitor(0), title="ادامه")


@pytest.mark.on_postgresql
def test_photos_of_nobody_are_counted_by_number_and_bytes_and_in_all(
    application: Application, city: City, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(application, visitor(1))
    with application.store.unit_of_work(clock()) as uow:
        assert uow.drafts.anonymous_bytes() == 3 << 20
        assert uow.counters.value(f"photo-megabytes-address/{HERE}", RULES[Limit.STEPS].window) == 3
        count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, HERE, amount=600)
    assert refusal(lambda: send(application, visitor(2))).key == "photo_sign_in_first"
    send(application, visitor(3, ELSEWHERE))
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PHOTO_ADDRESS, ELSEWHERE, amount=RULES[Limit.PHOTO_ADDRESS].most)
    assert refusal(lambda: send(application, visitor(4, ELSEWHERE))).key == "photo_sign_in_first"
    monkeypatch.setattr(anonymous, "PHOTO_BYTES_MOST", 6 << 20)
    third = visitor(5, "198.51.100.1")
    assert refusal(lambda: send(application, third)).key == "photo_sign_in_first"
    send(application, citizen(application, someone(1).mobile))


def test_a_draft_nobody_signs_in_for_goes_after_a_day_and_hers_stays(
    application: Application, city: City, clock: FixedClock
) -> None:
    save(application, visitor(1), title="رها شده")
    send(application, visitor(1))
    save(application, visitor(2), title="هر روز")
    hers = visitor(3)
    save(application, hers, title="نوشتهٔ او")
    signed = citizen(application, someone(1).mobile, visit=hers.visit)
    clock.forward(hours=23)
    save(application, visitor(2), text="ادامه")
    clock.forward(hours=1, seconds=1)
    with application.store.unit_of_work(clock()) as uow:
        forget(uow)
        assert uow.images.blobs() == set()
    assert draft(application, visitor(1)) == {}
    assert draft(application, visitor(2))["title"] == "هر روز"
    assert draft(application, signed)["title"] == "نوشتهٔ او"
    clock.forward(days=12)
    with application.store.unit_of_work(clock()) as uow:
        forget(uow)
    assert draft(application, visitor(2)) == {}
    assert draft(application, signed) == {}, "her session is over: she is asked first"
    application.execute_now(keep_left, signed, Nothing())
    assert draft(application, signed)["title"] == "نوشتهٔ او"
    assert ANONYMOUS_STAYS.total_seconds() == 24 * 3600


@pytest.mark.on_postgresql
def test_what_she_signed_in_for_stays_to_be_asked_whoever_comes_after(
    application: Application, city: City, clock: FixedClock
) -> None:
    """In a library several people sign in and out at one browser, one after another.

    Nobody of them reads her draft, nor does a later visitor. It lasts as long as any draft of hers.
    """
    hers = visitor(3)
    save(application, hers, title="نوشتهٔ او")
    citizen(application, someone(1).mobile, visit=hers.visit)
    assert draft(application, hers) == {}, "her session is over"
    for number in (2, 3):
        other = citizen(application, someone(number).mobile, visit=hers.visit)
        assert draft(application, other) == {}
        assert draft(application, hers) == {}, "he has gone"
    clock.forward(days=2)
    with application.store.unit_of_work(clock()) as uow:
        forget(uow)
    again = citizen(application, someone(1).mobile, visit=hers.visit)
    assert draft(application, again) == {}
    application.execute_now(keep_left, again, Nothing())
    assert draft(application, again)["title"] == "نوشتهٔ او"


def test_a_draft_has_room_for_what_is_filed_and_little_more() -> None:
    assert sum(FIELD_MOST.values()) < 4 * MAX_TEXT


def test_a_chosen_field_that_is_none_of_ours_is_no_draft(
    application: Application, city: City
) -> None:
    with pytest.raises(Denied, match="not_ready"):
        save(application, Keys(), district="6")
    assert (
        refusal(lambda: save(application, visitor(1), district="x" * 19_900)).key == "form_broken"
    )
    assert draft(application, visitor(1)) == {}
