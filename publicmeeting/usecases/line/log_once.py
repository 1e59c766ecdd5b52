"""Log entries that exist at most once for a draw or Monday."""

from datetime import datetime

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry


def append_once(uow: UnitOfWork, kind: Kind, body: dict[str, object], now: datetime) -> Entry:
    """Append the one entry of this kind about its draw or Monday.

    Raises RuntimeError if the log already has it although no row does. That is so after a restore
    whose entries could not be repeated (`worker/recovery.py`). A second entry would be a permanent
    fault of the city.
    """
    about = str(body.get("draw") or body["monday"])
    if uow.log_index.seq_of(kind, about) is not None:
        msg = f"{kind.value} of {about} is in the log already, and in no row"
        raise RuntimeError(msg)
    return uow.log.append(kind, body, now)
