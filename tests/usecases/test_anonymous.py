"""What nobody signed in may leave: counted by address and in all, and gone after a day."""

import pytest
from support.citizens import citizen, someone
from support.city import City
from support.clock import FixedClock
from support.together import refusal

from publicmeeting.domain.errors import Denied
from publicmeeting.office import Office
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.filing.drafts import ANONYMOUS_STAYS
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.base import MAX_TEXT
from publicmeeting.usecases.filing import anonymous
from publicmeeting.usecases.filing.drafting import Matter, filing_page, keep_matter
from publicmeeting.usecases.filing.pictures import DRAFT, KeepPhoto, SendPhoto, keep_photo, may_send
from publicmeeting.usecases.filing.submitting import FIELD_MOST, SaveDraft, save_draft
from publicmeeting.usecases.rate_limits import RULES, Limit, count
from publicmeeting.worker.cleanup import forget

HERE, ELSEWHERE = "192.0.2.7", "203.0.113.9"


def visitor(number: int, address: str = HERE) -> Keys:
    return Keys(visit=f"visit {number}", address=address)


def save(office: Office, keys: Keys, **fields: str) -> None:
    office.perform_now(save_draft, keys, SaveDraft(fields=fields or {"district": "6"}))


def draft(office: Office, keys: Keys) -> dict[str, str]:
    return office.look_now(filing_page, keys, Nothing()).fields


def send(office: Office, keys: Keys, size: int = 3 << 20, name: str = "a") -> None:
    office.perform_now(may_send, keys, SendPhoto(kind=DRAFT))
    photo = KeepPhoto(
        kind=DRAFT, web=name * 64, thumb="b" * 64, original="c" * 64, width=9, height=9, size=size
    )
    office.perform_now(keep_photo, keys, photo)


def begin(office: Office, clock: FixedClock, many: int) -> None:
    with office.store.unit_of_work(clock()) as uow:
        count(uow, Limit.DRAFT_ADDRESS, HERE, amount=many)


def test_so_many_drafts_are_begun_at_one_address_and_each_goes_on(
    office: Office, city: City, clock: FixedClock
) -> None:
    save(office, visitor(1))
    begin(office, clock, RULES[Limit.DRAFT_ADDRESS].most - 1)
    assert refusal(lambda: save(office, visitor(2))).key == "sign_in_first"
    matter = Matter(subject="street", title="پیاده‌رو", text="شکسته")
    refused = refusal(lambda: office.perform_now(keep_matter, visitor(2), matter))
    assert refused.key == "sign_in_first"
    save(office, visitor(1), title="پیاده‌روی شکسته")
    assert draft(office, visitor(1))["title"] == "پیاده‌روی شکسته"
    save(office, visitor(3, ELSEWHERE))


def test_whoever_has_signed_in_meets_no_ceiling_of_strangers(
    office: Office, city: City, clock: FixedClock
) -> None:
    keys = citizen(office, someone(1).mobile)
    begin(office, clock, RULES[Limit.DRAFT_ADDRESS].most)
    hers = Keys(keys.session, keys.visit, address=HERE)
    save(office, hers)
    with office.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PHOTO_ADDRESS, HERE, amount=RULES[Limit.PHOTO_ADDRESS].most)
    send(office, hers)


def test_in_all_there_is_room_for_so_many(
    office: Office, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anonymous, "DRAFTS_MOST", 3)
    for number in range(3):
        save(office, visitor(number, f"198.51.100.{number}"))
    last = visitor(9, ELSEWHERE)
    assert refusal(lambda: save(office, last)).key == "sign_in_first"
    hers = citizen(office, someone(1).mobile)
    save(office, hers, text="متن")
    assert draft(office, hers)["text"] == "متن"
    save(office, visitor(0), title="ادامه")


@pytest.mark.on_postgresql
def test_photos_of_nobody_are_counted_by_number_and_bytes_and_in_all(
    office: Office, city: City, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(office, visitor(1))
    with office.store.unit_of_work(clock()) as uow:
        assert uow.drafts.anonymous_bytes() == 3 << 20
        assert uow.counters.value(f"photo-megabytes-address/{HERE}", RULES[Limit.STEPS].window) == 3
        count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, HERE, amount=600)
    assert refusal(lambda: send(office, visitor(2))).key == "photo_sign_in_first"
    send(office, visitor(3, ELSEWHERE))
    with office.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PHOTO_ADDRESS, ELSEWHERE, amount=RULES[Limit.PHOTO_ADDRESS].most)
    assert refusal(lambda: send(office, visitor(4, ELSEWHERE))).key == "photo_sign_in_first"
    monkeypatch.setattr(anonymous, "PHOTO_BYTES_MOST", 6 << 20)
    third = visitor(5, "198.51.100.1")
    assert refusal(lambda: send(office, third)).key == "photo_sign_in_first"
    send(office, citizen(office, someone(1).mobile))


def test_a_draft_nobody_signs_in_for_goes_after_a_day_and_hers_stays(
    office: Office, city: City, clock: FixedClock
) -> None:
    save(office, visitor(1), title="رها شده")
    send(office, visitor(1))
    save(office, visitor(2), title="هر روز")
    hers = visitor(3)
    save(office, hers, title="نوشتهٔ او")
    signed = citizen(office, someone(1).mobile, visit=hers.visit)
    clock.forward(hours=23)
    save(office, visitor(2), text="ادامه")
    clock.forward(hours=1, seconds=1)
    with office.store.unit_of_work(clock()) as uow:
        forget(uow)
        assert uow.images.blobs() == set()
    assert draft(office, visitor(1)) == {}
    assert draft(office, visitor(2))["title"] == "هر روز"
    assert draft(office, signed)["title"] == "نوشتهٔ او"
    clock.forward(days=12)
    with office.store.unit_of_work(clock()) as uow:
        forget(uow)
    assert draft(office, visitor(2)) == {}
    assert draft(office, signed)["title"] == "نوشتهٔ او"
    assert ANONYMOUS_STAYS.total_seconds() == 24 * 3600


def test_a_draft_has_room_for_what_is_filed_and_little_more() -> None:
    assert sum(FIELD_MOST.values()) < 4 * MAX_TEXT


def test_a_chosen_field_that_is_none_of_ours_is_no_draft(office: Office, city: City) -> None:
    with pytest.raises(Denied):
        save(office, Keys(), district="6")
    assert refusal(lambda: save(office, visitor(1), district="x" * 19_900)).key == "form_broken"
    assert draft(office, visitor(1)) == {}
