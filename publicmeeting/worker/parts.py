"""The interface of the application for the worker, which is a layer below it."""

from typing import Protocol

from publicmeeting.kit.clock import Clock
from publicmeeting.live.pubsub import Listener, PubSub
from publicmeeting.media.files import Files
from publicmeeting.notify.codes import CodeSender
from publicmeeting.notify.gateway import Matcher
from publicmeeting.notify.phone import Phone
from publicmeeting.notify.witnesses import WitnessClient
from publicmeeting.store.unit_of_work import Store


class Parts(Protocol):
    """The parts of the application that the worker, or something that it runs, needs."""

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
