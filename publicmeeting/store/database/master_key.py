"""Whether the master key at hand is the one a database was sealed with."""

from publicmeeting.kit.clock import utc_now
from publicmeeting.store.database.vault import Vault, WrongKey
from publicmeeting.store.unit_of_work import Store

KEY_CHECK = "key_check"


def is_right_key(store: Store) -> bool:
    """Whether this key is not known to be a wrong one; writes nothing."""
    with store.unit_of_work(utc_now(), reading=True) as uow:
        return uow.clockwork.get(KEY_CHECK) in {None, store.vault.check}


def opened_by(store: Store, vault: Vault) -> bool:
    """Whether the database is known to be sealed with this other key by now."""
    with store.unit_of_work(utc_now(), reading=True) as uow:
        return uow.clockwork.get(KEY_CHECK) == vault.check


def check_key(store: Store) -> None:
    """Remember the key's check value at first use; `WrongKey` when it is another one later."""
    with store.unit_of_work(utc_now()) as uow:
        known = uow.clockwork.get(KEY_CHECK)
        if known is None:
            uow.clockwork.put(KEY_CHECK, store.vault.check)
        elif known != store.vault.check:
            raise WrongKey(KEY_CHECK)
