"""Every list of officials' work is searched, filtered, sorted and paged in the same way."""

from collections.abc import Sequence
from datetime import date
from itertools import cycle, islice

import pytest
from support.city import City
from support.clock import FixedClock
from support.each import for_each, in_one_city
from support.hall import Hall
from support.line import DISTRICT, Line
from support.once import once

from publicmeeting.domain.districts.city import SUBJECTS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Order
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.narrowing import (
    Narrowed,
    Sort,
    is_too_short,
    page_of,
    pages_of,
    search_words,
)
from publicmeeting.usecases.orders.lists import (
    ASKS,
    DONE,
    LATE,
    OPEN,
    PAGE,
    OrdersList,
    orders_list,
)
from publicmeeting.usecases.oversight.promises import (
    CLIMBED,
    CityPromises,
    city_promises,
    late_promises,
)
from publicmeeting.usecases.oversight.workplaces import workplaces
from publicmeeting.usecases.screening.inbox import Inbox, inbox

TECHNICAL = "d06-technical"
MANY = 208
"""More open orders than four pages of a list hold."""


def inbox_codes(city: City, **command: object) -> list[str]:
    page = city.application.query_as(city.as_("desk"), inbox, Inbox(**command))
    return [line.line.code for line in page.lines]


def numbers(hall: Hall, who: str = "technical", **command: object) -> list[str]:
    return [line.number for line in hall.query(who, orders_list, OrdersList(**command)).lines]


def units_of(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [unit.id for unit in uow.city.units(DISTRICT)]


def repeated(hall: Hall, orders: Sequence[Order], many: int) -> None:
    """Add this many rows like these, by turns, each issued and then at the newest event."""
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        request = uow.requests.by_id(orders[0].request_id)
        for at, order in enumerate(islice(cycle(orders), many)):
            again = uow.orders.add(
                request,
                number=f"{order.number}{at:03d}",
                unit_id=order.unit_id,
                text="باز هم",
                due_on=order.first_due_on,
                event=order.history[0],
            )
            if order.history[1:]:
                uow.orders.record(again, order.history[-1])


def climbed(hall: Hall) -> str:
    """Return the number of an order in work, so late that the city must know.

    As a test's first step it is simulated once a session and then copied.
    """
    return once(hall.application, ("climbed to the city",), lambda: _climbed(hall))


def _climbed(hall: Hall) -> str:
    number = hall.met(hall.guests[0], TECHNICAL, due_on="2026-12-01")[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    Line(hall.city, hall.clock).until(date(2026, 12, 15), "00:01")
    return number


def districts(hall: Hall, **command: object) -> list[int]:
    page = hall.query("overseer", city_promises, CityPromises(which=CLIMBED, **command))
    return [line.district for line in page.lines]


@pytest.mark.on_postgresql
def test_the_desk_reads_one_subject_and_the_newest_first(
    city: City, clock: FixedClock, a_request
) -> None:
    lamp = a_request(subject="street")
    clock.forward(minutes=1)
    tax = a_request(subject="dues")
    assert inbox_codes(city, subject="dues") == [tax.code]
    assert inbox_codes(city, sort=Sort.NEWEST)[0] == tax.code
    assert set(inbox_codes(city)) == {lamp.code, tax.code}
    page = city.application.query_as(city.as_("desk"), inbox, Inbox(subject="dues"))
    assert page.counts["all"] == 1


@pytest.mark.on_postgresql
def test_an_order_is_found_by_words_of_its_request_in_any_spelling_and_by_its_number(
    hall: Hall,
) -> None:
    first, second = hall.guests[0], hall.guests[1]
    one, other = hall.met(first, TECHNICAL)[0].number, hall.met(second, TECHNICAL)[0].number
    words = first.request.title.replace("ی", "ي").replace("ک", "ك")
    assert one in numbers(hall, words=words)
    assert numbers(hall, words=first.code) == [one]
    assert numbers(hall, words=other) == [other]
    assert numbers(hall, "mayor", words="".join(chr(0x06F0 + int(d)) for d in other)) == [other]
    assert numbers(hall, words="هیچ‌کجا") == []


@pytest.mark.on_postgresql
def test_a_stage_a_subject_and_the_order_of_an_order_list(hall: Hall) -> None:
    first, second = hall.guests[0], hall.guests[1]
    one, other = hall.met(first, TECHNICAL)[0].number, hall.met(second, TECHNICAL)[0].number
    hall.step("technical", one, OrderAction.TAKE_ON)
    assert numbers(hall, stage=OrderStage.IN_ACTION.value) == [one]
    assert numbers(hall, stage=OrderStage.ISSUED.value) == [other]
    assert numbers(hall, stage=OrderStage.DONE.value) == []
    assert numbers(hall, sort=Sort.NEWEST) == [other, one]
    assert set(numbers(hall, subject=first.request.subject)) >= {one}
    page = hall.query("technical", orders_list, OrdersList(page=1))
    assert [line.number for line in page.lines] == [one, other]
    assert (page.page, page.pages, page.counts["open"]) == (0, 1, 2)


@pytest.mark.on_postgresql
def test_the_overseer_reads_one_district_and_takes_the_late_ones_along(hall: Hall) -> None:
    guest, number = hall.guests[0], climbed(hall)
    assert districts(hall) == [6]
    assert districts(hall, district=6, words=number, sort=Sort.DISTRICT) == [6]
    assert districts(hall, district=4) == []
    assert districts(hall, district=4, words=number) == []
    assert districts(hall, words=number, subject=guest.request.subject) == [6]
    other = next(subject.code for subject in SUBJECTS if subject.code != guest.request.subject)
    assert districts(hall, words=number, subject=other) == []
    assert districts(hall, words="هیچ‌کجا") == []
    assert [line.number for line in hall.query("overseer", late_promises, Nothing())] == [number]
    assert hall.query("overseer", workplaces, Nothing()).for_the_city == 1
    with pytest.raises(Denied, match="not_your_role"):
        hall.query("mayor", late_promises, Nothing())


def test_a_page_beyond_the_end_of_the_inbox_is_its_last(
    city: City, clock: FixedClock, a_request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publicmeeting.usecases.screening.inbox.PAGE", 1)
    stays = a_request()
    clock.forward(minutes=1)
    goes = a_request()
    assert inbox_codes(city, page=1) == [goes.code]
    goes.official("desk", Action.ACCEPT)
    page = city.application.query_as(city.as_("desk"), inbox, Inbox(page=1))
    assert [line.line.code for line in page.lines] == [stays.code]
    assert (page.page, page.pages) == (0, 1)
    assert inbox_codes(city, page=10**30, sort=Sort.NEWEST) == [stays.code]


@pytest.mark.on_postgresql
@pytest.mark.parametrize("which", [OPEN, DONE])
def test_a_page_beyond_the_end_of_orders_is_their_last(
    hall: Hall, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publicmeeting.usecases.orders.lists.PAGE", 1)
    for guest in hall.guests[:2]:
        order = hall.met(guest, TECHNICAL)[0]
        if which == DONE:
            hall.step("technical", order.number, OrderAction.TAKE_ON)
            hall.step("technical", order.number, OrderAction.REPORT, note="شد.")
            guest.does(order.number, OrderAction.CONFIRM_DONE)
    page = hall.query("technical", orders_list, OrdersList(which=which, page=7))
    assert (len(page.lines), page.page, page.pages) == (1, 1, 2)
    first = hall.query("technical", orders_list, OrdersList(which=which))
    assert first.lines != page.lines


def test_the_citys_list_is_whole_and_read_page_by_page_however_much_is_late(hall: Hall) -> None:
    climbed(hall)
    many = 201
    repeated(hall, hall.guests[0].orders, many - 1)
    shown: list[str] = []
    for at in (0, 4):
        page = hall.query("overseer", city_promises, CityPromises(which=CLIMBED, page=at))
        assert (page.counts[CLIMBED], page.page, page.pages) == (many, at, 5)
        shown += [line.number for line in page.lines]
    assert len(set(shown)) == PAGE + 1
    assert hall.query("overseer", workplaces, Nothing()).for_the_city == many


@pytest.mark.on_postgresql
def test_what_is_looked_for_in_the_city_is_found_however_much_is_late(hall: Hall) -> None:
    numbers = [
        hall.met(guest, TECHNICAL, due_on=due_on)[0].number
        for guest, due_on in zip(
            hall.guests, ("2026-12-01", "2026-12-02", "2026-12-02"), strict=True
        )
    ]
    for number in numbers:
        hall.step("technical", number, OrderAction.TAKE_ON)
    Line(hall.city, hall.clock).until(date(2026, 12, 16), "00:01")
    assert len(districts(hall)) == 3
    for command in ({"words": numbers[-1]}, {"words": hall.guests[-1].code}):
        page = hall.query("overseer", city_promises, CityPromises(which=CLIMBED, **command))
        assert [line.number for line in page.lines] == [numbers[-1]]
    table = hall.query("overseer", late_promises, Nothing())
    assert {line.number for line in table} == set(numbers)


def of_every_unit(hall: Hall) -> tuple[list[Order], str]:
    """Return an order for each unit, and one more, due last, that its unit gives back."""
    guest = hall.guests[0]
    hall.receive(guest)
    orders = hall.order(guest, *units_of(hall), due_on="2026-12-09")
    last = hall.order(guest, TECHNICAL, due_on="2026-12-27")[0].number
    hall.step("technical", last, OrderAction.RETURN, note="راه این کار از واحد ما نمی‌گذرد.")
    return orders, last


def test_what_is_due_last_asks_today_however_many_orders_are_open(hall: Hall) -> None:
    orders, last = of_every_unit(hall)
    repeated(hall, orders, MANY - len(orders))
    page = hall.query("mayor", orders_list, OrdersList(which=ASKS))
    assert (page.counts[OPEN], page.counts[LATE], page.counts[ASKS]) == (MANY + 1, 0, 1)
    assert [line.number for line in page.lines] == [last]


def test_what_is_late_is_counted_and_shown_whole_however_much_it_is(hall: Hall) -> None:
    """An order that is due last may be late with a step of today."""
    orders, last = of_every_unit(hall)
    Line(hall.city, hall.clock).until(date(2026, 12, 5), "09:00")
    with hall.reading() as uow:
        orders = [uow.orders.by_id(order.id) for order in orders]
    repeated(hall, orders, MANY - len(orders))
    page = hall.query("mayor", orders_list, OrdersList(which=LATE))
    assert (page.counts[LATE], page.pages) == (MANY + 1, pages_of(MANY + 1, PAGE))
    command = OrdersList(which=LATE, sort=Sort.NEWEST)
    assert hall.query("mayor", orders_list, command).lines[0].number == last
    assert sum(unit.count for unit in page.units) == MANY + 1


def test_a_page_beyond_the_end_of_the_citys_list_is_its_last(hall: Hall) -> None:
    number = climbed(hall)
    page = hall.query("overseer", city_promises, CityPromises(which=CLIMBED, page=3))
    assert [line.number for line in page.lines] == [number]
    assert (page.page, page.pages) == (0, 1)


@in_one_city(
    "command",
    [
        OrdersList(subject="nothing"),
        OrdersList(stage="nothing"),
        OrdersList(page=-1),
        OrdersList(sort=Sort.DISTRICT),
        Inbox(subject="nothing"),
        Inbox(sort=Sort.DISTRICT),
    ],
)
def test_what_a_list_does_not_have_is_refused(hall: Hall, command: Narrowed) -> None:
    query = orders_list if isinstance(command, OrdersList) else inbox
    with pytest.raises(Denied) as word:
        hall.query("desk", query, command)
    assert word.value.key == "form_broken"


@for_each(
    [
        ("چراغ کوچه", "چراغ کوچه"),
        ("در چراغ", "در چراغ"),
        ("چر", ""),
        ("آب نو", ""),
        ("؟", ""),
        ("۱۴۰۵", "۱۴۰۵"),
        ("1405090906001-2", "1405090906001-2"),
        ("", ""),
        ("۰۵۰۶ ۱۲۳ ۴۵۱", "0506123451"),
        ("\u2068۰۵۰۶-۱۲۳-۴۵۱\u2069", "0506123451"),
    ]
)
def test_only_what_is_long_enough_is_searched_for(typed: str, sought: str) -> None:
    assert search_words(typed) == sought
    assert is_too_short(typed) == (bool(typed) and not sought)


def test_two_letters_leave_out_no_order(hall: Hall) -> None:
    number = hall.met(hall.guests[0], TECHNICAL)[0].number
    assert numbers(hall, words="چر") == numbers(hall, "mayor", words="؟") == [number]


def test_pages_hold_everything_once() -> None:
    lines = tuple(range(2 * PAGE + 1))
    assert pages_of(len(lines), PAGE) == 3
    assert [one for page in range(3) for one in page_of(lines, page, PAGE)] == list(lines)
    assert pages_of(0, PAGE) == 1
