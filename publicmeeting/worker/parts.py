"""What the worker is handed: it stands below the application, which hands itself over."""

from typing import Protocol

from publicmeeting.kit.clock import Clock
from publicmeeting.live.pubsub import Listener, PubSub
from publicmeeting.media.files import Files
from publicmeeting.notify.codes import CodeSender
from publicmeeting.notify.matching import Matcher
from publicmeeting.notify.phone import Phone
from publicmeeting.notify.witnesses import WitnessClient
from publicmeeting.store.unit_of_work import Store


class Parts(Protocol):
    """The parts of the application that the worker, or one of what it runs, needs."""

    store: Store
    phone: Phone
    files: Files
    pubsub: PubSub
    listener: Listener | None
    clock: Clock
    host: str
    matcher: Matcher | None
    witness_client: WitnessClient
    codes: CodeSender
