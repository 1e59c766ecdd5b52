"""A whole Monday of ten seats on the screens of reception, hall, phones and the mayor's tablets.

Two processes serve it over one PostgreSQL and one Redis: screens of one day are open at both. All
screens must agree throughout. Two visitors do not come; one of them contests it. A standby gets a
seat; one visitor comes late; one is refused; one who cannot hear is fetched; one is met by
telephone. The mayor hands over to the deputy half-way, the tablet loses its network, and both
processes are killed.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from person import PATIENT, Meet, Person, soon
from playwright.sync_api import Locator, expect
from road_steps import of_her
from support.served_city import Served
from support.services import services
from support.whole_monday import DISTRICT, SEATS, STANDBYS, Visitor, WholeMonday, whole_monday

from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.meetings import agenda_text, meeting_text, offline_text, reception_text
from publicmeeting.text.tracking import case_text, day_text
from publicmeeting.ui.staff.monday.state import SEEK
from publicmeeting.usecases.meetings.in_hall.hall import hall_code

SLOW = 4 * PATIENT
NEEDS = dict.fromkeys(range(STANDBYS + 1), ("hard_of_hearing",))
"""Who of the citizens cannot hear: one more than there are standbys, so that one has a seat.

So at least eight of those with a seat can hear, and something happens to each of them.
"""
Act = Callable[[Visitor], None]
ORDER = "پیاده‌رو تا پایان ماه ترمیم شود."
WHY_NOT = "این کار در اختیار شهرداری نیست."
CONTESTS = "در سالن بودم و شماره‌ام را نشنیدم."


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeMonday]:
    folder = tmp_path_factory.mktemp("monday") / "day"
    with services() as shared:
        more = {"DATABASE_URL": shared.database_url, "REDIS_URL": shared.redis_url}
        with whole_monday(folder, NEEDS, more, processes=2) as served:
            yield served


@pytest.fixture(scope="module")
def town(day: WholeMonday) -> Iterator[Served]:
    yield day.served
    log = day.log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log


class Place:
    """Everybody who has a screen that day."""

    def __init__(self, day: WholeMonday, meet: Meet) -> None:
        self.day, self._meet = day, meet
        self.fetched = next(visitor for visitor in day.visitors if day.request(visitor).needs)
        plain = [visitor for visitor in day.visitors if not day.request(visitor).needs]
        self.phones: dict[str, Person] = {}
        self._has_looked_by_itself = False
        """Whether the board has once shown by itself a button that the time has opened."""
        self.plain = plain
        here, there = day.origins[0], day.origins[-1]
        self.reception = self._official("reception", "reception", "desk", "/monday/", here)
        self.hall = self._meet("hall", "wall")
        self.hall.may_fail("WebSocket", "ERR_", "Failed to", "502", "503")
        self.hall.page.goto(f"{there}/hall/{DISTRICT}/#{day.display_key()}")
        self.mayor = self._official("mayor", "mayor", "tablet", "/mayor/", there)

    def _official(self, name: str, username: str, size: str, path: str, origin: str) -> Person:
        person = self._meet(name, size)
        person.may_fail("WebSocket", "ERR_", "Failed to fetch", "502", "503")
        person.has_signed_in(self.day.session_of_official(username), origin)
        person.goes(origin + path)
        return person

    def phone(self, visitor: Visitor) -> Person:
        """Return her phone, which is at the second process if there are two."""
        if visitor.code not in self.phones:
            origin = self.day.origins[-1]
            person = self._meet(f"phone-{visitor.number}-{visitor.code}")
            person.may_fail("WebSocket", "ERR_", "Failed to fetch", "502", "503")
            person.has_signed_in(self.day.session_of(visitor), origin)
            person.goes(f"{origin}/mine/{visitor.code}/")
            self.phones[visitor.code] = person
        return self.phones[visitor.code]

    def row(self, visitor: Visitor) -> Locator:
        """Return her line of the board; the day's list of needs has other lines."""
        tile = self.reception.page.locator(f".tile span:text-is('{persian(visitor.number)}')")
        lines = self.reception.page.get_by_label(reception_text.LIST, exact=True).locator("li")
        return lines.filter(has=tile).first

    def is_(self, visitor: Visitor, stage: Stage) -> None:
        soon(lambda: self.day.request(visitor).stage is stage, 30)

    def arrives(self, visitor: Visitor) -> None:
        field = self.reception.page.locator(f"#{SEEK}")
        field.fill(persian(visitor.code))
        field.press("Enter")
        card = self.reception.page.locator("[name=identity]")
        expect(card).to_be_focused(timeout=PATIENT)
        card.fill(persian(visitor.identity))
        card.press("Enter")
        expect(card).to_have_count(0, timeout=PATIENT)

    def presses(self, visitor: Visitor, action: Action) -> None:
        """Press a button of her line.

        A button that opens with time appears when the board next reads the clock, within a minute.
        After the first time the test opens the board anew instead of waiting. A press before the
        board shows the one before counts as its repetition.
        """
        self.reception.settles()
        button = self.row(visitor).get_by_role("button", name=of_her(action))
        is_there = button.count() > 0
        if self._has_looked_by_itself and not is_there:
            self.reception.goes(f"{self.origin_of(self.reception)}/monday/")
        button.click(timeout=SLOW)
        self._has_looked_by_itself |= not is_there

    def goes_in(self, visitor: Visitor) -> None:
        mayor = self.mayor
        mayor.goes(f"{self.origin_of(mayor)}/mayor/")
        number = mayor.page.locator("aside .tile").first
        expect(number).to_have_text(persian(visitor.number), timeout=PATIENT)
        mayor.button(agenda_text.CALL_IN).first.click()
        self.is_(visitor, Stage.IN_ROOM)
        mayor.page.wait_for_url(f"**/mayor/meeting/{visitor.code}/")

    def origin_of(self, person: Person) -> str:
        return "/".join(person.page.url.split("/")[:3])

    def ends(self, visitor: Visitor) -> None:
        mayor = self.mayor
        mayor.button(meeting_text.TYPE).click()
        mayor.page.locator("#text").fill(ORDER)
        mayor.button(meeting_text.FINISH).click()
        expect(mayor.page.get_by_text(meeting_text.FINISHED_REST)).to_be_visible(timeout=PATIENT)
        self.is_(visitor, Stage.FOLLOW_UP)

    def refuses(self, visitor: Visitor) -> None:
        mayor = self.mayor
        mayor.button(meeting_text.REFUSE).click()
        mayor.page.locator("#refusal").fill(WHY_NOT)
        mayor.button(meeting_text.REFUSE_DO).click()
        self.is_(visitor, Stage.CLOSED)

    def does_not_come(self, visitor: Visitor) -> None:
        """Call her twice, ten minutes after her time, and write her down as absent."""
        for times in (1, 2):
            self.day.is_at(time_of(visitor.number, 10 + times))
            self.presses(visitor, Action.CALL)
            if times == 1 and visitor.code in self.phones:
                self.sees(self.phone(visitor), day_text.HEAD["called"])
                self.phone(visitor).shot("called")
            soon(lambda n=times: self.day.request(visitor).count(Action.CALL) == n)
        self.hall_shows(visitor)
        self.hall.shot(f"called-{visitor.number}")
        self.presses(visitor, Action.NO_SHOW)
        send = self.reception.page.locator("#send-step")
        send.click()
        self.is_(visitor, Stage.WAITING)

    def contests(self, visitor: Visitor) -> None:
        phone = self.phone(visitor)
        self.sees(phone, DONE[Action.NO_SHOW])
        phone.shot("absent")
        phone.button(ACTION[Action.CONTEST_NO_SHOW]).click()
        phone.page.locator("[name=note]").last.fill(CONTESTS)
        phone.button(case_text.BUTTON[Action.CONTEST_NO_SHOW]).click()
        soon(lambda: self.day.request(visitor).count(Action.CONTEST_NO_SHOW) == 1)

    def stands_in(self, standby: Visitor, absent: Visitor) -> None:
        """Let a standby type the hall's code, and get the free seat at the next quarter."""
        phone = self.phone(standby)
        field = phone.page.locator("[name=hall]")
        field.fill(self.hall_code())
        phone.button(case_text.HALL_SEND).click()
        expect(field).to_have_count(0, timeout=PATIENT)
        self.day.is_at(time_of(absent.number, 15))
        self.is_(standby, Stage.CONFIRMED)
        self.sees(phone, DONE[Action.STAND_IN])
        phone.shot("stands-in")
        seat = self.day.request(standby).seat
        assert seat is not None
        seated = replace(standby, number=SEATS.index(seat.time) + 1)
        self.arrives(seated)
        self.goes_in(seated)
        self.ends(seated)

    def comes_late(self, visitor: Visitor) -> None:
        self.day.is_at(time_of(visitor.number, 13))
        self.arrives(visitor)
        self.is_(visitor, Stage.ARRIVED)

    def is_fetched(self, visitor: Visitor) -> None:
        phone = self.phone(visitor)
        assert self.row(visitor).get_by_role("button", name=of_her(Action.CALL)).count() == 0
        self.presses(visitor, Action.FETCH)
        self.sees(phone, day_text.HEAD["fetched"])
        phone.shot("is-fetched")

    def is_rung(self, visitor: Visitor) -> None:
        """Ring a citizen at home, and bring the call to the mayor's table."""
        phone = self.phone(visitor)
        self.sees(phone, day_text.HEAD["by_phone"].format(time=shown(time_of(visitor.number))))
        phone.shot("at-home")
        self.presses(visitor, Action.REACH)
        self.is_(visitor, Stage.ARRIVED)

    def hands_over(self, _: Visitor) -> None:
        """Let the mayor leave half-way; from now on the deputy decides."""
        self.mayor.goes(f"{self.origin_of(self.mayor)}/mayor/")
        field = self.mayor.page.locator("select[name=account]")
        field.select_option(label=agenda_text.who(Role.DEPUTY, "deputy"))
        self.mayor.page.locator("form:has(select[name=account]) button[type=submit]").click()
        self.sees(self.mayor, agenda_text.HOLDER_DONE.partition("{")[0])
        self.mayor = self._official("deputy", "deputy", "tablet", "/mayor/", self.day.origins[0])

    def agrees_on_who_is_inside(self, visitor: Visitor) -> None:
        """Check that all screens show the same visitor inside."""
        expect(self.row(visitor)).to_contain_text(reception_text.IN_ROOM, timeout=PATIENT)
        self.hall_shows(visitor)
        self.sees(self.phone(visitor), DONE[Action.CALL_IN])

    def hall_shows(self, visitor: Visitor) -> None:
        """Wait until the hall shows her number; each call stays for eight seconds."""
        number = self.hall.page.locator("#number")
        expect(number).to_have_text(persian(visitor.number), timeout=SLOW)

    def ends_without_a_network(self, visitor: Visitor) -> None:
        mayor = self.mayor
        expect(mayor.page.locator(".paper-desk")).to_be_visible(timeout=PATIENT)
        mayor.loses_network()
        way = mayor.button(offline_text.OPEN)
        expect(way).to_be_visible(timeout=SLOW)
        way.click()
        table = mayor.page.get_by_role("dialog", name=offline_text.TITLE)
        table.get_by_label(offline_text.ORDER).fill(ORDER)
        table.get_by_role("button", name=offline_text.END).click()
        mayor.shot("without-a-network")
        table.get_by_role("button", name=offline_text.CLOSE).click()
        assert self.day.request(visitor).stage is Stage.IN_ROOM
        mayor.finds_network()
        self.is_(visitor, Stage.FOLLOW_UP)

    def ends_after_a_loss_of_power(self, visitor: Visitor) -> None:
        """Kill the server during a meeting; all pages must come back by themselves."""
        self.day.kill()
        self.day.start()
        self.ends(visitor)

    def hall_code(self) -> str:
        with self.day.application.store.unit_of_work(self.day.now(), reading=True) as uow:
            return hall_code(uow, DISTRICT, self.day.now())

    def sees(self, phone: Person, words: str) -> None:
        found = phone.page.locator("main").get_by_text(words).locator("visible=true")
        expect(found.first).to_be_visible(timeout=SLOW)


def time_of(number: int, later: int = 0) -> str:
    """Return the time of a seat, or this many minutes later."""
    minutes = (number - 1) * 15 + later
    return f"{9 + minutes // 60:02d}:{minutes % 60:02d}"


def shown(time: str) -> str:
    return persian(time.lstrip("0"))


def test_a_whole_monday(day: WholeMonday, meet: Meet) -> None:
    """Play the day from the first arrival to the end on all screens, and audit the log."""
    place = Place(day, meet)
    first, contesting, refused, absent, late, cut_off, powerless = place.plain[:7]
    standby = day.standbys[0]
    at_home = place.plain[-1]
    for visitor in (first, contesting, standby):
        place.phone(visitor)
    away: dict[str, Act] = {
        contesting.code: place.contests,
        absent.code: lambda one: place.stands_in(standby, one),
        late.code: place.comes_late,
    }
    before: dict[str, Act] = {
        cut_off.code: place.hands_over,
        place.fetched.code: place.is_fetched,
        at_home.code: place.is_rung,
    }
    end: dict[str, Act] = {
        cut_off.code: place.ends_without_a_network,
        refused.code: place.refuses,
        powerless.code: place.ends_after_a_loss_of_power,
    }

    day.is_at("08:45")
    for visitor in day.visitors:
        if visitor.code not in away and visitor is not at_home:
            place.arrives(visitor)
            place.is_(visitor, Stage.ARRIVED)
    place.reception.shot("they-have-come")
    for visitor in day.visitors:
        day.is_at(time_of(visitor.number))
        if visitor.code in away:
            place.does_not_come(visitor)
            away[visitor.code](visitor)
            continue
        if visitor.code in before:
            before[visitor.code](visitor)
        place.goes_in(visitor)
        if visitor is first:
            place.agrees_on_who_is_inside(visitor)
        end.get(visitor.code, place.ends)(visitor)
    place.goes_in(late)
    place.ends(late)
    place.reception.shot("the-end")
    stages = [day.request(one).stage for one in (*day.visitors, standby)]
    assert (stages.count(Stage.FOLLOW_UP), stages.count(Stage.CLOSED)) == (8, 1)
    assert stages.count(Stage.WAITING) == 2
    assert day.found_in_the_log() == []
