"""The small city of the tests: a few districts with units, first rules, accounts of each role."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from publicmeeting.application import Application
from publicmeeting.domain.roles import COMMAND_LINE, Actor
from publicmeeting.live.pubsub import PubSub
from publicmeeting.media.files import Files, FolderStore
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.store.unit_of_work import Store
from publicmeeting.usecases.accounts.staff_accounts import AddAccount, add_account, hash_password
from publicmeeting.usecases.districts.founding import Found, found_city
from support.clock import SATURDAY, FixedClock
from support.witness_keys import ORGANISATIONS, key_of

KEY = b"k" * 32
PASSWORD = "a password of tests"
SEATS = tuple(f"{hour:02d}:{minute:02d}" for hour in (9, 10) for minute in (0, 15, 30, 45))

WHOLE = tuple(range(1, 23))
FEW = (4, 6)
"""Districts of the ordinary test city: two, so that a week of the whole city is simulated quickly.
District 6 has all accounts."""
THREE = (4, 5, 6)
"""Districts for tests that need several other districts, or count statements per district."""

WITNESSES = tuple((party, org, key_of(party).vkey, "") for party, org in ORGANISATIONS.items())
"""The witnesses as the rules name them; `support.witnesses` acts for them."""

ACCOUNTS: dict[str, tuple[tuple[str, int | None, str | None], ...]] = {
    "desk": (("desk", 6, None),),
    "second_desk": (("desk", 6, None),),
    "desk4": (("desk", 4, None),),
    "reception": (("reception", 6, None),),
    "technical": (("unit", None, "d06-technical"),),
    "services": (("unit", None, "d06-urban_services"),),
    "mayor": (("mayor", 6, None),),
    "deputy": (("deputy", 6, None),),
    "mayor4": (("mayor", 4, None),),
    "deputy4": (("deputy", 4, None),),
    "overseer": (("overseer", None, None),),
    "administrator": (("administrator", None, None),),
    "phone": (("phone", None, None),),
}
"""User name → role, district and unit of each grant."""


def open_application(url: str, folder: Path, clock: FixedClock) -> Application:
    """Return an application over this database with real parts, except for the phone."""
    store = Store(url, KEY)
    _share_statements(store.engine)
    files = Files(FolderStore(folder.parent), store.vault)
    return Application(store, DemoPhone(), files, PubSub(), clock)


_first_engine: dict[str, Engine] = {}


def _share_statements(engine: Engine) -> None:
    """Let this engine use the dialect and the compiled statements of the first engine of its kind.

    SQLAlchemy caches both with the engine, and every test has new engines of the same tables.
    """
    first = _first_engine.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine.connect().close()  # the first connection tells the dialect about its server
        return
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache


def found(
    url: str, folder: Path, districts: tuple[int, ...] = FEW, seats: tuple[str, ...] = SEATS
) -> None:
    """Found the city in an empty, migrated database: districts, rules, witnesses and accounts."""
    clock = FixedClock(SATURDAY)
    application = open_application(url, folder, clock)
    halls = tuple((n, f"خیابان {n}", "تالار", "شهردار", seats) for n in districts)
    facts = Found(districts=halls, rules_from=date(2025, 12, 29), witnesses=WITNESSES)
    application.execute_as(COMMAND_LINE, found_city, facts)
    password = hash_password(PASSWORD)
    for username, roles in ACCOUNTS.items():
        account = AddAccount(username=username, name=username, password_hash=password, roles=roles)
        application.execute_as(COMMAND_LINE, add_account, account)
    application.store.close()


def add_official(
    application: Application,
    username: str,
    *roles: tuple[str, int | None, str | None],
    name: str = "",
) -> None:
    """Add an official, who signs in with `PASSWORD`; each role has its district and unit."""
    command = AddAccount(
        username=username,
        name=name or username,
        password_hash=hash_password(PASSWORD),
        roles=roles,
    )
    application.execute_as(COMMAND_LINE, add_account, command)


def found_and_open(url: str, folder: Path, districts: tuple[int, ...] = FEW) -> None:
    """Found the city and run the clock once, so that the coming Mondays are open."""
    found(url, folder, districts)
    application = open_application(url, folder, FixedClock(SATURDAY))
    application.worker.tick()
    application.store.close()


class City:
    """The accounts of a founded city, as actors."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._actors: dict[str, Actor] = {}

    def as_(self, username: str) -> Actor:
        """Return the actor of an account of `ACCOUNTS`, for example `as_("desk")`."""
        if username not in self._actors:
            with self.application.store.unit_of_work(self.application.clock(), reading=True) as uow:
                account = uow.accounts.by_username(username)
            assert account is not None, username
            self._actors[username] = Actor(
                account_id=account.id, name=account.name, grants=account.grants
            )
        return self._actors[username]
