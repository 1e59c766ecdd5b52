"""Roles, the grants of an account, and the actor of a command."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """A role. District and unit limit a grant, never the role itself."""

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
    """An officer whom the clock picked to judge one lane request or one contest; never granted."""
    CLOCK = "clock"


CITY_WIDE = frozenset({Role.PHONE, Role.OVERSEER, Role.ADMINISTRATOR, Role.CLOCK})
"""Roles whose grant names no district."""

NEVER_GRANTED = frozenset({Role.CITIZEN, Role.JUDGE, Role.CLOCK})
"""Roles that no account can be granted.

A citizen proves herself by a code, a judge is picked for a single case, and the clock is no person.
"""

OFFICIALS = tuple(role for role in Role if role not in NEVER_GRANTED)
"""Every role that an account may be granted."""

MEETING = (Role.MAYOR, Role.DEPUTY)
STAFF = (Role.DESK, Role.RECEPTION, Role.UNIT, *MEETING, Role.OVERSEER)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one account, limited to a district or a unit if the role has such a limit."""

    role: Role
    district: int | None = None
    unit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A grant and its first and last day in city time, both inclusive; None means no limit.

    `id` identifies it within the store.
    """

    id: int
    grant: Grant
    from_on: date | None = None
    until_on: date | None = None

    @property
    def key(self) -> str:
        """Name of the term in forms.

        It contains what the page has shown, so that a press never means another role, even if the
        two rows have exchanged their ids since.
        """
        grant = self.grant
        parts = self.id, grant.role.value, grant.district, grant.unit_id, self.from_on
        return "/".join("" if part is None else str(part) for part in parts)

    def holds(self, on: date) -> bool:
        return (self.from_on or on) <= on <= (self.until_on or on)

    def has_ended(self, on: date) -> bool:
        return self.until_on is not None and self.until_on < on

    @property
    def never_holds(self) -> bool:
        """Whether it was revoked before its first day."""
        return bool(self.from_on and self.until_on and self.until_on < self.from_on)


@dataclass(frozen=True, slots=True)
class Actor:
    """The sender of a command. It is looked up for each command, never taken from the browser."""

    person_id: str | None = None
    account_id: str | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    visit: str = ""
    """Hash of the visit cookie: it owns drafts and tracking grants, and proves nothing else."""
    session_id: str | None = None
    at: int = 0
    """The district that an official with several has chosen to work in; it grants no right."""

    def has(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def districts(self, *roles: Role) -> frozenset[int]:
        """Return the districts in which this actor holds one of these roles."""
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
"""The engineer at the server, who creates the first account without having one."""
