"""`rekey`: replaces the master key of everything that is sealed; safe to repeat after a crash.

Every file is sealed with the new key beside the old version, then the database in one transaction,
then the old files are deleted. Until that transaction ends the old key opens everything, afterwards
the new one.
"""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from publicmeeting.cli.machine.lock import no_server, tables_lock
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, master_key, next_key, settings, take_next_key

if TYPE_CHECKING:
    from publicmeeting.media.files import Files
    from publicmeeting.store.database.vault import Vault
    from publicmeeting.store.unit_of_work import Store

Show = Callable[[str], None]


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("rekey", help="seal everything under another master key")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    with no_server(settings(), "changing the key"), tables_lock(settings()):
        try:
            change_key(settings(), lambda progress: print(f"  {progress}", flush=True))
        except (KeyboardInterrupt, BrokenPipeError):  # as after Ctrl-C, or `| head`
            print("Interrupted: run rekey again with both keys as they are.", file=sys.stderr)
            raise
    print("Everything opens with the new key.")
    if settings().next_secret is not None:  # else the key is a file, which is the new one by now
        print("Set PUBLICMEETING_SECRET to it before the next start, and take away")
        print("PUBLICMEETING_SECRET_NEXT. Keep the old key for as long as old backups are kept.")


def change_key(settings: Settings, show: Show) -> None:
    """Change the key; raises StopError for old tables, a wrong key, or data that cannot be opened.

    No data are lost then.
    """
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.media.files import Files, open_store
    from publicmeeting.store.database.migrate import needs_upgrade
    from publicmeeting.store.database.vault import Vault
    from publicmeeting.store.unit_of_work import Store

    if needs_upgrade(settings):
        raise StopError("The tables are not those of this program: run the migrate command first.")
    old, new = master_key(settings), next_key(settings)
    if old == new:
        raise StopError("The next key is the old one: name another in PUBLICMEETING_SECRET_NEXT.")
    store, objects = Store(settings.database_url, old), open_store(settings.data_dir, settings.s3)
    files, following = Files(objects, store.vault), Files(objects, Vault(new))
    try:
        _database(store, Vault(new), files, following, show)
    finally:
        store.close()
    pairs = zip(files.all, following.all, strict=True)
    show(f"files under the old key: {sum(old.leave_to(new) for old, new in pairs)} deleted")
    today = utc_now().date()
    if strange := sum(storage.discard_unopened(today) for storage in following.all):
        show(f"files that neither key opens, as of an unfinished rekey: {strange} into the trash")
    take_next_key(settings)


def _database(store: "Store", new: "Vault", files: "Files", following: "Files", show: Show) -> None:
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.store.database.vault import WrongKey
    from publicmeeting.store.rekey import is_right_key, opened_by, pins_of, rekey
    from publicmeeting.usecases.oversight.installation import pairing

    if opened_by(store, new):
        show("database: done before")
        return
    if not is_right_key(store):
        raise StopError(
            "PUBLICMEETING_SECRET does not open this database: set it to the key it was sealed "
            "with. If rekey was interrupted, PUBLICMEETING_SECRET_NEXT is the same as then. "
            "Nothing was changed."
        )
    if not pairing(store, files, utc_now()).may_serve:
        raise StopError(
            "The files are not known to be those of this database: run the migrate command first. "
            "Nothing was changed."
        )
    try:
        pairs = zip(files.all, following.all, strict=True)
        show(f"files: {sum(old.reseal(new) for old, new in pairs)} sealed")
        pins = pins_of(store)
        show(f"PINs: {len(pins)} found again")
        rekey(store, new, pins)
    except WrongKey as fault:
        raise StopError(
            f"A value of {fault} does not open: see what doctor says. Nothing was changed."
        ) from None
    except KeyError as fault:
        raise StopError(
            f"The file {fault} does not open: see what doctor says. Nothing was changed."
        ) from None
    show("database: sealed")
