"""The rows of a large demo city, sealed and hashed as the use cases would."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from bench.large.books import Books, Case, DrawToCome, OrderToCome, Person
from bench.large.bulk import Bulk, Table, set_head
from publicmeeting.domain.choices import Lane
from publicmeeting.domain.lifecycle.advance import recipients
from publicmeeting.domain.lifecycle.climbing import standing
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import LIVE
from publicmeeting.kit import jalali
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.notify.outbox import by_day
from publicmeeting.seeder.matters import MATTERS
from publicmeeting.seeder.plan import ENDS
from publicmeeting.store.lifecycle.event_tags import TAGGED, event_tag
from publicmeeting.store.lifecycle.events import event_row
from publicmeeting.store.line.log_index import COLUMNS, index_rows
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.store.worker.marks import mark_columns
from publicmeeting.turns.log import canonical, entry
from publicmeeting.turns.tree.tiles import LEVEL

_Row: TypeAlias = tuple[object, ...]
_TO_CALL = timedelta(days=2)
_STAFF = (Delivery.SHOWN, None, None, None, None)
_PLACES = tuple(
    f"{kind} {name}"
    for kind in ("خیابان", "کوچهٔ", "میدان", "بلوار")
    for name in (
        "بهار",
        "لاله",
        "نسترن",
        "صنوبر",
        "سپیدار",
        "یاس",
        "نیلوفر",
        "شقایق",
        "سرو",
        "ارغوان",
        "مینا",
        "نرگس",
        "بنفشه",
        "افرا",
        "چنار",
        "زیتون",
    )
)
_PERSON = ("id", "kind", "identity_hash", "identity", "name", "mobile", "mobile_hash", "created_at")
_REQUEST = (
    "id",
    "code",
    "district",
    "stage",
    "version",
    "person_id",
    "live_person",
    "subject",
    "title",
    "text",
    "needs",
    "prefers",
    "lane",
    "waited",
    "debt",
    "given_up",
    "unanswered",
    "missed",
    "salt",
    "ticket",
    "filed_at",
    "stage_at",
    "due_at",
)
_NOTE = ("id", "text")
_EVENT = ("id", *TAGGED, "tag")
_ORDER = (
    "id",
    "number",
    "request_id",
    "district",
    "unit_id",
    "stage",
    "version",
    "text",
    "promise",
    "priority",
    "issued_at",
    "stage_at",
    "due_on",
    "first_due_on",
    "due_at",
    "climbs_at",
    "on_time",
    "ended_by",
)
_OUTBOX = (
    "event_id",
    "request_id",
    "order_id",
    "action",
    "role",
    "person_id",
    "at",
    "tries",
    "next_try_at",
    "state",
    "sent_at",
    "seen_at",
    "called_by",
    "called_at",
)
_MONDAY = ("district", "on", "seats", "state", "rules", "why", "ended_at")
_SEAT = (
    "district",
    "monday",
    "time",
    "request_id",
    "why",
    "answer_by",
    "state",
    "assigned_at",
    "ended_at",
)
_DRAW = (
    "id",
    "district",
    "monday",
    "state",
    "file",
    "frozen_at",
    "drawn_at",
    "frozen_event",
    "requests",
    "seated",
    "seed",
)


class Rows:
    """Writes the computed city into the database."""

    def __init__(self, uow: UnitOfWork, books: Books) -> None:
        self._uow, self._books = uow, books
        self._bulk = Bulk(uow)

    def write(self) -> None:
        """Write everything, parents before their children."""
        self._books.events.sort(key=lambda event: event[:2])
        self._books.log.sort(key=lambda one: one[:2])
        bulk = self._bulk
        bulk.write(Table.PERSON, _PERSON, map(self._person_row, self._books.persons))
        bulk.write(Table.REQUEST, _REQUEST, map(self._request_row, self._books.cases))
        bulk.mark((case.id, *self._texts(case), case.code) for case in self._books.cases)
        notes = (self._note_row(*event[4:]) for event in self._books.events if event[5])
        bulk.write(Table.NOTE, _NOTE, notes)
        bulk.write(Table.EVENT, _EVENT, self._event_rows())
        bulk.counted(Table.EVENT, len(self._books.events))
        bulk.write(Table.ORDER, _ORDER, map(self._order_row, self._books.orders))
        bulk.write(Table.OUTBOX, _OUTBOX, self._notices())
        bulk.write(Table.SECRET, ("monday", "value", "commitment"), self._secret_rows())
        bulk.write(Table.MONDAY, _MONDAY, map(self._monday_row, self._books.draws))
        bulk.write(Table.SEAT, _SEAT, self._books.seats)
        bulk.write(Table.DRAW, _DRAW, self._draw_rows())
        bulk.write(Table.JOB, ("name", "holder", "done_at", "tag"), self._mark_rows())
        self._write_log()
        bulk.settle()

    def _mark_rows(self) -> Iterator[_Row]:
        for name, at in self._books.jobs.items():
            yield name, "", at, mark_columns(self._uow.vault, name, at)["tag"]

    def _event_rows(self) -> Iterator[_Row]:
        positions: Counter[str] = Counter()
        for number, (at, _, case, order, event, note_id) in enumerate(self._books.events, 1):
            columns = {
                **event_row(case.id, order.id if order else None, event, note_id),
                "id": number,
                "at": at,
            }
            name = order.id if order else case.id
            columns["tag"] = event_tag(self._uow.vault, columns, positions[name])
            positions[name] += 1
            yield tuple(columns[column] for column in _EVENT)

    def _texts(self, case: Case) -> tuple[str, str]:
        matter = MATTERS[case.matter]
        place = _PLACES[int(case.salt[:4], 16) % len(_PLACES)]
        plate = str(12 * (int(case.salt[4], 16) % 8) + 4)
        words = {"place": place, "plate": plate, "since": "از تابستان"}
        text = " ".join((*matter.texts, matter.contest)).format(**words)
        return matter.title.format(**words), text

    def _person_row(self, person: Person) -> tuple[object, ...]:
        seal, lookup = self._uow.vault.seal, self._uow.vault.lookup
        who = person.invented
        mobile = parse_mobile(who.mobile) if person.mobile else None
        return (
            person.id,
            "national",
            lookup("national", who.identity),
            seal("person.identity", person.id, who.identity),
            seal("person.name", person.id, who.name),
            seal("person.mobile", person.id, mobile) if mobile else None,
            lookup("mobile", mobile) if mobile else None,
            self._uow.machine_now,
        )

    def _request_row(self, one: Case) -> tuple[object, ...]:
        seal, word = self._uow.vault.seal, self._uow.vault.seal_word
        title, text = self._texts(one)
        return (
            one.id,
            one.code,
            one.district,
            one.stage.value,
            one.version,
            one.person.id,
            one.person.id if one.stage in LIVE else None,
            MATTERS[one.matter].subject,
            seal("request.title", one.id, title),
            seal("request.text", one.id, text),
            word("request.needs", one.id, ""),
            one.prefers,
            word("request.lane", one.id, Lane.GENERAL),
            one.waited,
            0,
            0,
            one.unanswered,
            one.missed,
            seal("request.salt", one.id, one.salt),
            one.ticket,
            one.filed_at,
            one.stage_at,
            one.due_at,
        )

    def _note_row(self, event: Event, note_id: str | None) -> tuple[object, ...]:
        assert note_id is not None
        return note_id, self._uow.vault.seal("note.text", note_id, event.note or "")

    def _order_row(self, come: OrderToCome) -> tuple[object, ...]:
        seal, matter = self._uow.vault.seal, MATTERS[come.case.matter]
        found = standing(tuple(come.history))
        climb = found.next_climb()
        place = _PLACES[int(come.case.salt[:4], 16) % len(_PLACES)]
        return (
            come.id,
            come.number,
            come.case.id,
            come.case.district,
            come.unit,
            come.stage.value,
            come.version,
            seal("mayor_order.text", come.id, matter.order.format(place=place)),
            seal("mayor_order.promise", come.id, matter.report),
            "normal",
            come.issued_at,
            come.stage_at,
            come.due_on,
            come.due_on,
            come.due_at,
            climb.at if climb else None,
            found.on_time,
            found.ended_by.value if found.ended_by else None,
        )

    def _notices(self) -> Iterator[tuple[object, ...]]:
        for number, (at, _, case, order, event, _) in enumerate(self._books.events, 1):
            for role in dict.fromkeys(recipients(event)):
                hers = role is Role.CITIZEN
                delivery = self._delivery(case, at) if hers else _STAFF
                yield (
                    number,
                    case.id,
                    order.id if order else None,
                    event.action.value,
                    role.value,
                    case.person.id if hers else None,
                    at,
                    0,
                    at,
                    *delivery,
                )

    def _delivery(self, case: Case, at: datetime) -> tuple[object, ...]:
        """Return state, sent, seen, called by and called at of a notice to a citizen."""
        if case.person.mobile:
            seen = at + timedelta(hours=9)
            return Delivery.SENT, by_day(at), seen if seen < ENDS else None, None, None
        if at > ENDS - _TO_CALL:
            return Delivery.TO_CALL, None, None, None, None
        then = at + timedelta(hours=20)
        return Delivery.CALLED, then, None, self._books.account(Role.DESK, case.district), then

    def _secret_rows(self) -> Iterator[tuple[object, ...]]:
        for monday, value, committed in self._books.secrets:
            yield monday, self._uow.vault.seal_secret(monday.isoformat(), value), committed

    def _monday_row(self, come: DrawToCome) -> tuple[object, ...]:
        seats = ",".join(come.file["seats"])
        return come.district, come.monday, seats, come.held.value, 1, come.why, come.ended_at

    def _draw_rows(self) -> Iterator[tuple[object, ...]]:
        instants = [at for at, *_ in self._books.events]
        for draw in self._books.draws:
            frozen = draw.state is not DrawState.OPEN
            yield (
                draw.file["draw"],
                draw.district,
                draw.monday,
                draw.state.value,
                canonical_json(draw.file),
                draw.frozen_at,
                draw.drawn_at,
                bisect_right(instants, draw.frozen_at) if draw.frozen_at else None,
                len(draw.file["pool"]) if frozen else None,
                len(draw.file["seated"]) if draw.drawn_at else None,
                draw.file.get("seed"),
            )

    def _with_officer(self, body: dict[str, object], at: datetime) -> dict[str, object]:
        """Return the body with an official's keyed hash instead of unit and account."""
        match body.get("officer"):
            case (str(unit), str(account)):
                year, _, _ = jalali.parts(tehran_day(at))
                return {**body, "officer": self._uow.officer_marks.mark(unit, account, year)}
        return body

    def _write_log(self) -> None:
        edge = self._uow.log.edge()
        rows, nodes, indexed = list[_Row](), list[_Row](), list[_Row]()
        place = {number: edge.size + n for n, (_, number, *_) in enumerate(self._books.log, 1)}
        for at, _, kind, found in self._books.log:
            body = self._with_officer(_with_causes(found, place), at)
            new = entry(edge.size + 1, at, kind, body)
            leaf = new.leaf
            indexed += index_rows(new.seq, kind, body)
            rows.append((new.seq, new.at, kind.value, canonical(body), leaf))
            nodes += [
                (height // LEVEL, number, made)
                for height, number, made in edge.append(leaf)
                if height and height % LEVEL == 0
            ]
        self._bulk.write(Table.LOG, ("seq", "at", "kind", "body", "leaf"), rows)
        self._bulk.write(Table.LOG_INDEX, COLUMNS, indexed)
        self._bulk.write(Table.LOG_NODE, ("level", "number", "hash"), nodes)
        set_head(self._uow.log, edge, new.at)


def _with_causes(body: Mapping[str, object], place: Mapping[int, int]) -> dict[str, object]:
    """Return the body with the numbers under `because` replaced by places in the log."""
    causes = body.get("because")
    named = (
        {"because": sorted(place[cause] for cause in causes)} if isinstance(causes, list) else {}
    )
    return {**body, **named}
