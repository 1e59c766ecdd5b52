"""`bench live --monday`: a call at the reception reaches her phone and the hall's screen."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice

import httpx2
from support.open_page import OpenPage
from support.served_city import Served, one_or_two
from support.visitors import cookies

from bench.figures import Measured, percentile
from publicmeeting.application import Application, open_application
from publicmeeting.domain.choices import is_fetched
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.lifecycle.telephone import is_by_telephone
from publicmeeting.domain.people import Door, Level
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import Moment, named_instants
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

LIMIT_MS = 300
CALLS = 40
PATIENCE = 10.0
_AT_ONCE = 20
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """A citizen with a seat today, and the cookies of her browser."""

    code: str
    district: int
    keys: Keys


@dataclass(frozen=True, slots=True)
class Monday:
    """The pages and screens that are open at nine o'clock."""

    today: list[Case]
    others: list[Case]
    receptions: dict[int, Keys]
    halls: dict[int, str]
    """District → the key of its screen."""


@dataclass
class Television:
    """A screen of a hall, which polls without end; `came` is when it had news."""

    origin: str
    district: int
    key: str
    came: float = 0.0
    calls: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self) -> None:
        mark = ""
        headers = {"Cookie": f"hall={self.key}"}
        async with httpx2.AsyncClient(base_url=self.origin, headers=headers, timeout=30) as client:
            while True:
                answer = await client.get(f"/hall/{self.district}/news?after={mark}")
                answer.raise_for_status()
                body = answer.json()
                mark = body["mark"]
                if "news" in body:
                    self.came, self.calls = time.monotonic(), len(body["news"]["calls"])
                    self.news.set()

    async def until(self, calls: int) -> float:
        """Return when it had shown this many calls."""
        async with asyncio.timeout(PATIENCE):
            while self.calls < calls:
                self.news.clear()
                await self.news.wait()
        return self.came


async def measure(many: int, *, shared: bool = False) -> list[Measured]:
    """Return the time from the reception's press to her page and to the hall's screen.

    It measures `CALLS` calls. With `shared` the receptions are at one process, all pages and
    screens at the other.
    """
    with one_or_two(shared=shared) as served:
        monday = await asyncio.to_thread(_prepare, served)
        cases = [*monday.today[:CALLS], *(one for one in monday.others if one.keys.session)]
        before = served.memory_mib
        pages = await _open(served, list(islice(cycle(cases), many)))
        each = (served.memory_mib - before) / len(pages)
        screens = {d: Television(served.origins[-1], d, key) for d, key in monday.halls.items()}
        tasks = [asyncio.create_task(screen.watch()) for screen in screens.values()]
        await asyncio.sleep(1)
        phones, halls = [], []
        for case, page in zip(monday.today[:CALLS], pages, strict=False):
            to_phone, to_hall = await _call(served, monday, case, page, screens[case.district])
            phones.append(to_phone)
            halls.append(to_hall)
        closed = sum(page.closed for page in pages)
        failed = sum(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        for page in pages:
            await page.close()
    return [
        Measured("server processes", len(served.processes), ""),
        Measured("open pages of citizens", len(pages), ""),
        Measured("screens of halls", len(screens), ""),
        Measured("calls", len(phones), ""),
        Measured("press to her page, p50", percentile(phones, 0.5), "ms"),
        Measured("press to her page, p95", percentile(phones, 0.95), "ms", LIMIT_MS),
        Measured("press to her page, slowest", max(phones), "ms"),
        Measured("press to her hall, p50", percentile(halls, 0.5), "ms"),
        Measured("press to her hall, p95", percentile(halls, 0.95), "ms", LIMIT_MS),
        Measured("press to her hall, slowest", max(halls), "ms"),
        Measured("memory of the server per open page", each, "MiB"),
        Measured("pages that lost their socket", closed, "", 0),
        Measured("screens that failed", failed, "", 0),
    ]


def _prepare(served: Served) -> Monday:
    """Hold the draw, let everybody confirm, go to Monday at nine, and make sessions and screens."""
    application = open_application(served.settings)
    for moment in (Moment.FREEZE, Moment.DRAW):
        _go(application, moment)
    seated = [one for one in _requests(application, Stage.INVITED) if not is_fetched(one.needs)]
    for request in seated:
        hers = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
        command = TakeStep(code=request.code, action=Action.CONFIRM)
        application.execute_as(hers, take_step, command)
    _go(application, Moment.MEETINGS)
    now = application.city_now()
    confirmed = _requests(application, Stage.CONFIRMED)
    today = [one for one in confirmed if one.seat and one.seat.monday == tehran_day(now)]
    callable_ = [one for one in today if not is_fetched(one.needs) and not is_by_telephone(one)]
    others = _requests(application, Stage.WAITING)
    with application.store.unit_of_work(application.clock()) as uow:
        monday = Monday(
            [case for case in (_case(uow, one) for one in callable_) if case.keys.session],
            [_case(uow, one) for one in others],
            {district.number: _reception(uow, district.number) for district in DISTRICTS},
            {
                district.number: uow.halls.make_display(district.number, "", A_DAY)
                for district in DISTRICTS
            },
        )
    application.store.close()
    return monday


def _go(application: Application, moment: Moment) -> None:
    coming = application.query_as(Actor(), named_instants, Nothing())
    application.worker.move_clock_now(
        next(instant.at for instant in coming if instant.moment is moment)
    )


def _requests(application: Application, stage: Stage) -> list[Request]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        lines = uow.lists.requests(Filter(stages=(stage,)), limit=1000)
        return [uow.requests.by_id(line.id) for line in lines]


def _case(uow: UnitOfWork, request: Request) -> Case:
    """Return a case with its citizen's session, which is empty if her code alone opens none."""
    person = uow.people.get(request.person_id)
    session = ""
    if person.mobile and person.level is Level.TYPED:
        session = uow.sessions.open_for_mobile(person.mobile, Door.CODE)
    return Case(request.code, request.district, Keys(session))


def _reception(uow: UnitOfWork, district: int) -> Keys:
    account = uow.accounts.by_username(f"reception{district}")
    if account is None:
        raise RuntimeError("the demo city has no such reception")
    return Keys(session=uow.sessions.open_for_account(account, Door.PASSWORD))


async def _open(served: Served, cases: list[Case]) -> list[OpenPage]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(case: Case) -> OpenPage:
        async with gate:
            page = await OpenPage.open(
                served.origins[-1],
                f"/mine/{case.code}/",
                token=secrets.token_hex(8),
                cookies=cookies(case.keys),
                code=case.code,
            )
            await page.settle(1)
            return page

    return list(await asyncio.gather(*(one(case) for case in cases)))


async def _call(
    served: Served, monday: Monday, case: Case, page: OpenPage, screen: Television
) -> tuple[float, float]:
    """Return the milliseconds from the reception's press to the citizen's page and to the hall."""
    reception = await OpenPage.open(
        served.origin,
        "/monday/",
        token=secrets.token_hex(8),
        cookies=cookies(monday.receptions[case.district]),
    )
    await reception.until(0, lambda one: one.is_loaded, PATIENCE)
    await reception.settle(0.5)
    await page.settle(0.3)
    seen, calls = len(page.updates), screen.calls
    begun = time.monotonic()
    await reception.press(
        f"{MondayState.get_full_name()}.press",
        {"code": case.code, "action": Action.CALL.value, "calls": 0},
    )
    shown = await screen.until(calls + 1)
    update = await page.next_update(seen, PATIENCE)
    await reception.close()
    if update is None:
        raise RuntimeError("her page never heard of the call")
    return (update.at - begun) * 1000, (shown - begun) * 1000
