"""Whether everybody's weeks of waiting and debt are what the draws and the public log make them."""

import json
from collections.abc import Iterator
from datetime import datetime

from publicmeeting.kit.findings import Finding
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.log import Kind
from publicmeeting.turns.replay import Weeks

_AT_ONCE = 1000


def weeks_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Counted again as any reader of `/verify/` counts them (docs/turns.md 1)."""
    weeks, seq = Weeks(), 0
    while page := uow.log.after(seq, _AT_ONCE):
        for entry in page:
            if entry.kind is Kind.DRAW:
                name = str(entry.body["draw"])
                kept = uow.draws.text(name)
                weeks.add_draw(name, json.loads(kept[1]) if kept else None)
            told = {"seq": entry.seq, "kind": entry.kind.value, "body": entry.body}
            for fault in weeks.read(told):
                yield Finding(f"public log {fault.place}", fault.code.value)
        seq = page[-1].seq
    for one in uow.inspection.requests():
        waited, debt = weeks.of(one.ticket)
        if (one.waited, one.debt) != (waited, debt):
            says = f"has waited {one.waited} weeks with debt {one.debt}"
            yield Finding(f"request {one.name}", f"{says}, the log says {waited} and {debt}")
