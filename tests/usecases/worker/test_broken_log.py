"""A log whose end or whose tree is damaged stops what needs it, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from support.each import in_one_city
from support.line import Line
from support.triggers import change_past_the_program

from publicmeeting.domain.errors import Unavailable
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.usecases.oversight.books import _findings as findings
from publicmeeting.usecases.oversight.books import log_holds

DAMAGES = (
    "DELETE FROM log_head",
    "UPDATE log_head SET edge = :cell",
    "UPDATE log_head SET seq = -1",
    "UPDATE log_head SET key = 'zzz'",
)
KEPT = text("SELECT * FROM log_head")


@pytest.mark.on_postgresql
@in_one_city("damage", DAMAGES)
def test_messages_and_the_clock_go_on_without_the_end_of_the_log(line: Line, damage: str) -> None:
    citizens = line.file(2, accepted=False)
    engine, phone = line.city.application.store.engine, line.city.application.phone
    assert isinstance(phone, DemoPhone)
    before = len(phone.sent)
    with engine.connect() as connection:
        row = dict(connection.execute(KEPT).mappings().one())
    change_past_the_program(engine, damage, **({"cell": b"\x01"} if ":cell" in damage else {}))
    line.clock.set(line.clock.now + timedelta(minutes=1))
    line.worker._note_and_run_due()
    line.worker.send()
    sent = [words for _, words in list(phone.sent)[before:]]
    assert len(sent) == len(citizens)
    assert all("در صفحهٔ شما" in words for words in sent), "in place of the mark of the log"
    with line.reading() as uow:
        assert uow.log.is_behind()
        assert list(findings(log_holds, uow, line.clock.now))
        with pytest.raises(Unavailable, match="log_behind"):
            uow.log.head()
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM log_head"))
        connection.execute(text(f"INSERT INTO log_head ({columns}) VALUES ({values})"), row)
