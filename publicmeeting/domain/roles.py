"""Who acts: roles, the grants an account holds, and the actor of one command."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """A part somebody plays. Districts and units narrow a grant, never the role itself."""

    CITIZEN = "citizen"
    DESK = "desk"
    RECEPTION = "reception"
    PHONE = "phone"
    UNIT = "unit"
    MAYOR = "mayor"
    DEPUTY = "deputy"
    OVERSEER = "overseer"
    ADMINISTRATOR = "administrator"
    JUDGE = "judge"
    """An officer the clock has picked for one ask of a lane: no account is granted it."""
    CLOCK = "clock"


CITY_WIDE = frozenset({Role.PHONE, Role.OVERSEER, Role.ADMINISTRATOR, Role.CLOCK})
"""Roles whose grant names no district."""

NEVER_GRANTED = frozenset({Role.CITIZEN, Role.JUDGE, Role.CLOCK})
"""Parts that are not an official's: one is proved by a code, one is picked for a single ask, one
has no hands."""

OFFICIALS = tuple(role for role in Role if role not in NEVER_GRANTED)
"""Every role that an account may be granted."""

MEETING = (Role.MAYOR, Role.DEPUTY)
STAFF = (Role.DESK, Role.RECEPTION, Role.UNIT, *MEETING, Role.OVERSEER)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one account, in one district or one unit where the role has such a limit."""

    role: Role
    district: int | None = None
    unit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A grant and the days of the city on which it holds, both included; None: without a limit.

    `id` names it within the store.
    """

    id: int
    grant: Grant
    from_on: date | None = None
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        return (self.from_on or on) <= on <= (self.until_on or on)

    @property
    def never_holds(self) -> bool:
        """Taken back before its first day."""
        return bool(self.from_on and self.until_on and self.until_on < self.from_on)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever sends a command, looked up afresh for each one; never taken from the
    browser."""

    person_id: str | None = None
    account_id: str | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    visit: str = ""
    """Hash of the visit cookie: owns drafts and tracking grants, proves nothing else."""
    session_id: str | None = None
    at: int = 0
    """Of several districts the one he has chosen to work in; no right by itself."""

    def has(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def districts(self, *roles: Role) -> frozenset[int]:
        """The districts in which this actor holds one of these roles."""
        return frozenset(
            g.district for g in self.grants if g.role in roles and g.district is not None
        )

    def units(self) -> frozenset[str]:
        return frozenset(
            g.unit_id for g in self.grants if g.role is Role.UNIT and g.unit_id is not None
        )


NOBODY = Actor()
CLOCK = Actor(name="clock", grants=(Grant(Role.CLOCK),))
COMMAND_LINE = Actor(name="command line", grants=(Grant(Role.ADMINISTRATOR),))
"""The engineer at the server, who needs no account to make the first one."""
