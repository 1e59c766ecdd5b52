"""Where the city's tables would make another list than the log: the log decides, and says so."""

from collections.abc import Sequence
from datetime import datetime

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.pool import Row


def log_difference(
    uow: UnitOfWork, draw: Draw, rows: Sequence[Row], filed_before: datetime, now: datetime
) -> None:
    """One entry `books_differ` with a published report, if the tables say anything else than `rows`
    of a list that is being fixed."""
    by_log = {row.ticket: row.text for row in rows}
    pool = uow.draws.pool(draw.district, draw.monday, filed_before)
    by_tables = {ticket: text for _, ticket, text in pool}
    if by_log == by_tables:
        return
    tickets = sorted({*by_log} | {*by_tables})
    differing = [
        {"log": by_log.get(one, ""), "tables": by_tables.get(one, ""), "ticket": one}
        for one in tickets
        if by_log.get(one) != by_tables.get(one)
    ]
    report = uow.log.put_report(canonical_json({"draw": draw.id, "rows": differing}))
    uow.log.append(Kind.BOOKS_DIFFER, {"draw": draw.id, "report": report}, now)
