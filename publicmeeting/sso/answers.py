"""What a sign-on needs to be checked by, what it proves, and why it may prove nothing."""

from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why an answer of a provider is not believed; stands in the security event."""

    STATE = "state"
    """Nobody of this visit has begun it, it is too late, or it was used before."""
    ISSUER = "issuer"
    """The answer names another provider, or names none though this one always does."""
    CODE = "code"
    """The provider does not take the code: it is another's, or was used before."""
    UNREADABLE = "unreadable"
    """No token, or one that cannot be read, or is signed by nobody or in a way that is not
    allowed."""
    SIGNATURE = "signature"
    KEY = "key"
    """Signed with a key that the provider does not show."""
    EXPIRED = "expired"
    CLAIM = "claim"
    """Made for another client, by another provider, in the future, or without what it must say."""
    NONCE = "nonce"
    SUBJECT = "subject"
    """What the provider says of the person is about another one."""
    IDENTITY = "identity"
    """No national code, or none that can be one."""


class NotProvenError(Exception):
    """The answer proves nothing; `reason` is for the city, not for whoever brought it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NotReachedError(Exception):
    """The provider gives no answer, or none that can be used; nobody at the page can help it."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What one sign-on is checked by. Stored sealed until its answer comes."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as a browser brings it back: user input."""

    code: str = field(repr=False)
    issuer: str = ""
    """`iss` of RFC 9207; empty where it is missing."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Whom the provider has signed in. Texts as it writes them: to be parsed like typed ones."""

    identity: str = field(repr=False)
    mobile: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
