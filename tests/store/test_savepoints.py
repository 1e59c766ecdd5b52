"""What a failed step has written is gone, however it was written."""

from contextlib import suppress
from datetime import datetime

import pytest
from sqlmodel import select

from publicmeeting.application import Application
from publicmeeting.store.database.repository import write
from publicmeeting.store.database.rows.people import DraftRow


class _FaultError(Exception):
    """What ends a step."""


def _draft(key: str, at: datetime) -> dict[str, object]:
    row = {"id": key, "visit": key, "fields": b"", "updated_at": at}
    return {**row, "signed_in": False, "is_asked": False}


@pytest.mark.on_postgresql
def test_a_row_written_by_columns_ends_with_its_savepoint(application: Application) -> None:
    now = application.clock()
    with application.store.unit_of_work(now) as uow:
        write(uow, DraftRow, _draft("before", now))
        with uow.savepoint():
            write(uow, DraftRow, _draft("done", now))
        with suppress(_FaultError), uow.savepoint():
            write(uow, DraftRow, _draft("undone", now))
            raise _FaultError
    with application.store.unit_of_work(now, reading=True) as uow:
        assert set(uow.session.exec(select(DraftRow.id))) == {"before", "done"}
