"""The public log without its triggers, as the database owner can have it."""

from sqlalchemy import text

from publicmeeting.store.unit_of_work import UnitOfWork


def drop_triggers(uow: UnitOfWork) -> None:
    if uow.connection.dialect.name == "postgresql":
        uow.connection.execute(text("ALTER TABLE public_log DISABLE TRIGGER USER"))
        return
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'public_log'"
    for (name,) in uow.connection.execute(text(query)).all():
        uow.connection.execute(text(f"DROP TRIGGER {name}"))
