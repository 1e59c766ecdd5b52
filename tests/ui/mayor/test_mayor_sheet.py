"""The mayor's sheet: choices are stored, and refusals are shown at their fields."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from support.hall import SERVICES, TECHNICAL, TEXT, Guest, Hall
from support.staff_tab import Tab, do, session_of

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.orders.ink import Dot, Stroke, ink_text, strokes_text
from publicmeeting.domain.roles import Grant, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import profile_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.mayor.meeting.views import with_unit_names
from publicmeeting.ui.mayor.profile import ProfileState
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    OneSheet,
    draft_owner,
    keep_unfinished,
    left_behind,
    unfinished_sheet,
)
from publicmeeting.usecases.orders.paper.signing import order_profile

PROMISE = "تا پایان آذر ترمیم می‌شود."
SECOND = "تا پایان هفته زباله‌ها برداشته می‌شود."
STROKE = Stroke((Dot(10, 20, 0.5), Dot(300, 40, 1)), id="a1b2c3")


@pytest.fixture
def guest(hall: Hall) -> Guest:
    hall.receive(hall.guests[0])
    return hall.guests[0]


def opened(hall: Hall, guest: Guest) -> MeetingState:
    return Tab(hall.application, "mayor").opens(MeetingState, f"/mayor/meeting/{guest.code}/")


def does(state: Any, handler: Any, *arguments: object) -> None:
    async def run() -> None:
        result = handler.fn(state, *arguments)
        if hasattr(result, "__aiter__"):
            async for _ in result:
                pass
        else:
            await result

    asyncio.run(run())


def form(**fields: str) -> dict[str, str]:
    return {"text": "", "promise": PROMISE, "page": "1", **fields}


def test_the_second_order_of_a_visitor_begins_with_no_unit(hall: Hall, guest: Guest) -> None:
    """Otherwise the units of the first order would get it silently; the page asks for a unit."""
    state = opened(hall, guest)
    does(state, MeetingState.pick_unit, SERVICES)
    assert state.desk.units == (TECHNICAL, SERVICES)
    does(state, MeetingState.stays, "another")
    does(state, MeetingState.record, form(text=TEXT))
    assert (state.desk.units, state.desk.recap, state.desk.due.apart) == (
        (),
        meeting_text.NO_UNIT,
        False,
    )
    assert opened(hall, guest).desk == state.desk, "in another tab too"
    does(state, MeetingState.record, form(page="2"))
    assert list(state.errors) == ["units", "note"], "all that is wrong at once"
    does(state, MeetingState.record, form(text=TEXT, page="2"))
    assert list(state.errors) == ["units"]
    assert len(guest.orders) == 2
    does(state, MeetingState.pick_unit, SERVICES)
    does(state, MeetingState.record, form(text=TEXT, promise=SECOND, page="2"))
    assert [(order.unit_id, order.promise) for order in guest.orders] == [
        (TECHNICAL, PROMISE),
        (SERVICES, PROMISE),
        (SERVICES, SECOND),
    ]
    rows = [(row.title, row.meta.partition("\u00a0· ")[0]) for row in state.table.orders]
    names = {unit.value: unit.label for unit in state.table.units}
    assert sorted(rows) == sorted(
        [(PROMISE, names[TECHNICAL]), (PROMISE, names[SERVICES]), (SECOND, names[SERVICES])]
    )


def test_another_tab_and_another_server_find_the_same_choices(hall: Hall, guest: Guest) -> None:
    first = opened(hall, guest)
    does(first, MeetingState.write_by, "type")
    does(first, MeetingState.pick_unit, SERVICES)
    does(first, MeetingState.pick_due_of, SERVICES, "2026-12-08")
    does(first, MeetingState.toggle_urgent)
    second = opened(hall, guest)
    assert second.desk == first.desk
    assert (second.desk.way, second.desk.urgent, second.desk.due.apart) == ("type", True, True)
    assert [due.on for due in second.desk.dues] == ["2026-12-21", "2026-12-08"]
    does(second, MeetingState.pick_due, "2026-12-14")
    assert not second.desk.due.apart, "one day for all makes them equal again"


def test_handwriting_becomes_an_order_with_its_units_days(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.pick_unit, SERVICES)
    does(table, MeetingState.aim_at, SERVICES)
    does(table, MeetingState.pick_day, "2026-12-08")
    add = strokes_text([STROKE])
    hall.execute("mayor", keep_unfinished, KeepUnfinished(code=guest.code, page=1, add=add))
    does(table, MeetingState.record, form(promise=""))
    assert list(table.errors) == ["promise"]
    assert guest.orders == []
    does(table, MeetingState.record, form())
    first, second = guest.orders
    assert (first.unit_id, first.due_on.isoformat()) == (TECHNICAL, "2026-12-21")
    assert (second.unit_id, second.due_on.isoformat()) == (SERVICES, "2026-12-08")
    assert first.promise == second.promise == PROMISE
    assert table.table.met
    with hall.reading() as uow:
        ink = next(one.sha256 for one in uow.document_audit.of_sheet("1405090906001"))
    assert hall.application.originals.get(ink) == ink_text([STROKE]).encode()
    assert hall.query("mayor", unfinished_sheet, OneSheet(code=guest.code)).strokes == ()


def test_without_its_handwriting_no_sheet_is_issued(
    hall: Hall, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft cannot be read for a moment: the order would be issued with the typed text only."""
    table, query = opened(hall, guest), hall.application.query
    add = strokes_text([STROKE])
    hall.execute("mayor", keep_unfinished, KeepUnfinished(code=guest.code, page=1, add=add))

    async def fails(usecase: Any, *asked: Any) -> Any:
        if usecase is unfinished_sheet:
            raise TooBusy
        return await query(usecase, *asked)

    with monkeypatch.context() as busy:
        busy.setattr(hall.application, "query", fails)
        does(table, MeetingState.record, form(text=TEXT))
    assert guest.orders == []
    assert not table.busy
    does(table, MeetingState.record, form(text=TEXT))
    assert len(guest.orders) == 1
    with hall.reading() as uow:
        files = uow.document_audit.of_sheet("1405090906001")
    assert SheetPart.INK in {one.part for one in files}


def test_the_same_press_that_comes_twice_makes_one_order(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.stays, "another")
    for _ in range(2):
        does(table, MeetingState.record, form(text=TEXT))
    assert len(guest.orders) == 1
    assert table.initial.page == 2
    does(table, MeetingState.pick_unit, TECHNICAL)
    does(table, MeetingState.record, form(text="دستور دوم.", page="2"))
    assert len(guest.orders) == 2


def test_what_is_pressed_again_with_another_unit_stands_on_the_next_sheet(
    hall: Hall, guest: Guest
) -> None:
    """The city has the first press, but its answer was lost, and another device does not know."""
    late = opened(hall, guest)
    first = opened(hall, guest)
    does(first, MeetingState.stays, "another")
    does(first, MeetingState.record, form(text=TEXT))
    late._draft = replace(late._draft, units=(SERVICES,))
    late._show_desk()
    does(late, MeetingState.record, form(text="دستور درست."))
    assert late.refused == refusal("page_issued")
    assert late.done == ""
    assert (late.initial.page, late.initial.text) == (2, "دستور درست.")
    assert late.initial.promise == PROMISE
    assert late.desk.units == (SERVICES,)
    assert opened(hall, guest).initial == late.initial, "also when it is opened again"
    does(late, MeetingState.record, form(text="دستور درست.", page="2"))
    assert [(order.unit_id, order.text) for order in guest.orders] == [
        (TECHNICAL, TEXT),
        (SERVICES, "دستور درست."),
    ]


def test_the_next_sheet_begins_with_the_way_one_was_writing(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.write_by, "type")
    does(table, MeetingState.stays, "another")
    does(table, MeetingState.record, form(text=TEXT))
    assert (table.initial.page, table.desk.way, opened(hall, guest).desk.way) == (2, "type", "type")


def test_an_empty_sheet_is_said_until_something_stands_on_it(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    for something in ((MeetingState.begun, 1), (MeetingState.paper_sent, ["a" * 32])):
        does(table, MeetingState.record, form(promise=""))
        assert table.errors == {"note": refusal("order_empty")}
        does(table, MeetingState.begun, 0)
        assert table.errors, "nothing has come"
        does(table, *something)
        assert table.errors == {}
    assert guest.orders == []


def test_a_referral_without_words_asks_for_words_alone(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.refer, {"referral": " ", "refer_to": [TECHNICAL]})
    assert (table.errors, table.busy) == ({"referral": refusal("need_note")}, False)
    assert guest.orders == []


def test_days_say_that_they_are_working_days_and_their_year_where_it_is_another(
    hall: Hall, guest: Guest
) -> None:
    table = opened(hall, guest)
    assert [due.label for due in table.table.dues] == [
        *("۵ روز کاری", "۱۰ روز کاری", "۱۵ روز کاری")
    ]
    assert "۱۴۰۵" not in table.desk.recap
    does(table, MeetingState.pick_due, "2027-04-05")
    assert table.desk.due.other == "دوشنبه ۱۶ فروردین ۱۴۰۶"
    assert table.desk.recap.endswith("تا دوشنبه ۱۶ فروردین ۱۴۰۶")


def test_a_holiday_of_one_unit_is_said_with_its_name(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.pick_unit, SERVICES)
    does(table, MeetingState.pick_due_of, SERVICES, "2026-12-11")
    does(table, MeetingState.record, form(text=TEXT))
    name = next(unit.label for unit in table.table.units if unit.value == SERVICES)
    assert table.errors == {"due_on": f"{name}: {refusal('holiday')}"}
    assert with_unit_names({"note": "x"}, table.table) == {"note": "x"}
    assert guest.orders == []


def test_more_than_a_sheet_holds_is_said_and_stays_in_the_field(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.record, form(text="خط\n" * 1300))
    assert table.errors == {"note": refusal("order_too_long")}
    assert (guest.orders, table.initial.page, table.busy) == ([], 1, False)


def test_what_a_browser_makes_up_is_not_chosen(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    before = table.desk
    does(table, MeetingState.write_by, "magic")
    does(table, MeetingState.pick_unit, "d04-technical")
    does(table, MeetingState.pick_due_of, "d04-technical", "2026-12-08")
    does(table, MeetingState.straightened, "a" * 32)
    does(table, MeetingState.as_it_was)
    assert table.desk == before


def test_a_straightened_paper_can_be_undone(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.paper_sent, ["a" * 32])
    does(table, MeetingState.straightened, "b" * 32)
    assert (table.desk.is_straight, table.desk.papers[0].full) == (True, f"/images/{'b' * 32}")
    does(table, MeetingState.straightened, "c" * 32)
    does(table, MeetingState.as_it_was)
    assert (table.desk.is_straight, table.desk.papers[0].full) == (False, f"/images/{'a' * 32}")


def test_the_profile_keeps_and_forgets(hall: Hall) -> None:
    mine = Tab(hall.application, "mayor").opens(ProfileState, "/mayor/profile/")
    does(mine, ProfileState.sign, {"ink": ""})
    assert list(mine.errors) == ["ink"]
    does(mine, ProfileState.sign, {"ink": ink_text([STROKE])})
    assert (mine.done, bool(mine.own.since)) == (profile_text.SAVED, True)
    does(mine, ProfileState.unsign)
    assert (mine.own.ink, mine.own.since) == ("", "")
    does(mine, ProfileState.keep_text, {"title": "", "text": TEXT})
    assert list(mine.errors) == ["title"]
    does(mine, ProfileState.keep_text, {"title": "ترمیم", "text": TEXT})
    assert [text.title for text in mine.texts] == ["ترمیم"]
    does(mine, ProfileState.drop_text, mine.texts[0].id)
    assert list(mine.texts) == []


def test_the_sheets_text_is_kept_as_stock_and_put_on_another(hall: Hall, guest: Guest) -> None:
    words = KeepUnfinished(code=guest.code, fields={"text": TEXT})
    hall.execute("mayor", keep_unfinished, words)
    tab = Tab(hall.application, "mayor")
    tab.go(f"/mayor/meeting/{guest.code}/")
    stock = tab.state(ProfileState)
    does(stock, ProfileState.keep_typed, {"title": ""})
    assert list(stock.errors) == ["title"]
    does(stock, ProfileState.keep_typed, {"title": "ترمیم"})
    does(stock, ProfileState.put_text, stock.texts[0].id, owner_of(hall, "mayor"))
    saved = hall.query("mayor", unfinished_sheet, OneSheet(code=guest.code))
    assert saved.fields["text"] == f"{TEXT}\n{TEXT}"


def owner_of(hall: Hall, who: str) -> str:
    return str(hall.query(who, draft_owner, Nothing()))


def another_signs_in(hall: Hall, tab: Tab, who: str, path: str) -> None:
    """Sign somebody else in on the same tablet, while the page is open."""
    tab._cookie = f"session={session_of(hall.application, who)}"
    tab.go(path)


def test_nothing_of_one_officials_page_becomes_anothers_on_the_same_tablet(
    hall: Hall, guest: Guest
) -> None:
    path, stroke = f"/mayor/meeting/{guest.code}/", ink_text([STROKE])
    mayors = owner_of(hall, "mayor")
    hall.execute("mayor", keep_unfinished, KeepUnfinished(code=guest.code, fields={"text": TEXT}))
    tab = Tab(hall.application, "mayor")
    mine = tab.opens(ProfileState, "/mayor/profile/")
    does(mine, ProfileState.sign, {"ink": stroke})
    does(mine, ProfileState.keep_text, {"title": "ترمیم", "text": TEXT})
    template = mine.texts[0].id

    another_signs_in(hall, tab, "deputy", "/mayor/profile/")
    presses = (
        (ProfileState.sign, {"ink": stroke}),
        (ProfileState.unsign,),
        (ProfileState.keep_text, {"title": "دیگری", "text": TEXT}),
    )
    for press in presses:
        does(mine, *press)
        assert mine.refused == refusal("other_official")
    tab.go(path)
    for press in (
        (ProfileState.put_text, template, mayors),
        (ProfileState.keep_typed, {"title": "دیگری", "owner": mayors}),
    ):
        does(mine, *press)
        assert refusal("other_official") in (mine.refused, mine.errors.get("title"))
    profile = hall.query("deputy", order_profile, Nothing())
    assert (profile.signature, profile.templates) == (None, ())
    assert hall.query("deputy", unfinished_sheet, OneSheet(code=guest.code)).fields == {}
    assert hall.query("mayor", order_profile, Nothing()).signature is not None
    saved = hall.query("mayor", unfinished_sheet, OneSheet(code=guest.code))
    assert saved.fields["text"] == TEXT


def test_whoever_holds_no_mondays_any_more_is_known_by_what_he_left_on_his_tablet(
    hall: Hall, guest: Guest
) -> None:
    """The page says «not found» and offers unsent presses, which only their owner can open."""
    for kind, path in ((AgendaState, "/mayor/"), (MeetingState, f"/mayor/meeting/{guest.code}/")):
        for who in ("desk", "administrator"):
            tab = Tab(hall.application, who)
            tab.go(path)
            state = tab.state(kind)
            asyncio.run(do(state, kind.load))
            owner = state.owner if isinstance(state, AgendaState) else state.initial.owner
            assert (state.missing, owner) == (True, owner_of(hall, who))
        tab = Tab(hall.application)
        tab.go(path)
        state = tab.state(kind)
        asyncio.run(do(state, kind.load))
        assert not (state.owner if isinstance(state, AgendaState) else state.initial.owner)


def keeps(hall: Hall, guest: Guest, **command: Any) -> None:
    hall.execute("mayor", keep_unfinished, KeepUnfinished(code=guest.code, page=2, **command))


@pytest.mark.parametrize(
    "begun",
    [
        {"add": strokes_text([STROKE])},
        {"fields": {"text": TEXT}},
        {"fields": {"promise": SECOND}},
    ],
    ids=["drawn", "typed", "promised"],
)
def test_no_meeting_ends_unasked_while_a_second_sheet_is_begun(
    hall: Hall, guest: Guest, begun: dict[str, Any]
) -> None:
    """«End» pressed instead of «record and end» would lose what is written."""
    table = opened(hall, guest)
    does(table, MeetingState.stays, "another")
    does(table, MeetingState.record, form(text=TEXT))
    keeps(hall, guest, **begun)
    for _ in range(2):  # a hurried double press does not count as an answer
        does(table, MeetingState.end)
        assert not table.table.met
        assert table.unissued == table.initial.sheet
    does(table, MeetingState.end, "another sheet")
    assert not table.table.met
    does(table, MeetingState.end, table.unissued)
    assert table.table.met
    assert len(guest.orders) == 1
    assert table.ended.is_drawn == ("add" in begun)
    assert table.ended.left_over == "".join(begun.get("fields", {}).values())
    assert opened(hall, guest).ended == table.ended, "also when it is opened again"


def test_a_meeting_whose_next_sheet_is_empty_ends_at_once(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.stays, "another")
    does(table, MeetingState.record, form(text=TEXT))
    keeps(hall, guest, fields={"text": " ", "promise": "", "units": SERVICES})
    does(table, MeetingState.end)
    assert table.table.met
    assert (table.unissued, table.ended.left_over, table.ended.is_drawn) == ("", "", False)


def test_a_colleagues_sheet_on_no_order_is_named_above_the_matter(hall: Hall, guest: Guest) -> None:
    assert opened(hall, guest).table.begun_by == ""
    hall.execute("mayor", keep_unfinished, KeepUnfinished(code=guest.code, fields={"text": TEXT}))
    path = f"/mayor/meeting/{guest.code}/"
    seen = Tab(hall.application, "deputy").opens(MeetingState, path).table.begun_by
    assert seen == meeting_text.BEGUN_BY.format(who=hall.as_("mayor").name)


def test_what_was_asked_about_a_sheet_is_over_once_it_is_recorded(hall: Hall, guest: Guest) -> None:
    table = opened(hall, guest)
    does(table, MeetingState.stays, "another")
    does(table, MeetingState.record, form(text=TEXT))
    keeps(hall, guest, fields={"text": TEXT})
    does(table, MeetingState.end)
    does(table, MeetingState.pick_unit, SERVICES)
    does(table, MeetingState.record, form(text=TEXT, page="2"))
    assert table.unissued == ""
    assert len(guest.orders) == 2


def test_a_sheet_that_another_page_has_issued_at_the_end_says_that_no_other_follows(
    hall: Hall, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other page issues the order just before this press, and ends the meeting just after."""
    late, first = opened(hall, guest), opened(hall, guest)
    does(first, MeetingState.stays, "another")
    does(first, MeetingState.record, form(text=TEXT))
    issue = MeetingState._issue

    async def ends_meanwhile(state: Any, sent: Any) -> Any:
        made = await issue(state, sent)
        hall.finish(guest)
        return made

    monkeypatch.setattr(MeetingState, "_issue", ends_meanwhile)
    late._draft = replace(late._draft, units=(SERVICES,))
    late._show_desk()
    does(late, MeetingState.record, form(text="دستور دیگر."))
    assert late.refused == meeting_text.OVERTAKEN.format(how=late._how_ended)
    assert "خودتان به پایان بردید" in late._how_ended
    assert late.table.ended_by == late._how_ended
    assert "دستور دیگر." in late.ended.left_over


@pytest.mark.parametrize("press", ["record", "refuse", "refer"])
def test_what_a_colleague_has_overtaken_says_who_it_was_and_stays_readable(
    hall: Hall, guest: Guest, press: str
) -> None:
    """The mayor takes the day back while his deputy writes, and ends the meeting."""

    def holds(who: str) -> str:
        hall.execute("mayor", name_holder, NameHolder(account=hall.as_(who).account_id))
        return hall.as_(who).name

    holds("deputy")
    late = Tab(hall.application, "deputy").opens(MeetingState, f"/mayor/meeting/{guest.code}/")
    words = f"نوشتهٔ جانشین برای {press}."
    field = {"record": "text", "refuse": "refusal", "refer": "referral"}[press]
    keep = KeepUnfinished(code=guest.code, page=1, fields={field: words})
    hall.execute("deputy", keep_unfinished, keep)
    mayor = holds("mayor")
    asyncio.run(late._read())
    assert late.table.not_yours == meeting_text.NOT_YOURS_BUT.format(who=mayor)
    assert late.ended.left_over == ("" if press == "record" else words)
    hall.finish(guest, "mayor", outcome="refused", note="در اختیار ما نیست.")
    late.table = replace(late.table, met=False)  # as long as the page has not heard of it
    sent = {"refer_to": [SERVICES]} if press == "refer" else {}
    does(late, getattr(MeetingState, press), form(**{field: words}, **sent))
    ended_by = late._how_ended
    assert mayor in ended_by
    assert late.table.ended_by == ended_by
    assert late.refused == meeting_text.OVERTAKEN.format(how=ended_by)
    assert (late.errors, late.done) == ({}, "")
    assert words in late.ended.left_over


def test_what_his_own_other_device_has_overtaken_stays_readable_without_a_press(
    hall: Hall, guest: Guest
) -> None:
    phone, tablet = opened(hall, guest), opened(hall, guest)
    words = "زمین در طرح است."
    keep = KeepUnfinished(code=guest.code, page=1, fields={"refusal": words})
    hall.execute("mayor", keep_unfinished, keep)
    does(tablet, MeetingState.record, form(text=TEXT))
    assert (tablet.table.ended_by, tablet.ended.left_over) == ("", "")
    asyncio.run(phone._read_all())
    assert "خودتان به پایان بردید" in phone.table.ended_by
    assert (phone.refused, phone.ended.left_over) == ("", words)


def test_what_he_wrote_is_his_to_read_once_the_visitor_is_anothers(
    hall: Hall, guest: Guest
) -> None:
    """The address is «not found» for him, with nothing of her case."""
    keep = KeepUnfinished(
        code=guest.code, page=1, add=strokes_text([STROKE]), fields={"text": TEXT, "way": "type"}
    )
    hall.execute("mayor", keep_unfinished, keep)
    mayor = hall.as_("mayor")
    moved = replace(mayor, grants=(Grant(Role.DESK, 4),))
    left = hall.query(moved, left_behind, OneCase(code=guest.code))
    assert (dict(left.fields), left.strokes) == ({"text": TEXT}, (STROKE,))
    for who, code in (("deputy", guest.code), ("desk", guest.code), (moved, "0000000000")):
        nothing = hall.query(who, left_behind, OneCase(code=code))
        assert (dict(nothing.fields), nothing.strokes) == ({}, ())
    hall.finish(guest, outcome="refused", note=TEXT)
    assert hall.query(moved, left_behind, OneCase(code=guest.code)).fields == {}, "it is recorded"


def test_after_a_meeting_every_sheet_of_it_is_shown(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    for number in range(5):
        hall.order(guest, note=f"دستور {number}")
    hall.finish(guest)
    state = Tab(hall.application, "mayor").opens(MeetingState, f"/mayor/meeting/{guest.code}/")
    assert len(state.ended.sheets) == 5


def test_after_a_meeting_the_next_visitor_is_called_in_from_its_page(hall: Hall) -> None:
    first, second, third = hall.guests
    hall.receive(first)
    hall.arrive(third)
    state = opened(hall, first)
    hall.order(first)
    does(state, MeetingState.end)
    assert (state.table.met, state.people.next.code) == (True, third.code)
    deputy = Tab(hall.application, "deputy").opens(MeetingState, f"/mayor/meeting/{first.code}/")
    assert deputy.people.next.code == "", "he does not hold this Monday"
    hall.arrive(second)
    does(state, MeetingState.call_next, third.code)
    assert (state.refused, state.errors) == (meeting_text.NEXT_CHANGED, {})
    assert state.people.next.code == second.code
    does(state, MeetingState.call_next, second.code)
    assert second.request.stage is Stage.IN_ROOM
    assert opened(hall, first).people.next.code == "", "one at a time"
