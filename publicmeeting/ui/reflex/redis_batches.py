"""Redis client that sends commands in batches.

A press of a page needs about fifteen commands, each of which costs the process 0.2 ms and Redis
nearly nothing: most of it is spent on taking a connection, writing, waking up and reading. While
one batch is on its way, the commands of all other pages wait, and are sent together when it is
answered. With one user at a time each batch has one command, as before.
"""

import asyncio
import copy
from collections.abc import Sequence
from typing import Any, TypeAlias

from redis.asyncio import Redis
from redis.exceptions import DataError
from redis.exceptions import TimeoutError as NoAnswerError

_MOST = 100
"""Maximum commands of a batch: a page waits for the whole batch in which its command is."""
ANSWERED_WITHIN = 10.0
"""Maximum wait for the answers to a batch, in seconds.

A firewall or a failover may drop a connection silently, which TCP notices after a quarter of an
hour. All other commands of the process wait behind that batch.
"""

_Command: TypeAlias = tuple[tuple[Any, ...], dict[str, Any], "asyncio.Future[Any]"]


class RedisInBatches(Redis):
    """Client for commands that answer at once: blocking ones would hold up everybody else.

    Subscriptions and explicit pipelines take connections of their own, as before.
    """

    _waiting: list[_Command]
    _sending: "asyncio.Task[None] | None" = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting = []

    async def execute_command(self, *command: Any, **options: Any) -> Any:
        """Return the answer to a command, or raise what went wrong with it.

        A caller that is cancelled does not take its command back: it may have been sent.
        """
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, options, answer))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        return await answer

    async def _send(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            try:
                async with asyncio.timeout(ANSWERED_WITHIN):
                    answers = await self._answers(batch)
            except TimeoutError:
                # The others would wait as long one batch after another, if Redis is gone.
                batch, self._waiting = batch + self._waiting, []
                answers = [NoAnswerError("no answer from Redis")] * len(batch)
            except Exception as fault:  # noqa: BLE001  (each caller gets it)
                answers = [fault] * len(batch)
            except asyncio.CancelledError:  # the process ends
                unsent, self._waiting = batch + self._waiting, []
                for *_, answer in unsent:
                    answer.cancel()
                raise
            for (*_, answer), found in zip(batch, answers, strict=True):
                if answer.done():  # its caller was cancelled
                    continue
                if isinstance(found, Exception):
                    answer.set_exception(_own(found))
                else:
                    answer.set_result(found)

    async def _answers(self, batch: Sequence[_Command]) -> list[Any]:
        pipeline = self.pipeline(transaction=False)
        for command, options, _ in batch:
            pipeline.execute_command(*command, **options)
        try:
            return await pipeline.execute(raise_on_error=False)
        except (DataError, UnicodeError):  # one cannot be encoded, so nothing was sent
            return [await self._alone(*command) for command in batch]

    async def _alone(self, command: Sequence[Any], options: dict[str, Any], _: object) -> Any:
        redis: Any = super()  # its method has no types
        try:
            return await redis.execute_command(*command, **options)
        except (DataError, UnicodeError) as fault:
            return fault


def _own(fault: Exception) -> Exception:
    """Return a copy: raising one exception in many tasks would mix their tracebacks."""
    try:
        return copy.copy(fault)
    except Exception:  # noqa: BLE001  (its class may want other arguments than it keeps)
        return fault
