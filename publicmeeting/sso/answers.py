"""What checks a sign-on, what it proves, and why it may prove nothing."""

from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why a provider's answer is not believed; the security event stores it."""

    STATE = "state"
    """This visit has not begun it, it came too late, or it was used before."""
    ISSUER = "issuer"
    """The answer names another provider, or none although this one always does."""
    CODE = "code"
    """The provider rejects the code: it belongs to another sign-on, or was used before."""
    UNREADABLE = "unreadable"
    """No token, or one that is unreadable, unsigned, or signed by a forbidden algorithm."""
    SIGNATURE = "signature"
    KEY = "key"
    """Signed with a key that the provider does not publish."""
    EXPIRED = "expired"
    CLAIM = "claim"
    """For another client, by another provider, from the future, or without a required claim."""
    NONCE = "nonce"
    SUBJECT = "subject"
    """The provider's data of the person belongs to another one."""
    IDENTITY = "identity"
    """No national code, or an impossible one."""


class NotProvenError(Exception):
    """The answer proves nothing; `reason` is for the city, not for the browser that sent it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NotReachedError(Exception):
    """The provider gives no usable answer; the visitor cannot do anything about it."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What checks one sign-on; stored sealed until its answer comes."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as a browser sends it: unchecked user input."""

    code: str = field(repr=False)
    issuer: str = ""
    """`iss` of RFC 9207; empty if missing."""


@dataclass(frozen=True, slots=True)
class Proven:
    """The person whom the provider has signed in; texts in its spelling, to be parsed as input."""

    identity: str = field(repr=False)
    mobile: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
