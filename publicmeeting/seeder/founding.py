"""Founding of the demo city: districts, units, accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from publicmeeting.application import Application
from publicmeeting.domain.districts.city import UNIT_KINDS
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.kit import randomness
from publicmeeting.kit.digits import persian
from publicmeeting.seeder.people import HALLS, MAYORS, STREETS
from publicmeeting.seeder.plan import Scope
from publicmeeting.turns.tree.checkpoint import city_key, log_origin
from publicmeeting.turns.tree.note import SEED
from publicmeeting.usecases.accounts.staff_accounts import AddAccount, add_account, hash_password
from publicmeeting.usecases.districts.founding import Found, found_city
from publicmeeting.worker.demo import DEMO_WITNESSES

PASSWORD = "shahr-e-farang"  # noqa: S105  (shown on the demo's own screen)
SEATS = ("09:00", "09:15", "09:30", "09:45")
TELEPHONE = "phone1"
_Roles = tuple[tuple[str, int | None, str | None], ...]
_Adds = Callable[[str, str, _Roles], Actor]
FOUNDER = Actor(name="founder", grants=(Grant(Role.ADMINISTRATOR),))


@dataclass(frozen=True, slots=True)
class Staff:
    """Officials of the city by role and district."""

    by: dict[tuple[Role, int], Actor]
    second_desk: dict[int, Actor]

    @property
    def districts(self) -> tuple[int, ...]:
        return tuple(sorted(number for role, number in self.by if role is Role.RECEPTION))

    def of(self, role: Role, district: int) -> Actor:
        return self.by[role, district]


def found(
    application: Application,
    scope: Scope,
    seats: tuple[str, ...] = SEATS,
    rules_from: date | None = None,
) -> Staff:
    """Found the districts with these seats a Monday, their units and officials."""
    origin = log_origin(application.host)
    reserve = bytes.fromhex(randomness.hex_digits(2 * SEED))  # the demo needs no paper copy of it
    districts = tuple(
        (n, STREETS[n], HALLS[n % len(HALLS)], MAYORS[n - 1], seats) for n in scope.districts
    )
    application.execute_as(
        FOUNDER,
        found_city,
        Found(
            districts=districts,
            rules_from=rules_from or scope.first,
            origin=origin,
            reserve=city_key(origin, reserve).vkey,
            witnesses=tuple(witness.rule for witness in DEMO_WITNESSES),
        ),
    )
    add = partial(
        _add, application, hash_password(PASSWORD)
    )  # one for all: the demo's screen shows it anyway
    by: dict[tuple[Role, int], Actor] = {}
    for n in scope.districts:
        by[Role.DESK, n] = _account(add, f"desk{n}", "کارشناس میز خدمت", n, Role.DESK)
        by[Role.RECEPTION, n] = _account(add, f"reception{n}", "مسئول پذیرش", n, Role.RECEPTION)
        by[Role.MAYOR, n] = _account(add, f"mayor{n}", MAYORS[n - 1], n, Role.MAYOR)
        if n in scope.busy:
            by[Role.DEPUTY, n] = _account(add, f"deputy{n}", "جانشین شهردار", n, Role.DEPUTY)
        by[Role.UNIT, n] = _units(add, n, busy=n in scope.busy)
    second = {n: _account(add, f"desk{n}b", "کارشناس دوم", n, Role.DESK) for n in scope.busy}
    for name, role in _CITY_ACCOUNTS:
        add(name, _CITY[role], ((role.value, None, None),))
    return Staff(by, second)


def add_telephones(application: Application) -> None:
    """Add the officers of 137, who have no district."""
    hashed = hash_password(PASSWORD)
    for name in TELEPHONES:
        _add(application, hashed, name, _CITY[Role.PHONE], ((Role.PHONE.value, None, None),))


_CITY = {Role.OVERSEER: "ناظر شهر", Role.ADMINISTRATOR: "مدیر سامانه", Role.PHONE: "کارشناس ۱۳۷"}
_CITY_ACCOUNTS = (("overseer", Role.OVERSEER), ("admin", Role.ADMINISTRATOR))
TELEPHONES = (TELEPHONE, "phone2")


def _account(add: _Adds, username: str, name: str, district: int, role: Role) -> Actor:
    return add(username, name, ((role.value, district, None),))


def _units(add: _Adds, district: int, *, busy: bool) -> Actor:
    """Add one officer for all units of a district.

    A busy district also has one for each of the first four units.
    """
    units = tuple(
        (Role.UNIT.value, district, f"d{district:02d}-{kind.code}") for kind in UNIT_KINDS
    )
    if busy:
        for kind in UNIT_KINDS[:4]:
            name = f"{kind.name}، منطقهٔ {persian(district)}"
            grant = (Role.UNIT.value, district, f"d{district:02d}-{kind.code}")
            add(f"{kind.code.replace('_', '-')}{district}", name, (grant,))
    return add(f"unit{district}", f"واحدهای منطقهٔ {persian(district)}", units)


def _add(application: Application, password: str, username: str, name: str, roles: _Roles) -> Actor:
    command = AddAccount(username=username, name=name, password_hash=password, roles=roles)
    account = application.execute_as(FOUNDER, add_account, command)
    return Actor(account_id=account.id, name=account.name, grants=account.grants)
