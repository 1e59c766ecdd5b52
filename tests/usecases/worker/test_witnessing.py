"""The city asks a witness that has an address, and the witness's program answers."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from support.city import City
from support.clock import FixedClock
from support.line import MONDAY, Line
from witness_command import command

from publicmeeting.notify.witnesses import WitnessClient
from publicmeeting.turns.pool import Rules
from publicmeeting.usecases.line.rules import announce

DAY = timedelta(days=1)
TUESDAY = MONDAY - 6 * DAY
URL = "https://witness.example.ir/w"


class House:
    """An institution that runs `witness serve`, reached without a network."""

    def __init__(self, folder: Path, line: Line) -> None:
        self.module, self.folder, self.line = command(), folder, line
        with line.reading() as uow:
            keys = uow.log.keys()
        options = [word for key in keys.announced for word in ("--city-key", key)]
        words = ["keygen", "--dir", str(folder), "--party", "union", "--name", "union.ir/w"]
        assert self.module.main([*words, *options]) == 0
        self.asked: list[int] = []
        self.is_away = False

    @property
    def copy(self):
        return self.module.Copy(self.folder)

    @property
    def rule(self) -> dict[str, str]:
        copy = self.copy
        key = self.module.vkey(copy.name, 4, copy.public)
        return {"party": "union", "org": "union.ir", "vkey": key, "url": URL}

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if self.is_away:
            raise httpx2.ConnectError("away")
        status, body, *kind = self.module.add_checkpoint(
            self.copy, request.content, self.line.clock.now
        )
        self.asked.append(status)
        headers = {"Content-Type": kind[0] if kind else "text/plain"}
        return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(body))


@pytest.fixture
def line(city: City, clock: FixedClock) -> Line:
    line = Line(city, clock)
    line.worker.tick()
    return line


@pytest.fixture
def house(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    house = House(tmp_path / "union", line)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(0)
        return ["93.184.216.34"]

    application = line.city.application
    client = WitnessClient(httpx2.MockTransport(house.answer), resolve)
    monkeypatch.setattr(application, "witness_client", client)
    with application.store.unit_of_work(line.clock()) as uow:
        before = uow.city.rules_on(MONDAY)
        assert before is not None
        body = {**before.body, "version": 2, "witnesses": [house.rule]}
        opened = uow.city.last_monday()
        assert opened is not None
        announce(uow, Rules.from_body(body), opened + timedelta(weeks=1), line.clock())
    return house


def signed(line: Line) -> list[int]:
    with line.reading() as uow:
        return uow.log.cosigned_sizes()


def freezes(line: Line) -> int:
    line.until(TUESDAY, "12:00")
    line.worker.ask_witnesses()
    with line.reading() as uow:
        return uow.log.head().seq


def test_a_moment_is_signed_within_seconds(line: Line, house: House) -> None:
    size = freezes(line)
    assert signed(line)[-1] == size
    assert 409 not in house.asked[1:], "what it knows is remembered"
    line.clock.set(line.clock.now + timedelta(minutes=2))
    line.worker.ask_witnesses()
    assert signed(line)[-1] == size, "nothing new: it is not asked again"


def test_one_that_is_away_is_asked_again_each_minute(line: Line, house: House) -> None:
    house.is_away = True
    freezes(line)
    assert signed(line) == []
    house.is_away = False
    line.clock.set(line.clock.now + timedelta(seconds=30))
    line.worker.ask_witnesses()
    assert signed(line) == [], "once a minute"
    line.clock.set(line.clock.now + timedelta(seconds=31))
    line.worker.ask_witnesses()
    assert len(signed(line)) == 1


def test_after_a_restart_it_tells_the_size_it_knows(line: Line, house: House) -> None:
    freezes(line)
    house.asked.clear()
    line.worker._witnessing._known.clear()
    line.until(MONDAY - 5 * DAY, "20:00")
    assert house.asked[0] == 409
    assert 200 in house.asked


def test_a_witness_that_knows_a_longer_log_is_not_persuaded(line: Line, house: House) -> None:
    line.worker._witnessing._known[_key(house)] = 10**6
    freezes(line)
    assert signed(line) == []


def _key(house: House) -> str:
    return house.rule["vkey"]
