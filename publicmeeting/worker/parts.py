"""The interface of the application for the worker, which is a layer below it."""

from typing import Protocol

from publicmeeting.live.pubsub import Listener, PubSub
from publicmeeting.media.files import Files
from publicmeeting.notify.codes import CodeSender
from publicmeeting.notify.gateway import Matcher
from publicmeeting.notify.outbox import Channels
from publicmeeting.notify.witnesses import WitnessClient


class Parts(Channels, Protocol):
    """The parts of the application that the worker, or something that it runs, needs."""

    files: Files
    pubsub: PubSub
    listener: Listener | None
    matcher: Matcher | None
    witness_client: WitnessClient
    codes: CodeSender
