"""Publishes here what other processes have written, read from the newest events.

It catches what the messages of a channel (`live/pubsub.py`) miss. It is the only way if processes
share only a database file.
"""

import threading
from collections.abc import Collection
from contextlib import suppress

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.topics import EVERYTHING, event_ids
from publicmeeting.worker.parts import Parts

OVERLAP = 1000
"""Ids below the newest that are read again: on PostgreSQL a lower one may be committed later."""

MOST = 500
"""More new events than this wake all pages, without reading which cases they concern."""


class NewEvents:
    """New events of other processes; one per process.

    Events already published here, by this process or by a message, are not published again.
    Otherwise all pages of the city would read twice.
    """

    def __init__(self, application: Parts) -> None:
        self._application = application
        self._known_ids: set[int] | None = None
        """Ids of the newest events; None before the first `listen`, which publishes nothing."""
        self._head = 0
        """The newest entry of the public log."""
        self._published: set[int] = set()
        """Events published here since the last call of `listen`."""
        self._lock = threading.Lock()
        application.pubsub.call_before_subscribers(self._note_published)

    def _note_published(self, topics: Collection[str]) -> None:
        with self._lock:
            self._published.update(event_ids(topics))

    def listen(self) -> None:
        """Publish what is new since the last call; two threads never do this at once."""
        first, known, head_before = self._known_ids is None, self._known_ids or set(), self._head
        with self._lock:
            seen, self._published = known | self._published, set()
        with self._application.store.unit_of_work(self._application.clock(), reading=True) as uow:
            newest = uow.outbox.newest_event() if first else max(known, default=0)
            ids = uow.outbox.events_after(newest - OVERLAP)
            fresh = [] if first else [id_ for id_ in ids if id_ not in seen]
            head = self._head
            with suppress(Unavailable):  # a log whose end cannot be read has no news
                head = uow.log.head().seq
            topics = uow.outbox.topics_of(fresh) if len(fresh) <= MOST else set()
        last = max(ids, default=0)
        self._known_ids, self._head = {id_ for id_ in ids if id_ > last - OVERLAP}, head
        if len(fresh) > MOST:
            self._application.pubsub.publish_here({EVERYTHING})
        elif topics or (head > head_before and not first):
            # A commitment or a reveal belongs to no case and has no event.
            self._application.pubsub.publish_here({*topics, "draws", "log"})
