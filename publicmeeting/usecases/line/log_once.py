"""Entries of which the public log has one for each draw or Monday."""

from datetime import datetime

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry


def append_once(uow: UnitOfWork, kind: Kind, body: dict[str, object], now: datetime) -> Entry:
    """Append the one entry of this kind about its draw or Monday.

    RuntimeError where the log has it already though no row says so, as after a restore whose
    entries could not be done again (`worker.recovery`): a second one would accuse the city for
    ever.
    """
    about = str(body.get("draw") or body["monday"])
    if uow.log_index.seq_of(kind, about) is not None:
        msg = f"{kind.value} of {about} is in the log already, and in no row"
        raise RuntimeError(msg)
    return uow.log.append(kind, body, now)
