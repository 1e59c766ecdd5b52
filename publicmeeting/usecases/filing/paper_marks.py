"""What paper shows of the public log: enough to find the signed receipt, and its key."""

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import LogMark
from publicmeeting.turns.note import Key
from publicmeeting.turns.receipt import PaperMark


def paper_mark(uow: UnitOfWork, ticket: str) -> PaperMark:
    """As of the newest entry about a ticket; of the log itself where there is none."""
    seq = uow.log_index.last_seq(ticket)
    return signed_mark(uow, uow.log.head() if seq is None else uow.log.mark(seq))


def signed_mark(uow: UnitOfWork, mark: LogMark) -> PaperMark:
    """The mark with the city's key of today."""
    daily = uow.log.keys().daily
    return PaperMark(mark, Key.read(daily).id.hex() if daily else "")
