"""Invitation links and account states of officials; decisions that need two administrators."""

from datetime import timedelta
from enum import StrEnum

from publicmeeting.domain.roles import Role

INVITATION_STAYS = timedelta(days=3)
PROPOSAL_STAYS = timedelta(days=7)
SECOND_STEP_WAITS = timedelta(days=1)
"""Delay before another administrator can agree to remove a second step.

The account owner is notified at once, and stops the removal by signing in.
"""

TWO_NEEDED = frozenset({Role.ADMINISTRATOR, Role.OVERSEER})
"""Roles that no single administrator may grant; nor may he make a link to their holders.

A single administrator with such a role could create all others.
"""
TWO_TO_GIVE = TWO_NEEDED | {Role.MAYOR}
"""The roles above, and the mayor's, who decides for a whole district and sees all of it.

A link to a mayor's account does not bypass her second step, so it needs two administrators only
while she has none.
"""


class InvitationKind(StrEnum):
    """Why a link was made; the value is stored."""

    FIRST = "first"
    """The account has never had a password."""
    RESET = "reset"
    """The password is forgotten, or somebody else knows it."""


class DecisionKind(StrEnum):
    """What one administrator proposes and another decides; the value is stored."""

    GIVE_ROLE = "give_role"
    NEW_LINK = "new_link"
    """A link that lets its holder sign in to an account whose role needs two administrators.

    That is a role of `TWO_NEEDED`, or one of `TWO_TO_GIVE` while the account has no second step.
    """
    NEW_SECOND_STEP = "new_second_step"
    """A new second step after authenticator and recovery codes are lost.

    She sets it up after signing in with her password.
    """


class DecisionState(StrEnum):
    """State of a decision; the value is stored. A proposal that nobody decides expires by date."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REJECTED = "rejected"


class OfficialState(StrEnum):
    """State of an account."""

    INVITED = "invited"
    """It has no password yet: a link is open, or none was made."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
