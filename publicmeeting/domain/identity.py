"""How sure the city is that a person is who she says she is, and by which door people come in."""

from enum import StrEnum


class Level(StrEnum):
    """How well a person's identity is proved, in ascending order; the value is stored."""

    TYPED = "typed"
    """An identity and a confirmed mobile, which need not belong together."""
    MATCHED = "matched"
    """The national matching service says that the mobile belongs to the identity."""
    VERIFIED = "verified"
    """A single sign-on, or a card that an official has held in his hand."""

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Door(StrEnum):
    """By what a session was opened; the value is stored."""

    CODE = "code"
    SSO = "sso"
    PASSWORD = "password"  # noqa: S105  (the name of a door)
    """By a password alone: no second step is set up, or this browser needs none."""
    TWO_STEPS = "two_steps"
    PASSKEY = "passkey"
    DEMO = "demo"
