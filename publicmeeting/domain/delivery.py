"""How far a notice has come on its way to the one it is for."""

from enum import StrEnum


class Delivery(StrEnum):
    """`SENT`, `SHOWN` and `CALLED` are ends."""

    WAITING = "waiting"
    """To be sent to a citizen's mobile, also where tries have failed."""
    SENT = "sent"
    SHOWN = "shown"
    """For officials, who read it on their pages, and for a citizen who has just seen it herself:
    nothing is ever sent."""
    TO_CALL = "to_call"
    """She has no mobile: the desk calls her."""
    FAILED = "failed"
    """No try reached her mobile: the desk calls her."""
    CALLED = "called"
    """The desk has informed her."""


BY_TELEPHONE = (Delivery.TO_CALL, Delivery.FAILED)
"""What waits for somebody at the desk."""
