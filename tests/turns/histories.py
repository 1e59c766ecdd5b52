"""A short history of two districts as the city would publish it: files, and the log they are in.

Told here entry by entry, with the weeks kept by hand, so that no verifier checks its own counting.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.kit.jalali import iso
from publicmeeting.turns import draw_file, formulas
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import entry
from publicmeeting.turns.pool import Row, Rules

FIRST = date(2026, 11, 9)
RULES = Rules.from_body(
    {
        "version": 1,
        "lanes": {"access": 1, "urgent": 1},
        "windows": {"early": ["00:00", "11:00"], "late": ["11:00", "24:00"]},
        "note": "نوبت 🗳 \uff5e",
    }
)
SEATS = ["09:00", "09:15", "11:00"]
INDEX = "2185979"


class Book:
    """What is published week by week; `waited` and `debt` are the city's own figures."""

    def __init__(self):
        self.log, self.files = [], {}
        self.waited, self.debt, self.lost = Counter(), Counter(), Counter()
        self.lanes = {}
        self.line = {6: {}, 15: {}}

    def tell(self, kind, **body):
        at = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(hours=len(self.log))
        self.log.append(entry(len(self.log) + 1, at, kind, body).published)

    def file_request(self, district, number, lane="general", prefers="any"):
        ticket = sha("person", str(number))
        self.tell(Kind.FILED, ticket=ticket, district=district)
        verdict = "no" if lane == "general" else "yes"
        case = ticket[:16]
        self.tell(Kind.LANE_ASKED, case=case, lane="access" if lane == "general" else lane)
        self.tell(Kind.LANE_JUDGED, case=case, verdict=verdict, officer="desk-06/00000000")
        if lane != "general":
            self.tell(Kind.LANE_GRANTED, ticket=ticket, lane=lane, because=[len(self.log)])
        self.line[district][ticket] = (lane, prefers)
        self.lanes[ticket] = lane
        return ticket

    def open_monday(self, monday, parties):
        for district in self.line:
            sealed = {"city": commit("city", monday)}
            opened = draw_file.open_file(district, monday, RULES, SEATS, sealed)
            self.files[opened["draw"]] = opened
            self.tell(Kind.MONDAY_OPENED, draw=opened["draw"], rules_hash=RULES.hash, seats=SEATS)
        for party in parties:
            self.tell(
                Kind.COMMITMENT, monday=iso(monday), party=party, commitment=commit(party, monday)
            )
            for district in self.line:
                file = self.files[formulas.draw_id(district, monday)]
                file["commitments"][party] = commit(party, monday)

    def freeze(self, district, monday, *, closed=False):
        draw = formulas.draw_id(district, monday)
        seats = [] if closed else SEATS
        if closed:
            self.tell(Kind.MONDAY_CLOSED, draw=draw, why="holiday")
        rows = [
            Row(ticket, lane, self.waited[ticket], self.debt[ticket], prefers)
            for ticket, (lane, prefers) in self.line[district].items()
        ]
        file = draw_file.frozen_file({**self.files[draw], "seats": seats}, rows)
        self.files[draw] = file
        self.tell(Kind.FREEZE, draw=draw, pool_root=file["pool_root"], rows=len(rows))

    def show(self, monday, parties, late=INDEX):
        for party in parties:
            self.tell(Kind.REVEAL, monday=iso(monday), party=party, value=value(party, monday))
        because = [len(self.log)]
        self.tell(
            Kind.VALUE_STANDS, monday=iso(monday), day=day(monday), value=late, because=because
        )

    def draw(self, district, monday, parties, late=INDEX):
        draw = formulas.draw_id(district, monday)
        shown = {party: value(party, monday) for party in parties}
        file = draw_file.drawn_file(self.files[draw], shown, day(monday), late)
        self.files[draw] = file
        self.tell(
            Kind.DRAW,
            draw=draw,
            seed=file["seed"],
            seated=len(file["seated"]),
            standby=len(file["standby"]),
            file=sha(canonical_json(file)),
        )
        for one in file["seated"]:
            del self.line[district][one["ticket"]]
        self.waited.update(file["standby"])
        return [one["ticket"] for one in file["seated"]]

    def back_in_line(self, district, ticket):
        self.line[district][ticket] = (self.lanes[ticket], "any")

    def reset(self, ticket, reason):
        if reason == "no_show":
            self.tell(Kind.NO_SHOW, ticket=ticket)
            self.lost[ticket] = self.waited[ticket]
        self.tell(Kind.WAITED_RESET, ticket=ticket, reason=reason)
        self.waited[ticket] = 0

    def owe(self, ticket, debt, **why):
        self.tell(Kind.DEBT, ticket=ticket, debt=debt, **why)
        self.debt[ticket] = debt

    def come_late(self, ticket):
        self.waited[ticket] += self.lost.pop(ticket)
        self.tell(Kind.CAME_LATE, ticket=ticket)

    def restore(self, ticket, kind, **body):
        self.waited[ticket] += self.lost.pop(ticket)
        self.tell(kind, ticket=ticket, waited=self.waited[ticket], **body)


def value(party, monday):
    return sha("value", party, iso(monday))


def day(monday):
    return iso(monday - timedelta(days=5))


def commit(party, monday):
    return formulas.commitment(party, value(party, monday))


def published_history():
    """Five Mondays: a closed one, no-shows, debts; the last two still frozen and open."""
    book = Book()
    book.tell(Kind.RULES_ANNOUNCED, hash=RULES.hash)
    for number in range(8):
        lane = ("general", "access", "general", "urgent")[number % 4]
        book.file_request(6, number, lane, ("any", "early", "late")[number % 3])
    for number in range(20, 24):
        book.file_request(15, number)
    mondays = [FIRST + timedelta(weeks=n) for n in range(5)]
    book.open_monday(mondays[0], ["city", "council", "press"])
    for district in (6, 15):
        book.freeze(district, mondays[0])
    book.show(mondays[0], ["city", "council"])
    first = book.draw(6, mondays[0], ["city", "council"])
    book.draw(15, mondays[0], ["city", "council"])
    _week_with_a_closed_monday(book, mondays[1], first)
    _week_with_a_no_show(book, mondays[2])
    book.open_monday(mondays[3], ["city", "council"])
    book.freeze(6, mondays[3])
    book.open_monday(mondays[4], ["city"])
    return list(book.files.values()), book.log


def _week_with_a_closed_monday(book, monday, seated):
    book.back_in_line(6, seated[1])
    missed = formulas.draw_id(6, FIRST)
    book.tell(Kind.OBJECTION, draw=missed, number=1, ticket=seated[1], outcome="debt")
    book.owe(seated[1], 1, draw=missed, why="list")
    patient = next(iter(book.line[6]))
    book.reset(patient, "given_up_third")
    book.open_monday(monday, ["city"])
    book.freeze(6, monday)
    book.freeze(15, monday, closed=True)
    book.show(monday, ["city"], "none")
    again = book.draw(6, monday, ["city"], "none")
    book.draw(15, monday, ["city"], "none")
    assert seated[1] in again
    book.back_in_line(6, seated[1])
    book.owe(seated[1], 0)
    book.tell(Kind.NO_SHOW, ticket=again[1])
    book.reset(again[1], "no_show")
    book.come_late(again[1])
    book.reset(again[2], "no_show")
    book.back_in_line(6, again[2])


def _week_with_a_no_show(book, monday):
    absent = next(iter(set(book.lost) & set(book.line[6])))
    book.file_request(6, 40)
    book.open_monday(monday, ["city", "council"])
    for district in (6, 15):
        book.freeze(district, monday)
    book.show(monday, ["city", "council"])
    for district in (6, 15):
        book.draw(district, monday, ["city", "council"])
    if absent in book.line[6]:
        book.restore(absent, Kind.NO_SHOW_CONTESTED, upheld=1)
        book.owe(absent, 1)
