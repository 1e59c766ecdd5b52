"""What acts on the tables of this program: triggers of the migrations, and numbers of new rows.

The database owner can remove a trigger, exchange what it does, or add one of his own that changes
rows whenever the program writes them. A row with the largest number, or a sequence that was moved,
makes every later insert fail, or gives new rows numbers before those of older ones.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection, Integer, Table, func, select, text

from publicmeeting.store.database.tables import TABLES

_KEYS: Mapping[str, tuple[str, ...]] = {
    "account_event": ("id",),
    "cosignature": ("size", "name", "key_id"),
    "custody": ("id",),
    "event": ("id",),
    "log_node": ("level", "number"),
    "public_log": ("seq",),
}
"""Table whose rows never change → its primary key. `security_event` has triggers of its own."""

_OF_EVENT = (
    "id, request_id, order_id, action, role, from_stage, to_stage, account_id, person_id, payload,"
    " note_id, due_at, at"
)
"""All columns of `event` but its tag, which another key of the city changes."""
_BUT_TAGS = {"event": _OF_EVENT, "cosignature": "size, name, key_id, line"}
_FIXED = ("id", "repeats", "kind", "who", "address", "device", "what", "at")
_GROWS = "NEW.count > OLD.count AND NEW.last_at >= OLD.last_at"
_FILES = ("web", "thumb", "original_file")
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'append-only'); END"


def _on_sqlite() -> dict[tuple[str, str], object]:
    """Return (table, trigger) → its statement, by the newest migration."""
    found = {}
    for table, keys in _KEYS.items():
        columns = f" OF {_BUT_TAGS[table]}" if table in _BUT_TAGS else ""
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        there = " ".join(("EXISTS (SELECT 1 FROM", table, "WHERE", f"{same})"))
        found[table, f"{table}_no_update"] = f"BEFORE UPDATE{columns} ON {table} {_REFUSE}"
        found[table, f"{table}_no_delete"] = f"BEFORE DELETE ON {table} {_REFUSE}"
        found[table, f"{table}_no_replace"] = f"BEFORE INSERT ON {table} WHEN {there} {_REFUSE}"
    same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _FIXED)
    old = "OLD.last_at >= strftime('%Y-%m-%d %H:%M:%S', 'now', '-90 days')"
    there = "EXISTS (SELECT 1 FROM security_event WHERE id = NEW.id OR repeats = NEW.repeats)"
    table, on = "security_event", "ON security_event WHEN"
    found[table, f"{table}_grows"] = f"BEFORE UPDATE {on} NOT ({same} AND {_GROWS}) {_REFUSE}"
    found[table, f"{table}_stays"] = f"BEFORE DELETE {on} {old} {_REFUSE}"
    found[table, f"{table}_no_replace"] = f"BEFORE INSERT {on} {there} {_REFUSE}"
    dropped = " ".join(
        f"INSERT OR IGNORE INTO dropped_file SELECT OLD.{name} WHERE OLD.{name} <> '';"
        for name in _FILES
    )
    found["image", "image_dropped"] = f"AFTER DELETE ON image BEGIN {dropped} END"
    return {where: _plain(f"CREATE TRIGGER {where[1]} {rest}") for where, rest in found.items()}


_ROW, _STATEMENT, _AFTER_DELETE = 27, 34, 9
"""`tgtype`: before update or delete of a row, before a truncate, after a row's delete."""


def _on_postgresql() -> dict[tuple[str, str], object]:
    """Return (table, trigger) → function, type and the columns it looks at, by their numbers."""
    found = dict[tuple[str, str], object]()
    for table in _KEYS:
        count = _BUT_TAGS.get(table, "").count(",") + 1
        columns = " ".join(map(str, range(1, count + 1))) if table in _BUT_TAGS else ""
        found[table, f"{table}_only_grows"] = ("only_grows", _ROW, columns)
    for table in (*_KEYS, "security_event"):
        found[table, f"{table}_never_emptied"] = ("only_grows", _STATEMENT, "")
    grows = "security_event_grows"
    found["security_event", grows] = (grows, _ROW, "")
    found["image", "image_dropped"] = ("remember_dropped_files", _AFTER_DELETE, "")
    return found


def _functions() -> dict[str, str]:
    refuse = "USING ERRCODE = 'integrity_constraint_violation';"
    same = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _FIXED)
    dropped = " ".join(
        f"INSERT INTO dropped_file SELECT OLD.{name} WHERE OLD.{name} <> '' ON CONFLICT DO NOTHING;"
        for name in _FILES
    )
    bodies = {
        "only_grows": f"BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME {refuse} END",
        "remember_dropped_files": f"BEGIN {dropped} RETURN NULL; END",
        "security_event_grows": (
            f"BEGIN IF TG_OP = 'UPDATE' AND {same} AND {_GROWS} THEN RETURN NEW; END IF;"
            " IF TG_OP = 'DELETE' AND OLD.last_at < now() - interval '90 days' THEN RETURN OLD;"
            f" END IF; RAISE EXCEPTION 'security_event is append-only' {refuse} END"
        ),
    }
    return {name: _plain(body) for name, body in bodies.items()}


_TRIGGERS_OF_SQLITE = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
_TRIGGERS_OF_POSTGRESQL = text(
    "SELECT t.tgname, c.relname, p.proname, t.tgtype, t.tgattr::text,"
    " t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgnargs = 0"
    " AND n.nspname = current_schema()"
    " AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')"
    " AND NOT p.prosecdef AND p.proconfig IS NULL, p.prosrc"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
    " JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
)
_OTHERS_OF_POSTGRESQL = text(
    "WITH own AS (SELECT oid, relname, relrowsecurity, relpersistence FROM pg_class"
    " WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace)"
    " SELECT relname, 'the rule ' || rulename FROM pg_rewrite JOIN own ON own.oid = ev_class"
    " UNION ALL SELECT relname, 'the policy ' || polname FROM pg_policy"
    " JOIN own ON own.oid = polrelid"
    " UNION ALL SELECT relname, 'row-level security' FROM own WHERE relrowsecurity"
    " UNION ALL SELECT relname, 'the setting UNLOGGED' FROM own WHERE relpersistence <> 'p'"
    " UNION ALL SELECT relname, 'the table ' || inhrelid::regclass::text FROM pg_inherits"
    " JOIN own ON own.oid = inhparent"
    " UNION ALL SELECT relname, 'the constraint ' || conname FROM pg_constraint"
    " JOIN own ON own.oid = conrelid WHERE contype NOT IN ('p', 'u', 'f', 'n')"
    " UNION ALL SELECT own.relname, 'the schema ' || nspname FROM pg_class c"
    " JOIN own ON own.relname = c.relname AND own.oid <> c.oid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'"
)
"""What else can hide rows from the program, or show it others."""


def trigger_faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (table, fault) of everything that acts on its rows otherwise than the migrations made.

    What somebody has added to a database beside these tables is not looked at.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    wanted = _on_sqlite() if is_sqlite else _on_postgresql()
    found = _of_sqlite(connection) if is_sqlite else _of_postgresql(connection)
    for (table, name), definition in sorted(wanted.items()):
        if (table, name) not in found:
            yield table, f"its trigger {name} is gone"
        elif found[table, name] != definition:
            yield table, f"its trigger {name} is switched off, or does something else"
    for table, name in sorted(found.keys() - wanted.keys()):
        if table in TABLES:
            yield table, f"the trigger {name} acts on it, and is not of this program"
    others = () if is_sqlite else sorted(map(tuple, connection.execute(_OTHERS_OF_POSTGRESQL)))
    for table, what in others:
        if table in TABLES:
            yield table, f"{what} acts on it, and is not of this program"


def _of_sqlite(connection: Connection) -> dict[tuple[str, str], object]:
    rows = connection.execute(_TRIGGERS_OF_SQLITE)
    return {(table, name): _plain(written) for name, table, written in rows}


def _of_postgresql(connection: Connection) -> dict[tuple[str, str], object]:
    """Return (table, trigger) → its definition; none if its function does something else."""
    bodies, found = _functions(), dict[tuple[str, str], object]()
    for name, table, function, kind, columns, is_plain, body in connection.execute(
        _TRIGGERS_OF_POSTGRESQL
    ):
        is_same = is_plain and bodies.get(function) == _plain(body)
        found[table, name] = (function, kind, columns) if is_same else None
    return found


def _plain(written: str) -> str:
    return " ".join(written.split())


LARGEST = 2_000_000_000
"""No city reaches it; the last number that PostgreSQL gives is 2,147,483,647."""

_OF_THE_PROGRAM = {"log_head"}
"""Tables whose numbers the program chooses."""

_SEQUENCE = text(
    "SELECT s.seqrelid::regclass::text, coalesce(pg_sequence_last_value(s.seqrelid), 0)"
    " FROM pg_sequence s JOIN pg_attribute a ON a.attrelid = CAST(CAST(:table AS text) AS regclass)"
    " AND a.attname = 'id' JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE s.seqrelid = pg_get_serial_sequence(CAST(:table AS text), 'id')::regclass"
    " AND s.seqincrement = 1 AND s.seqmin = 1 AND s.seqmax > :largest AND NOT s.seqcycle"
    " AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.seqrelid::regclass)"
)


def number_faults(connection: Connection, but: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (table, fault) of each table in which a new row would get no number, or a wrong one.

    `but` are tables that differ from those of this release.
    """
    for name, table in TABLES.items():
        if name not in but and _is_numbered(table):
            newest = connection.execute(select(func.max(table.c.id))).scalar() or 0
            if newest > LARGEST:
                yield name, f"delete its row {newest}: no row can have a number after it"
            elif connection.dialect.name == "postgresql":
                yield from _of_sequence(connection, name, newest)


def _is_numbered(table: Table) -> bool:
    names = [column.name for column in table.primary_key]
    return (
        names == ["id"]
        and isinstance(table.c.id.type, Integer)
        and table.name not in _OF_THE_PROGRAM
    )


def _of_sequence(connection: Connection, table: str, newest: int) -> Iterator[tuple[str, str]]:
    sequence = connection.execute(_SEQUENCE, {"table": table, "largest": LARGEST}).first()
    if sequence is None:
        yield table, "its numbers do not come from the sequence that the migrations made"
    elif not newest <= sequence[1] <= LARGEST:
        name, wanted = sequence[0], max(newest, 1)
        yield table, f"its next number is wrong: SELECT setval('{name}', {wanted})"
