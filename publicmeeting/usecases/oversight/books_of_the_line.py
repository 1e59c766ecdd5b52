"""Whether the published lists, weeks of waiting and debts are what the public log makes them."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from publicmeeting.kit.findings import Finding
from publicmeeting.kit.jalali import from_iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry, moment
from publicmeeting.turns.replay import MISSED, Lines, Weeks
from publicmeeting.turns.week import Week

_AT_ONCE = 1000


def lists_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Each list against the line at its freeze. A debt for it has cured a miss."""
    lines, expected = Lines(), dict[str, set[str]]()
    cured: set[tuple[str, str]] = set()
    for entry in _entries(uow):
        lines.read({"kind": entry.kind, "body": entry.body, "at": entry.at})
        name = str(entry.body.get("draw", ""))
        if entry.kind is Kind.FREEZE and name not in expected:
            monday = from_iso(name[4:])
            expected[name] = lines.pool(int(name[1:3]), name[4:], _filed_before(uow, monday))
        elif entry.kind is Kind.DRAW:
            lines.draw(_file(uow, name))
        elif entry.kind is Kind.DEBT and entry.body.get("why") == MISSED:
            cured.add((name, str(entry.body["ticket"])))
    for name, tickets in expected.items():
        listed = {row["ticket"] for row in _file(uow, name)["pool"]}
        for ticket in sorted(tickets ^ listed):
            if (name, ticket) not in cured:
                says = "is missing from its list" if ticket in tickets else "is in its list"
                yield Finding(f"draw {name}", f"by the log, {ticket[:8]} {says} wrongly")


def _entries(uow: UnitOfWork) -> Iterator[Entry]:
    seq = 0
    while page := uow.log.after(seq, _AT_ONCE):
        yield from page
        seq = page[-1].seq


def _filed_before(uow: UnitOfWork, monday: date) -> str:
    rules = uow.city.rules_on(monday)
    if rules is None:
        raise KeyError(monday)
    return moment(Week(monday, rules.body).filing_closes_at)


def _file(uow: UnitOfWork, name: str) -> dict[str, list[dict[str, str]]]:
    stored = uow.draws.text(name)
    return json.loads(stored[1]) if stored else {"pool": [], "seated": []}


def weeks_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Counted again as any reader of `/verify/` counts them (docs/turns.md 1)."""
    weeks = Weeks()
    for entry in _entries(uow):
        if entry.kind is Kind.DRAW:
            name = str(entry.body["draw"])
            stored = uow.draws.text(name)
            weeks.add_draw(name, json.loads(stored[1]) if stored else None)
        published = {"seq": entry.seq, "kind": entry.kind.value, "body": entry.body}
        for fault in weeks.read(published):
            yield Finding(f"public log {fault.place}", fault.code.value)
    for one in uow.inspection.requests():
        waited, debt = weeks.of(one.ticket)
        if (one.waited, one.debt) != (waited, debt):
            says = f"has waited {one.waited} weeks with debt {one.debt}"
            yield Finding(f"request {one.name}", f"{says}, the log says {waited} and {debt}")
