"""First half of an honest small city (`small_city`): from the opening of a Monday to its draw."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from heapq import heappush
from itertools import count
from random import Random

from city_books import CITY_TYPE, History, Note, Signer, canonical, give, sha, tree_root
from city_rules import DAYS, ORIGIN, WEEK, agree, is_weaker, rules_of
from persiantools.jdatetime import JalaliDate

TEHRAN = 12_600
FIRST_MONDAY = date(2026, 12, 7)
SEATS = ("09:00", "09:15", "09:30", "10:45", "11:00")
SLOT = 15 * 60


def moment(day, clock="00:00"):
    hours, minutes = map(int, clock.split(":"))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    return int(midnight) + hours * 3600 + minutes * 60 - TEHRAN


def stamp(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tehran(seconds):
    return datetime.fromtimestamp(seconds + TEHRAN, UTC)


@cache
def jalali(day):
    return JalaliDate(day).isoformat()


@dataclass(eq=False)
class Person:
    ticket: str
    district: int
    filed: int
    line: int
    prefers: str
    where: str = "in"
    waited: int = 0
    debt: int = 0
    missed: int = 0
    given_up: int = 0
    since_debt: int = 0
    unanswered: int = 0
    lane: str = "general"
    out: dict = field(default_factory=dict)
    is_moved: bool = False
    is_verified: bool = True
    is_sure: bool = False
    is_made_good: bool = False
    seat: tuple = ()
    offer: tuple = ()
    left: tuple = ()
    seat_left: tuple = ()
    is_open_to_desk: bool = True
    frozen_after: object = None
    lists: int = 0
    gave_up: int = 0
    let_go: tuple = ()
    undone: set = field(default_factory=set)
    names: tuple = ()
    lost: int = 0
    missed_at: int = 0
    case: str = ""

    def reset(self):
        self.waited = self.debt = self.given_up = self.unanswered = 0

    def owe(self):
        self.debt, self.since_debt = 1, 0

    def counts(self):
        keys = ("waited", "debt", "given_up", "since_debt", "unanswered", "is_moved")
        return {key: getattr(self, key) for key in keys}

    def give_up(self):
        self.given_up += 1
        self.since_debt += 1
        if self.debt and self.since_debt >= 2:
            self.debt = 0
        if self.given_up >= 3:
            self.reset()

    def row(self):
        keys = ("ticket", "lane", "waited", "debt", "prefers")
        return {key: getattr(self, key) for key in keys}

    def is_waiting(self):
        return self.where == "in" and not self.seat


@dataclass(eq=False)
class Draw:
    id: str
    district: int
    week: object
    seats: list
    rules_hash: str
    state: str = "open"
    rows: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)
    freeze: int = 0
    objections: int = 0
    changed: list = field(default_factory=list)
    standby: list = field(default_factory=list)
    asked: set = field(default_factory=set)
    wanted: set = field(default_factory=set)
    wants: set = field(default_factory=set)
    free: dict = field(default_factory=dict)
    offers: dict = field(default_factory=dict)
    held: dict = field(default_factory=dict)
    drawn: set = field(default_factory=set)
    freed: dict = field(default_factory=dict)
    freed_by: dict = field(default_factory=dict)
    first_freeze: int = 0
    closed_at: int = 0
    absent: set = field(default_factory=set)
    until: int = 0
    stood: set = field(default_factory=set)
    present: dict = field(default_factory=dict)
    arrived: dict = field(default_factory=dict)
    came: dict = field(default_factory=dict)
    held_at: int = 0
    free_from: int = 0
    day: str = "open"
    fates: dict = field(default_factory=dict)
    closed: int = 0


@dataclass(eq=False)
class Week:
    monday: date
    draws: list = field(default_factory=list)
    committed: dict = field(default_factory=dict)
    revealed: dict = field(default_factory=dict)
    closed: int = 0
    sealed: int = 0
    frozen_at: int = 0
    values: dict = field(default_factory=dict)
    day: int = 0
    value: tuple = ()

    @property
    def name(self):
        return jalali(self.monday)

    def at(self, what):
        rule = WEEK[what]
        return moment(self.monday - timedelta(days=rule["days_before"]), rule["at"])

    def value_at(self, what, day):
        return moment(self.monday - timedelta(days=DAYS[day]), WEEK[what]["at"])


class Book:
    """The clock, the log, and the keys that sign it."""

    def __init__(self, seed, *, districts=(6, 15), weeks=4, filings=4):
        self.rng, self.districts, self.filings = Random(seed), districts, filings
        self.mondays = [FIRST_MONDAY + timedelta(weeks=at) for at in range(weeks)]
        self.entries, self.notes, self.files, self.rules = [], [], {}, {}
        self.people, self.weeks, self.live, self.asks, self.judged = {}, {}, [], [], []
        self.queue, self.order, self.now = [], count(), moment(FIRST_MONDAY - timedelta(days=22))
        self.city = Signer(ORIGIN, b"\1" * 32, CITY_TYPE)
        self.reserve = Signer(ORIGIN, b"\7" * 32, CITY_TYPE)
        names = ("council", "inspection", "press")[: 2 + seed % 2]
        self.witnesses = {
            f"example.ir/{name}": Signer(f"example.ir/{name}", bytes([at]) * 32)
            for at, name in enumerate(names, 2)
        }
        self.quorum = len(names) // 2 + 1
        self.is_dice = seed % 5 == 4
        self.forge = lambda draw, rows: rows
        """A test may replace it, to let the city lie in its lists, consistently."""

    def history(self):
        return History(
            ORIGIN, self.city, self.witnesses, self.entries, self.notes, self.rules, self.files
        )

    def write(self, kind, **body):
        body = {key.rstrip("_"): value for key, value in body.items()}
        entry = {"at": stamp(self.now), "body": body, "kind": kind, "seq": len(self.entries) + 1}
        self.entries.append(canonical(entry).encode())
        return len(self.entries)

    def later(self, when, what, *args):
        heappush(self.queue, (max(when, self.now), next(self.order), what, args))

    def by_clock(self, when, what, *args):
        """Plan an act of the clock, which is a little late at times, never early."""
        self.later(when + self.rng.choice((0, 0, 1, 7, 40, 200)), what, *args)

    def chance(self, share):
        return self.rng.random() < share

    def hex(self, digits=64):
        return f"{self.rng.getrandbits(4 * digits):0{digits}x}"

    def officer(self, unit="desk"):
        return f"{unit}/{self.hex(8)}"

    def between(self, start, end):
        return self.rng.randint(start, max(start, end))

    def cosign(self, names=()):
        """Let the city sign the newest checkpoint and witnesses cosign it within minutes."""
        chosen = names or self.rng.sample(
            list(self.witnesses), self.rng.randint(self.quorum, len(self.witnesses))
        )
        stamps = {name: self.now + self.rng.randint(1, 200) for name in chosen}
        if self.notes and self.notes[-1].size == len(self.entries):
            stamps |= self.notes.pop().stamps
        self.notes.append(Note(len(self.entries), stamps))

    def announce(self, version, start):
        body = rules_of(self, version)
        digest = sha(canonical(body))
        if is_weaker(body):
            agree(self, jalali(start), digest, body)
        self.rules[digest], self.newest = body, digest
        self.write("rules_announced", from_=jalali(start), hash=digest, rules=body)


class Line(Book):
    """From the opening of a Monday to its draw."""

    def open_monday(self, monday):
        week = self.weeks[monday] = Week(monday)
        for district in self.districts:
            name = f"d{district:02d}-{week.name}"
            why = "holiday" if self.chance(0.06) else ""
            some = sorted(self.rng.sample(SEATS, self.rng.randint(2, 4)))
            draw = Draw(name, district, week, [] if why else some, self.newest)
            draw.day = "closed" if why else "open"
            week.draws.append(draw)
            self.write(
                "monday_opened", draw=name, rules_hash=draw.rules_hash, seats=draw.seats, why=why
            )
            if self.chance(0.12):
                start, end = self.now + 3600, week.at("standby_until")
                self.later(self.between(start, end), self.close, draw)
        self.commit(week, "city")
        for party in self.parties():
            if self.chance(0.8):
                self.later(
                    self.between(self.now + 60, week.at("freeze") - 1), self.commit, week, party
                )
        for what, do in (
            ("filing_closes", self.close_line),
            ("freeze", self.freeze),
            ("objections_until", self.freeze_again),
            ("reveals_until", self.close_reveals),
        ):
            self.by_clock(week.at(what), do, week)
        self.later(week.at("freeze") - 3600, self.audit)
        for what in ("filing_closes", "freeze", "reveals_until"):
            self.later(week.at(what) + 900, self.cosign)
        for draw in week.draws:
            self.later(moment(monday, "07:30"), self.plan_day, draw)
            self.later(moment(monday + timedelta(days=1), "10:00"), self.report, draw)

    def parties(self):
        return {name.partition("/")[2]: witness for name, witness in self.witnesses.items()}

    def statement(self, kind, week, party, *what):
        if party == "city":
            return ""
        lines = ("publicmeeting/said/v1", ORIGIN, kind, week.name, party, *what)
        text = "".join(f"{line}\n" for line in lines)
        return b64encode(self.parties()[party].sign(text.encode())).decode()

    def commit(self, week, party):
        value = self.hex()
        sealed = sha("publicmeeting/commit/v1", party, value)
        week.committed[party] = (value, sealed)
        sig = self.statement("commitment", week, party, sealed)
        self.write("commitment", monday=week.name, party=party, commitment=sealed, sig=sig)

    def close(self, draw):
        if draw.day not in {"open", "held"} or not draw.seats:
            return
        draw.closed = self.write("monday_closed", draw=draw.id, why="closure")
        draw.day, draw.closed_at = "closed", self.now
        if draw.state == "open":
            draw.seats = []
        for time, (person, state) in draw.held.items():
            is_here = state == "arrived" or person.ticket in draw.present
            if not is_here and self.now >= self.called_until(draw, time):
                draw.absent.add(person.ticket)
        for time, (person, _) in list(draw.offers.items()):
            self.end_offer(draw, time, person, "offer_unanswered")
        if draw.state == "drawn":
            self.not_received(draw, [draw.closed])

    def not_received(self, draw, because):
        for time, (person, _) in sorted(draw.held.items()):
            is_absent = person.ticket in draw.absent
            kind = "not_called" if is_absent else "not_received"
            self.write(kind, ticket=person.ticket, draw=draw.id, time=time, because=because)
            person.seat = ()
            if not is_absent:
                person.owe()
        draw.held.clear()

    def called_until(self, draw, time):
        """Return the moment by which a visitor must have come; one missing then is absent."""
        return moment(draw.week.monday, time) + 600

    def close_line(self, week):
        week.closed = self.write("line_closed", monday=week.name)
        for person in self.people.values():
            person.is_open_to_desk = False

    def audit(self):
        size = len(self.entries)
        self.write("audited", size=size, findings=0, report=sha(f"fine {size}"))

    def is_in_line(self, person, week):
        return (
            person.is_waiting()
            and person.line < week.closed
            and week.monday not in person.out
            and not (person.missed >= 2 and not person.is_verified)
        )

    def freeze(self, week):
        week.frozen_at = self.now
        for draw in week.draws:
            mine = [person for person in self.people.values() if person.district == draw.district]
            draw.rows = {one.ticket: one.row() for one in mine if self.is_in_line(one, week)}
            draw.missing = {one.ticket: one.row() for one in mine if one.ticket not in draw.rows}
            for one in mine:
                one.lists += one.line < week.closed and week.monday not in one.out
                if one.where == "gone" and one.left and one.frozen_after is None:
                    one.frozen_after = week
            self.freeze_rows(draw, [week.closed])
        start = self.now
        for draw in week.draws:
            for _ in range(self.rng.randint(0, 3)):
                when = self.between(start + 60, week.at("objections_until") - 1)
                self.later(when, self.object_in_time, draw)
            for ticket in draw.rows:
                if self.chance(0.06):  # between the list and its draw
                    when = self.between(start + 60, start + 31 * 3600)
                    self.later(when, self.withdraw_late, self.people[ticket])
        if week.monday == self.mondays[-1] and self.chance(0.5):
            self.later(week.at("reveals_until") + 9000, self.cosign)

    def freeze_rows(self, draw, because):
        draw.state = "frozen"
        draw.rows = self.forge(draw, draw.rows)
        file = self.frozen_file(draw)
        draw.freeze = self.write(
            "freeze",
            draw=draw.id,
            pool_root=file["pool_root"],
            rows=len(draw.rows),
            file=sha(canonical(file)),
            because=because,
        )
        draw.first_freeze = draw.first_freeze or draw.freeze

    def frozen_file(self, draw):
        texts = {"|".join(str(part) for part in row.values()): row for row in draw.rows.values()}
        head = f"{draw.id}|{draw.rules_hash}|{','.join(draw.seats)}"
        return {
            "draw": draw.id,
            "district": draw.district,
            "rules": self.rules[draw.rules_hash],
            "rules_hash": draw.rules_hash,
            "seats": draw.seats,
            "commitments": {name: one[1] for name, one in draw.week.committed.items()},
            "pool": [texts[text] for text in sorted(texts)],
            "pool_root": tree_root([head, *sorted(texts)]),
        }

    def object_in_time(self, draw):
        mine = [person for person in self.people.values() if person.district == draw.district]
        if mine:
            self.object_to(draw, self.rng.choice(mine), is_late=False)

    def object_to(self, draw, person, *, is_late):
        outcome, because = self.recount(draw, person, is_late=is_late)
        if not because or person.ticket not in {**draw.rows, **draw.missing}:
            return
        draw.objections += 1
        seq = self.write(
            "objection",
            draw=draw.id,
            ticket=person.ticket,
            outcome=outcome,
            number=draw.objections,
            because=[because],
        )
        if outcome == "changed":
            draw.changed.append((seq, person))
            person.out.pop(draw.week.monday, None)
            before = (person.waited, person.debt)
            self.bring_back(person)
            if before != (person.waited, person.debt):
                draw.missing[person.ticket].update(waited=person.waited, debt=person.debt)

    def recount(self, draw, person, *, is_late):
        """Return what the log says about a ticket and a list: outcome and the deciding entry."""
        week = draw.week
        if person.ticket in draw.rows or person in [one for _, one in draw.changed]:
            return "listed", draw.freeze
        if person.line > week.closed:
            return "as_logged", person.filed
        if person.missed >= 2 and not person.is_verified and not is_late:
            return "as_logged", person.missed_at
        void = 0 if is_late or person.seat else self.deniable(week, person)
        if void:
            return "changed", void
        if week.monday in person.out:
            return "as_logged", person.out[week.monday][1]
        is_away = person.where != "in" and person.left and person.left[0] < draw.freeze
        return ("as_logged", person.left[0]) if is_away else ("", 0)

    def deniable(self, week, person):
        """Return the act in her own name that alone keeps her out of a list; 0 for none."""
        why, seq = person.out.get(week.monday, ("", 0))
        if person.where == "in":
            return seq if why == "excluded" else 0
        is_hers = person.where == "gone" and person.left[1] in {"withdrawn", "accepted"}
        return person.left[0] if is_hers and person.frozen_after is week and not seq else 0

    def freeze_again(self, week):
        for draw in week.draws:
            if draw.changed:
                for _, person in draw.changed:
                    draw.rows[person.ticket] = draw.missing[person.ticket]
                self.freeze_rows(draw, sorted(seq for seq, _ in draw.changed))
        self.reveal(week, "city")
        for party in week.committed:
            if party != "city" and self.chance(0.85):
                when = self.between(self.now + 60, week.at("reveals_until") - 1)
                self.later(when, self.reveal, week, party)

    def reveal(self, week, party):
        week.revealed[party] = week.committed[party][0]
        self.write("reveal", monday=week.name, party=party, value=week.revealed[party])

    def close_reveals(self, week):
        shown = sorted(week.revealed)
        silent = sorted({*week.committed} - {*shown})
        week.sealed = self.write("reveals_closed", monday=week.name, revealed=shown, silent=silent)
        if not any(draw.seats for draw in week.draws):
            self.let_stand(week, "none", [week.sealed])
            return
        self.begin_day(week)

    def begin_day(self, week):
        """Let parties enter the index of the day: some of them, mostly alike, at times nobody."""
        day = [*DAYS][week.day]
        true = str(self.rng.randint(1_000_000, 3_000_000))
        if self.is_dice:
            true = "".join(self.rng.choice("123456") for _ in range(10))
        true = "none" if self.chance(0.15) else true
        for party in [*self.parties(), "city"]:
            value = true
            if self.chance(0.05):
                value = "1234561234"
            if self.chance(0.75):
                start, end = week.value_at("value_from", day), week.value_at("value_until", day)
                self.later(self.between(start, end - 1), self.enter, week, week.day, party, value)
        self.by_clock(week.value_at("value_until", day), self.end_day, week, week.day)

    def enter(self, week, at, party, value):
        if week.value or week.day != at:
            return
        day = self.day_of(week)
        sig = self.statement("value", week, party, day, value)
        seq = self.write("value", monday=week.name, day=day, party=party, value=value, sig=sig)
        entered = week.values.setdefault(at, {})
        entered[party] = (seq, value)
        alike = [one[0] for name, one in entered.items() if one[1] == value]
        if sum(entered[name][1] == value for name in entered if name != "city") >= self.quorum:
            self.settle(week, value, sorted(alike))

    def day_of(self, week):
        return jalali(week.monday - timedelta(days=[*DAYS.values()][week.day]))

    def settle(self, week, value, because):
        if value != "none":
            self.let_stand(week, value, because)
        elif week.day + 1 < len(DAYS):
            week.day += 1
            self.begin_day(week)
        else:
            last = sorted(seq for seq, _ in week.values.get(week.day, {}).values())
            self.let_stand(week, "none", because or last or [week.sealed])

    def end_day(self, week, at):
        if week.value or week.day != at:
            return
        entered = week.values.get(at, {}).values()
        alike = {value for _, value in entered}
        value = alike.pop() if len(alike) == 1 else "none"
        self.settle(week, value, sorted(seq for seq, one in entered if one == value))

    def let_stand(self, week, value, because):
        week.value = (self.day_of(week), value)
        day, value = week.value
        stands = self.write("value_stands", monday=week.name, day=day, value=value, because=because)
        for draw in week.draws:
            self.draw(draw, stands)
        self.later(self.now + 600, self.cosign)

    def draw(self, draw, stands):
        week = draw.week
        file = self.frozen_file(draw)
        sealed = [f"{name}:{one[1]}" for name, one in sorted(week.committed.items())]
        shown = [f"{name}:{one}" for name, one in sorted(week.revealed.items())]
        seed = sha(
            "publicmeeting/seed/v2",
            draw.id,
            file["pool_root"],
            str(len(sealed)),
            *sealed,
            str(len(shown)),
            *shown,
            *week.value,
        )
        file |= {"reveals": dict(week.revealed), "late_day": week.value[0]}
        file |= {"late_value": week.value[1], "seed": seed, **give(file, seed)}
        self.files[draw.id] = file
        seated, draw.standby = file["seated"], file["standby"]
        seq = self.write(
            "draw",
            draw=draw.id,
            seed=seed,
            seated=len(seated),
            standby=len(draw.standby),
            file=sha(canonical(file)),
            because=[stands],
        )
        draw.state = "drawn"
        for ticket in draw.standby:
            self.people[ticket].waited += 1
        draw.free = dict.fromkeys(draw.seats, seq)
        draw.drawn = {one["ticket"] for one in seated}
        for one in seated:
            person = self.people[one["ticket"]]
            if person.where == "in":
                del draw.free[one["time"]]
                self.seat(draw, person, one["time"], "given")
            elif person.left[1] in {"withdrawn", "accepted"} and not person.seat_left:
                draw.freed_by[one["time"]] = seq
                person.seat_left = (seq, person.left[2], draw, one["time"], "given", False, 0)
        if draw.closed:
            draw.free.clear()
            self.not_received(draw, [draw.closed])
        else:
            self.live.append(draw)
            self.ask_answers(draw)

    def seat(self, draw, person, time, state):
        draw.held[time] = (person, state)
        draw.freed_by.pop(time, None)
        person.seat = (draw, time)
