"""Raw sockets call every handler of every state for a case that belongs to somebody else.

An attacker needs no page for that: each public handler is an endpoint, and anybody with a socket
can write address, query and arguments freely. The calls must change nothing in the city, and no
answer may contain a word of the victim's.
"""

import asyncio
import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import pytest
from contract.surface import handlers
from simple_websocket import ConnectionClosed
from support.open_page import OpenPage
from support.served_city import Served, served_city
from support.visitors import cookies

from publicmeeting.application import Application, open_application
from publicmeeting.domain.people import Door
from publicmeeting.domain.stages import Action, OrderAction, Stage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.lifecycle.lists import Filter

DISTRICT, ELSEWHERE = 6, 4
SEATED = (Stage.INVITED, Stage.CONFIRMED)
"""Stages that a seat may have on the demo's Saturday, since its draws are real ones."""
CITIZEN = "another citizen"
ATTACKERS = (
    "nobody",
    CITIZEN,
    *(f"{role}{ELSEWHERE}" for role in ("desk", "reception", "unit", "mayor", "deputy")),
    "admin",
)
NOT_CALLED = frozenset({"jump"})
"""Handlers that are not called: anybody may move the demo's clock, and a real city has none."""
THEIR_OWN = frozenset(
    {
        "draft",
        "rate",
        "session",
        "one_time_code",
        "track_grant",  # the attacker's own visit
        "job",
        "outbox",  # the city's clock runs meanwhile
        "log_head",  # the head of the public log, whose entries are compared
        "opening",  # officials open cases of their own district; those of victims are counted
        "security_event",  # a refused attempt is recorded
    }
)
CALLED = tuple(
    (handler.full_name, handler.parameters)
    for handler in sorted(handlers(), key=lambda handler: handler.name == "for_another")
    if handler.name not in NOT_CALLED
)
"""Every handler, `for_another` last: after it a session speaks for nobody.

Computed at import, because Reflex knows its states only in the thread that imported them.
"""
AT_HAND = frozenset({"signature", "order_template"})
"""Tables of an official's own settings: he may delete his own rows, nobody else's."""
IN_PUBLIC = frozenset({"public_log", "list_objection"})
Calls = list[tuple[str, Mapping[str, object]]]
ODD: tuple[object, ...] = (None, [1, 1, 1], {"a": {"b": 1}}, -1, "x" * 5000, True)
"""Values that no page would send."""
QUIET, SILENCE = 0.05, 3.0
"""Seconds to wait for answers: after a call, and after the last one while others call too."""
LONGEST = 90.0


@dataclass(frozen=True, slots=True)
class Victim:
    """A case, and every word of it that nobody else may read."""

    request_id: str
    code: str
    number: str
    secrets: tuple[str, ...]


@pytest.fixture(scope="module")
def attacked() -> Iterator[Served]:
    """A city of its own, because the attack fills its log with refusals."""
    with served_city() as served:
        yield served


@pytest.fixture(scope="module")
def victims(attacked: Served) -> list[Victim]:
    application = open_application(attacked.settings)
    found = [_victim(application, Stage.FOLLOW_UP), _victim(application, *SEATED)]
    application.store.close()
    return found


@dataclass(frozen=True, slots=True)
class Attack:
    """The answers to all attackers, who called at once, and whether anything changed."""

    answers: Mapping[str, str]
    has_changed_something: bool


@pytest.fixture(scope="module")
def attack(attacked: Served, victims: list[Victim]) -> Attack:
    """Let all attackers call at once, since each waits for answers most of the time.

    A citizen's own ticket is left out of the comparison while, and only while, she is the attacker.
    """
    others = [attacker for attacker in ATTACKERS if attacker != CITIZEN]
    before = _fingerprint(attacked, victims)
    found = [_keys_of(attacked, attacker, victims) for attacker in others]
    answers = dict(
        zip(others, _answers_to(attacked, [(keys, victims) for keys, _ in found]), strict=True)
    )
    has_changed = _fingerprint(attacked, victims) != before
    # One session of hers would wait most of the time, so she has one for each victim.
    hers = [(*_keys_of(attacked, CITIZEN, victims), [victim]) for victim in victims]
    ticket = hers[0][1]
    before = _fingerprint(attacked, victims, ticket)
    answers[CITIZEN] = "".join(_answers_to(attacked, [(keys, about) for keys, _, about in hers]))
    has_changed |= _fingerprint(attacked, victims, ticket) != before
    return Attack(answers, has_changed)


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_no_handler_changes_or_tells_anything_of_somebody_elses_case(
    attacker: str, attack: Attack, attacked: Served, victims: list[Victim]
) -> None:
    if attack.has_changed_something:
        keys, ticket = _keys_of(attacked, attacker, victims)
        before = _fingerprint(attacked, victims, ticket)
        _answers_to(attacked, [(keys, victims)])
        assert _fingerprint(attacked, victims, ticket) == before
    leaked = {
        word for victim in victims for word in victim.secrets if word in attack.answers[attacker]
    }
    assert leaked == set()


def test_nothing_was_changed_by_all_of_them_at_once(attack: Attack) -> None:
    assert not attack.has_changed_something


def test_the_same_calls_by_herself_do_reach_her_case(
    attacked: Served, victims: list[Victim]
) -> None:
    """Otherwise the silence of the others would prove nothing. Victims are chosen first."""
    assert victims
    application = open_application(attacked.settings)
    herself = _victim(application, *SEATED)
    with application.store.unit_of_work(application.clock()) as uow:
        request = uow.requests.find(herself.code)
        assert request is not None
        mobile = uow.people.get(request.person_id).mobile
        keys = Keys(
            uow.sessions.open_for_mobile(mobile or "", Door.CODE), application.cookies.new_visit()
        )
    application.store.close()
    before = _fingerprint(attacked, [herself])
    (answers,) = _answers_to(attacked, [(keys, [herself])])
    assert _fingerprint(attacked, [herself]) != before
    assert any(word in answers for word in herself.secrets)


def test_the_log_of_an_attack_names_nobody(
    attack: Attack, attacked: Served, victims: list[Victim]
) -> None:
    """The log of all attackers, including one without any cookies."""
    assert attack.answers["nobody"]
    log = attacked.log.read_text(encoding="utf-8")
    assert log
    assert {word for victim in victims for word in victim.secrets if word in log} == set()


def _answers_to(served: Served, attackers: Sequence[tuple[Keys, Sequence[Victim]]]) -> list[str]:
    """Return the answers to each of these attackers while all of them call everything."""

    async def all_() -> list[str]:
        return await asyncio.gather(*(_call_all(served, *attacker) for attacker in attackers))

    # In another thread, because the browser tests run an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(all_())).result()


async def _call_all(served: Served, keys: Keys, victims: Sequence[Victim]) -> str:
    """Call every handler with every payload; return all answers.

    What no page would send names no victim, so it is sent on the first one's page alone.
    """
    answers: list[str] = []
    for victim in victims:
        page = await _open(served, keys, victim)
        is_first = victim is victims[0]
        for calls in (*_form_by_form(victim), *_one_by_one(victim, with_odd=is_first)):
            if page.closed:
                answers.append(_answers(page))
                page = await _open(served, keys, victim)
            with suppress(ConnectionClosed):  # the server closes the connection during the calls
                for name, payload in calls:
                    await page.call(name, payload)
            await page.next_update(len(page.updates), QUIET)
        await asyncio.wait_for(page.settle(SILENCE), LONGEST)
        answers.append(_answers(page))
        await page.close()
    assert any(answers)
    return "".join(answers)


async def _open(served: Served, keys: Keys, victim: Victim) -> OpenPage:
    page = await OpenPage.open(
        served.origin,
        f"/mine/{victim.code}/?case={victim.code}&step=4&tab=all",
        token=secrets.token_hex(8),
        cookies=cookies(keys),
        code=victim.code,
        number=victim.number,
    )
    await page.settle()
    return page


def _answers(page: OpenPage) -> str:
    return "".join(json.dumps(update.body, ensure_ascii=False) for update in page.updates)


def _one_by_one(victim: Victim, *, with_odd: bool) -> Iterator[Calls]:
    """Yield every handler by itself."""
    for name, parameters in CALLED:
        odd = [dict.fromkeys(parameters, one) for one in ODD if with_odd and parameters]
        yield [(name, payload) for payload in (*odd, *_payloads(parameters, victim))]


def _form_by_form(victim: Victim) -> Iterator[Calls]:
    """Yield pairs of calls that choose a step and send its form."""
    for opener, takes in CALLED:
        if not {"key", "action"} & set(takes):
            continue
        state = opener.rpartition(".")[0]
        senders = [
            name for name, taken in CALLED if name.startswith(f"{state}.") and taken == ("form",)
        ]
        for plausible in _plausible(victim):
            chosen = {name: plausible.get(name, victim.code) for name in takes}
            for sender in senders:
                yield [(opener, chosen), (sender, {"form": plausible["form"]})]


def _payloads(names: tuple[str, ...], victim: Victim) -> Iterator[Mapping[str, object]]:
    """Yield what a page of hers would send, step by step, and then the same as somebody else."""
    if not names:
        yield {}
        yield {"code": victim.code, "actor": "mayor"}
        return
    plausible = [{name: one.get(name, victim.code) for name in names} for one in _plausible(victim)]
    # Most handlers take neither a key nor an action, so what a page would send is the same.
    yield from (one for at, one in enumerate(plausible) if one not in plausible[:at])
    yield {**dict.fromkeys(names, victim.code), "actor": "mayor", "role": "clock"}
    yield {}


def _plausible(victim: Victim) -> Iterator[dict[str, object]]:
    form: dict[str, object] = {"note": "این را کسی دیگر می‌نویسد."}
    keys = (
        *((f"/{action}", action) for action in (Action.WITHDRAW, Action.CONFIRM, Action.ACCEPT)),
        *(
            (f"{victim.number}/{action}", action)
            for action in (OrderAction.CONFIRM_DONE, OrderAction.REPORT, OrderAction.EXTEND)
        ),
    )
    for key, action in keys:
        yield {
            "key": key,
            "action": action.value,
            "code": victim.code,
            "form": form,
            "district": DISTRICT,
            "day": "2026-12-07",
            "on": "2026-12-07",
            "out": False,
            "by": 1,
            "at": 1,
            "which": "0",
            "query": victim.code,
            "name": "text",
            "value": victim.code,
            "note": "نوشته",
            "unit": f"d{DISTRICT:02d}-technical",
            "person": victim.request_id,
            "how": "type",
            "after": "end",
            "ids": [],
        }


def _victim(application: Application, *stages: Stage) -> Victim:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({DISTRICT}), stages=stages)
        line = uow.lists.requests(wanted, limit=1)[0]
        request = uow.requests.find(line.code)
        assert request is not None
        person = uow.people.get(request.person_id)
        orders = uow.orders.of_request(request.id)
        images = [*uow.images.of_request(request.id)]
        texts = (request.title, request.text[:60], *(order.text[:60] for order in orders))
        # Two people of the demo may share a name or a sentence, so keep only what is unique.
        others = [
            request_line
            for request_line in uow.lists.requests(Filter(), limit=1000)
            if request_line.id != request.id
        ]
        elses = {
            word
            for request_line in others
            for word in (request_line.title, request_line.snippet[:60])
        }
        elses |= {
            order.text[:60]
            for order in uow.orders.listed(limit=1000)
            if order.request_id != request.id
        }
        elses |= {uow.people.get(request_line.person_id).name for request_line in others}
        own = [word for word in (person.name, *texts) if word not in elses]
        hers = (person.identity, person.mobile or "", *own)
    return Victim(
        request.id,
        request.code,
        orders[0].number if orders else "",
        tuple(word for word in (*hers, *(image.id for image in images)) if len(word) > 5),
    )


def _keys_of(served: Served, attacker: str, victims: list[Victim]) -> tuple[Keys, str]:
    """Return the cookies of an attacker, and the ticket if the attacker is a citizen."""
    application = open_application(served.settings)
    visit = application.cookies.new_visit()
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username(attacker)
        session = ticket = ""
        if account is not None:
            session = uow.sessions.open_for_account(account, Door.PASSWORD)
        elif attacker != "nobody":
            waiting = uow.lists.requests(Filter(stages=(Stage.WAITING,)), limit=50)
            taken = {victim.code for victim in victims}
            session, code = next(
                (session, line.code)
                for line in waiting
                if line.code not in taken
                and (mobile := uow.people.get(line.person_id).mobile) is not None
                and (session := uow.sessions.open_for_mobile(mobile, Door.CODE))
                and uow.sessions.actor(Keys(session, visit)).person_id == line.person_id
            )
            request = uow.requests.find(code)
            assert request is not None
            ticket = request.ticket
    application.store.close()
    return Keys(session, visit), ticket


_OF_OTHERS = f"""WHERE account_id NOT IN
    (SELECT id FROM account WHERE username IN ({", ".join(map(repr, ATTACKERS))}))"""


def _fingerprint(served: Served, victims: list[Victim], ticket: str = "") -> str:
    """Return a hash over every table that the attacker may not change, and over who opened hers.

    With a citizen's ticket, what the log says about that ticket is left out: she may object for
    herself.
    """
    file = served.settings.data_dir / "demo.sqlite3"
    digest = hashlib.sha256()
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
            if name not in THEIR_OWN
        ]
        assert len(tables) > 15
        for table in sorted(tables):
            whose = _OF_OTHERS if table in AT_HAND else ""
            rows = sorted(map(repr, database.execute(f'SELECT * FROM "{table}" {whose}')))
            if ticket and table in IN_PUBLIC:
                rows = [row for row in rows if ticket not in row]
            digest.update("\n".join([table, *rows]).encode())
        for victim in victims:
            opened = database.execute(
                "SELECT count(*) FROM opening WHERE request_id = ?", (victim.request_id,)
            )
            digest.update(repr(opened.fetchone()).encode())
    return digest.hexdigest()
