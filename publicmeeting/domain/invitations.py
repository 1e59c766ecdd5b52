"""How officials come in and the state of their accounts; what two administrators must agree to."""

from datetime import timedelta
from enum import StrEnum

from publicmeeting.domain.roles import Role

INVITATION_STAYS = timedelta(days=3)
PROPOSAL_STAYS = timedelta(days=7)
SECOND_STEP_WAITS = timedelta(days=1)
"""Before anybody agrees to take a second step away: its owner is notified, and stops it by signing
in."""

TWO_NEEDED = frozenset({Role.ADMINISTRATOR, Role.OVERSEER})
"""Roles that no single administrator gives, nor a link to whoever has one: with it he could make
all others."""
TWO_TO_GIVE = TWO_NEEDED | {Role.MAYOR}
"""Beside them the role that decides for a whole district and sees all of it: no single
administrator gives it. A link opens no mayor's account beside her second step, and needs two as
long as she has none."""


class InvitationKind(StrEnum):
    """Why a link was made; the value is stored."""

    FIRST = "first"
    """The account has never had a password."""
    RESET = "reset"
    """The password is forgotten or known to somebody else."""


class DecisionKind(StrEnum):
    """What is proposed by one administrator and decided by another; the value is stored."""

    GIVE_ROLE = "give_role"
    NEW_LINK = "new_link"
    """With which somebody could sign in as an official whose role needs two, or two have given and
    nothing else keeps."""
    NEW_SECOND_STEP = "new_second_step"
    """Authenticator and papers are lost: she sets up anew, with her password."""


class DecisionState(StrEnum):
    """The value is stored; one that nobody decides in time is over by its date."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REJECTED = "rejected"


class OfficialState(StrEnum):
    """The state of an account."""

    INVITED = "invited"
    """It has no password: a link waits, or none was made yet."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
