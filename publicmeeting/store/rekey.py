"""Change the master key: open everything with the old key and seal it with the new one.

It is one transaction that also replaces the key's check value. If the process dies, the database is
unchanged and the old key opens it. Short-lived data that cannot be converted is deleted: one-time
codes, pending sign-ons, rate limit counters, remembered browsers, permissions to track a case.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import SQLModel, col, delete, select, update

from publicmeeting.domain.matter import WRITTEN
from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.domain.roles import MEETING
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.accounts.accounts import read_state
from publicmeeting.store.accounts.decisions import is_open
from publicmeeting.store.accounts.people import NO_IDENTITY
from publicmeeting.store.accounts.row_tags import TAGGED, account_tag, row_tag
from publicmeeting.store.database.repository import write
from publicmeeting.store.database.rows.cases import (
    ImageRow,
    LaneAskRow,
    MarkRow,
    NoteRow,
    OrderRow,
    RequestRow,
    SignatureRow,
    TemplateRow,
)
from publicmeeting.store.database.rows.city import DistrictTextRow, LogHeadRow, SecretRow
from publicmeeting.store.database.rows.doors import (
    AccountDecisionRow,
    InvitationRow,
    PasskeyChallengeRow,
    PasskeyRow,
    RecoveryCodeRow,
    RememberedDeviceRow,
    SsoAttemptRow,
    TotpRow,
)
from publicmeeting.store.database.rows.people import (
    AccountRow,
    CodeRow,
    DraftRow,
    GrantRow,
    PersonRow,
    RateRow,
    SessionRow,
    TrackRow,
)
from publicmeeting.store.database.vault import UNREADABLE, Vault, WrongKey
from publicmeeting.store.districts.city import retag_places
from publicmeeting.store.facts import KEY_CHECK, PAPER_KEY, PAPER_PLACE
from publicmeeting.store.lifecycle.delays import retag_delays
from publicmeeting.store.lifecycle.event_tags import retag_events
from publicmeeting.store.line.lanes.judge_tags import retag_judges
from publicmeeting.store.orders.papers import FORM, PARTS, draft_key
from publicmeeting.store.public_record.cosignatures import retag_lines
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.store.worker.marks import retag_marks


def is_right_key(store: Store) -> bool:
    """Whether the key matches the stored check value, or none is stored; writes nothing."""
    with store.unit_of_work(utc_now(), reading=True) as uow:
        return uow.facts.key_check() in {None, store.vault.check}


def opened_by(store: Store, vault: Vault) -> bool:
    """Whether the database is sealed with this other key now."""
    with store.unit_of_work(utc_now(), reading=True) as uow:
        return uow.facts.key_check() == vault.check


def check_key(store: Store) -> None:
    """Store the key's check value at first use; raise `WrongKey` if it differs later."""
    with store.unit_of_work(utc_now()) as uow:
        if uow.facts.put_first_key_check(store.vault.check) != store.vault.check:
            raise WrongKey(KEY_CHECK)


SEALED: tuple[tuple[type[SQLModel], str, tuple[str, ...]], ...] = (
    (PersonRow, "id", ("identity", "name", "mobile")),
    (SessionRow, "id", ("mobile", "proof")),
    (PasskeyRow, "id", ()),
    (InvitationRow, "id", ()),
    (RecoveryCodeRow, "id", ()),
    (AccountDecisionRow, "id", ()),
    (AccountRow, "id", ("mobile",)),
    (TotpRow, "account_id", ("secret",)),
    (RequestRow, "id", (*(field.name for field in WRITTEN), "salt", "needs", "lane")),
    (LaneAskRow, "id", ("lane",)),
    (NoteRow, "id", ("text",)),
    (OrderRow, "id", ("text", "promise")),
    (DraftRow, "id", ("fields",)),
    (SignatureRow, "account_id", ("ink",)),
    (TemplateRow, "id", ("title", "text")),
    (LogHeadRow, "id", ("seed",)),
    (DistrictTextRow, "id", ()),
    (ImageRow, "id", ()),
)
"""Table, the column a value is bound to, and its sealed columns (none if only a tag is renewed).

The city's draw secrets are handled separately, because they have their own key.
"""

_SHORT_LIVED = (
    CodeRow,
    RateRow,
    SsoAttemptRow,
    PasskeyChallengeRow,
    RememberedDeviceRow,
    TrackRow,
)

_AT_ONCE = 500
_PINS = 10**6

Row = Mapping[str, Any]
Change = Callable[[Row], dict[str, Any]]


def rekey(store: Store, new: Vault, pins: Mapping[str, str]) -> None:
    """Seal the whole database for `new`; `pins` is the slow result of `pins_of`.

    Raises `WrongKey`, without changes, if a value does not open with the store's key.
    """
    old = store.vault
    with store.unit_of_work(utc_now(), unhurried=True) as uow:
        if uow.facts.key_check() not in {None, old.check}:
            raise WrongKey(KEY_CHECK)
        for short_lived in _SHORT_LIVED:
            uow.session.connection().execute(delete(short_lived))
        _keep_paper_key(uow, new)
        uow.officer_marks.keep_secret(new)
        _move_unfinished(uow, new)
        accounts = _tagged_accounts(uow)
        for table, key, columns in SEALED:
            _change(uow, table, key, _sealed(old, new, table, key, columns, pins))
        _tag_accounts(uow, new, accounts)
        retag_events(uow, new)
        retag_delays(uow, new)
        retag_judges(uow, new)
        retag_places(uow, new)
        retag_marks(uow, new)
        uow.facts.retag(new)
        retag_lines(uow, new)
        _change(uow, SecretRow, "monday", lambda row: {"value": _secret(old, new, row)})
        _rebuild_marks(uow, new)
        uow.facts.put(KEY_CHECK, new.check)


def damaged(uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Yield (row, fault) of each row that `rekey` would fail on or convert wrongly."""
    for table, key, columns in SEALED:
        for rows in _pages(uow, table, key):
            for row in rows:
                for what in _damage(uow, table, key, columns, row):
                    named = next((row[column] for column in _NAMED_BY if row.get(column)), row[key])
                    yield f"{table.__tablename__} {named}", what
    for rows in _pages(uow, SecretRow, "monday"):
        for row in rows:
            try:
                uow.vault.open_secret(row["monday"].isoformat(), row["value"])
            except UNREADABLE:
                yield f"draw_secret {row['monday']}", "the city's value cannot be opened"


_NAMED_BY = ("code", "number", "username")


def _damage(
    uow: UnitOfWork, table: type[SQLModel], key: str, columns: Sequence[str], row: Row
) -> Iterator[str]:
    vault, plain = uow.vault, dict[str, str]()
    kind = str(table.__tablename__)
    is_checked = kind in TAGGED and row["tag"]
    if table is AccountDecisionRow:
        # Nobody needs the tag once nobody can agree any more.
        is_checked = is_checked and is_open(row["state"], row["proposed_at"], uow.machine_now)
    if is_checked and row["tag"] != row_tag(vault, kind, row):
        yield "was not written so by this program, and opens nothing"
    for name in columns:
        if not row[name] and not table.model_fields[name].is_required():
            continue
        try:
            plain[name] = vault.open(f"{table.__tablename__}.{name}", row[key], row[name])
        except UNREADABLE:
            yield f"its {name} cannot be opened"
    if table is not PersonRow:
        return
    if row["mobile"] is None or "mobile" in plain:
        mobile_hash = vault.lookup("mobile", plain["mobile"]) if "mobile" in plain else None
        if row["mobile_hash"] != mobile_hash:
            yield "is found by a mobile that is not its own"
    if "identity" in plain and row["identity_hash"] != vault.lookup(*_identity_mark(row, plain)):
        yield "is found by an identity that is not its own"


def _identity_mark(row: Row, plain: Mapping[str, str]) -> tuple[str, str]:
    is_gone = row["displaced_at"] is not None
    return (NO_IDENTITY, row["id"]) if is_gone else (row["kind"], plain["identity"])


def pins_of(store: Store) -> dict[str, str]:
    """Return person id → PIN, by trying all PINs against the keyed hashes.

    That takes about a second per person, since there are a million PINs. Raises `WrongKey` if none
    fits.
    """
    with store.unit_of_work(utc_now(), reading=True) as uow:
        rows = uow.session.exec(
            select(PersonRow.id, PersonRow.pin_hash).where(col(PersonRow.pin_hash).is_not(None))
        ).all()
    return {person: _pin(store.vault, person, pin_hash or "") for person, pin_hash in rows}


def _pin(vault: Vault, person: str, pin_hash: str) -> str:
    for number in range(_PINS):
        pin = f"{number:06d}"
        if hmac.compare_digest(vault.lookup("pin", f"{person}/{pin}"), pin_hash):
            return pin
    raise WrongKey("person.pin_hash")


def _sealed(
    old: Vault,
    new: Vault,
    table: type[SQLModel],
    key: str,
    columns: Sequence[str],
    pins: Mapping[str, str],
) -> Change:
    def change(row: Row) -> dict[str, Any]:
        plain = {
            name: old.open(f"{table.__tablename__}.{name}", row[key], row[name])
            for name in columns
            if row[name]  # a draft that was only just begun is empty
        }
        sealed: dict[str, Any] = {
            name: new.seal(f"{table.__tablename__}.{name}", row[key], text)
            for name, text in plain.items()
        }
        if "mobile" in plain and "mobile_hash" in row:
            sealed["mobile_hash"] = new.lookup("mobile", plain["mobile"])
        if "identity" in plain:
            sealed["identity_hash"] = new.lookup(*_identity_mark(row, plain))
        if row.get("pin_hash"):
            person = row[key]
            if old.lookup("pin", f"{person}/{pins.get(person)}") != row["pin_hash"]:
                raise WrongKey("person.pin_hash")
            sealed["pin_hash"] = new.lookup("pin", f"{person}/{pins[person]}")
        kind = str(table.__tablename__)
        if kind in TAGGED and row["tag"] == row_tag(old, kind, row):
            sealed["tag"] = row_tag(new, kind, {**row, **sealed})
        return sealed

    return change


def _tagged_accounts(uow: UnitOfWork) -> list[str]:
    """Ids of the accounts that were not changed past the program."""
    return [account.id for account in uow.accounts.all() if not account.is_changed]


def _tag_accounts(uow: UnitOfWork, new: Vault, ids: Sequence[str]) -> None:
    """Tag these accounts, whose authenticators are sealed for the new key by now."""
    for account_id in ids:
        state = read_state(uow, account_id)
        assert state is not None
        tagged = update(AccountRow).where(col(AccountRow.id) == account_id)
        uow.session.connection().execute(tagged.values(tag=account_tag(new, state)))


def _secret(old: Vault, new: Vault, row: Row) -> bytes:
    name = row["monday"].isoformat()
    return new.seal_secret(name, old.open_secret(name, row["value"]))


def _change(uow: UnitOfWork, table: type[SQLModel], key: str, change: Change) -> None:
    columns = table.__table__  # type: ignore[attr-defined]  # every table has one
    for rows in _pages(uow, table, key):
        for row in rows:
            changed = change(row)
            if changed:
                uow.session.connection().execute(
                    update(columns).where(columns.c[key] == row[key]).values(**changed)
                )


def _pages(uow: UnitOfWork, table: type[SQLModel], key: str) -> Iterator[list[Row]]:
    """Yield all rows in pages, by their key, which is not changed here."""
    columns = table.__table__  # type: ignore[attr-defined]  # every table has one
    uow.session.flush()
    page = select(columns).order_by(columns.c[key]).limit(_AT_ONCE)
    after = page
    while rows := uow.session.connection().execute(after).mappings().all():
        yield [dict(row) for row in rows]
        after = page.where(columns.c[key] > rows[-1][key])


def _rebuild_marks(uow: UnitOfWork, new: Vault) -> None:
    """Rebuild the blind index from the newly sealed texts."""
    uow.session.connection().execute(delete(MarkRow))
    for rows in _pages(uow, RequestRow, "id"):
        for row in rows:
            texts = [
                new.open(f"request.{field.name}", row["id"], row[field.name])
                for field in WRITTEN
                if field.is_searched and row[field.name]
            ]
            marks = new.request_marks(texts, row["code"])
            write(uow, MarkRow, {"request_id": row["id"], "marks": marks})


def _move_unfinished(uow: UnitOfWork, new: Vault) -> None:
    """Move officials' unfinished orders and forms to the ids that the new key produces.

    Drafts whose writer has lost the office cannot be found again, and are deleted.
    """
    loose = uow.session.exec(
        select(DraftRow).where(col(DraftRow.visit).is_(None), col(DraftRow.person_id).is_(None))
    ).all()
    if not loose:
        return
    ids = dict(_unfinished_ids(uow, new))
    for row in loose:
        moved = ids.get(row.id)
        text = uow.vault.open("draft.fields", row.id, row.fields)
        uow.session.delete(row)
        if moved:
            sealed = uow.vault.seal("draft.fields", moved, text)
            uow.session.add(DraftRow(id=moved, fields=sealed, updated_at=row.updated_at))
    uow.session.flush()


def _unfinished_ids(uow: UnitOfWork, new: Vault) -> Iterator[tuple[str, str]]:
    """Yield old id → new id of every possible draft: of a mayor for his visitors, of officials'
    long forms."""
    every = uow.session.exec(select(GrantRow.account_id, GrantRow.district).distinct()).all()
    for account, district in every:
        for form in TypedForm:
            for about in (form.of(), form.of(district or 0)):
                facts = (FORM, account, about)
                yield draft_key(uow.vault, *facts), draft_key(new, *facts)
    writers = uow.session.exec(
        select(GrantRow.account_id, GrantRow.district)
        .where(col(GrantRow.role).in_([role.value for role in MEETING]))
        .distinct()
    ).all()
    for account, district in writers:
        requests = select(RequestRow.id).where(col(RequestRow.district) == district)
        for request in uow.session.exec(requests):
            for part in PARTS:
                facts = (part, account, request)
                yield draft_key(uow.vault, *facts), draft_key(new, *facts)


def _keep_paper_key(uow: UnitOfWork, new: Vault) -> None:
    """Preserve the key of the check marks: printed orders stay genuine forever."""
    old_paper_key = uow.facts.first_key()
    uow.facts.put(PAPER_KEY, new.seal(PAPER_PLACE, PAPER_KEY, old_paper_key).hex())
