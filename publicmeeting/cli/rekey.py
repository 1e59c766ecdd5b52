"""`rekey`: another master key for everything that is sealed; safe to repeat after a crash.

First every original is sealed under the new key beside the old one, then the database in one
transaction, then the old originals go. Until that transaction ends the old key opens everything;
from then on the new one does.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from publicmeeting.cli.lock import no_server
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, master_key, next_key, settings, take_next_key

if TYPE_CHECKING:
    from publicmeeting.store.unit import Store
    from publicmeeting.store.vault import Vault

Say = Callable[[str], None]


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("rekey", help="seal everything under another master key")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    with no_server(settings(), "changing the key"):
        change_key(settings(), lambda progress: print(f"  {progress}", flush=True))
    print("Everything opens with the new key.")
    if settings().secret is not None:
        print("Set PUBLICMEETING_SECRET to it before the next start, and take away")
        print("PUBLICMEETING_SECRET_NEXT. Keep the old key for as long as old backups are kept.")


def change_key(settings: Settings, say: Say) -> None:
    """Raises `StopError` when the tables are old, the old key is wrong, or something does not open;
    nothing has been lost then."""
    from publicmeeting.media.originals import Originals
    from publicmeeting.store.migrate import needs_upgrade
    from publicmeeting.store.unit import Store
    from publicmeeting.store.vault import Vault

    if needs_upgrade(settings):
        raise StopError("The tables are not those of this program: run the migrate command first.")
    old, new = master_key(settings), next_key(settings)
    if old == new:
        raise StopError("The next key is the old one: name another in PUBLICMEETING_SECRET_NEXT.")
    store, folder = Store(settings.database_url, old), settings.data_dir / "originals"
    try:
        _database(store, Vault(new), folder, say)
    finally:
        store.close()
    gone = Originals(folder, store.vault).leave_to(Originals(folder, Vault(new)))
    say(f"originals under the old key: {gone} deleted")
    take_next_key(settings)


def _database(store: "Store", new: "Vault", folder: Path, say: Say) -> None:
    from publicmeeting.media.originals import Originals
    from publicmeeting.store.keys import is_right_key, opened_by
    from publicmeeting.store.rekey import pins_of, rekey
    from publicmeeting.store.vault import WrongKey

    if opened_by(store, new):
        say("database: done before")
        return
    if not is_right_key(store):
        raise StopError(
            "PUBLICMEETING_SECRET does not open this database: set it to the key it was sealed "
            "with. Nothing was changed."
        )
    try:
        say(f"originals: {Originals(folder, store.vault).reseal(Originals(folder, new))} sealed")
        pins = pins_of(store)
        say(f"PINs: {len(pins)} found again")
        rekey(store, new, pins)
    except WrongKey as fault:
        raise StopError(
            f"A value of {fault} does not open: see what doctor says. Nothing was changed."
        ) from None
    except KeyError as fault:
        raise StopError(
            f"The original {fault} does not open: see what doctor says. Nothing was changed."
        ) from None
    say("database: sealed")
