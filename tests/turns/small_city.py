"""An honest small city with a random history, and the public log of that history.

It is independent of `publicmeeting.turns`: own state and arithmetic, from `docs/turns.md` alone.
One `Random` decides everything, so that a number is a whole history: `honest(7)`. `city_line` has
the weeks up to the draw, `city_requests` the requests and seats, this file the Mondays,
`city_books` the files.
"""

from datetime import timedelta
from functools import cache
from heapq import heappop

from city_line import FIRST_MONDAY, SLOT, moment, stamp
from city_requests import DAY, HOUR, LATE, Seats


class City(Seats):
    """The Mondays themselves, and the run of the whole history."""

    def run(self):
        self.end = moment(self.mondays[-1] + timedelta(days=9))
        self.write("log_opened", origin="example.ir/log", continues="")
        self.announce(1, FIRST_MONDAY)
        self.by_clock(self.midnight_after(), self.midnight)
        for monday in self.mondays:
            self.by_clock(moment(monday - timedelta(days=21)), self.open_monday, monday)
            self.later(moment(monday - timedelta(days=1), "05:30"), self.come_back)
        if len(self.mondays) > 3 and self.chance(0.5):
            last = self.mondays[-1]
            self.later(moment(last - timedelta(days=23), "10:00"), self.announce, 2, last)
        for district in self.districts:
            start, end = self.now + HOUR, moment(self.mondays[-1])
            for _ in range(self.filings * (len(self.mondays) + 2)):
                self.later(self.between(start, end), self.file, district)
        self.later(moment(FIRST_MONDAY - timedelta(days=5), "15:00"), self.take_free)
        self.later(moment(FIRST_MONDAY - timedelta(days=5), "15:00"), self.want_free)
        while self.queue and self.queue[0][0] <= self.end:
            self.step()
        self.now = max(self.now, self.end)
        self.cosign(list(self.witnesses))
        return self.history()

    def step(self):
        self.now, _, what, args = heappop(self.queue)
        what(*args)
        self.offer_round()

    def plan_day(self, draw):
        if draw.state != "drawn" or draw.day != "open" or not draw.seats:
            return
        week, is_absent = draw.week, self.chance(0.12)
        first, last = (moment(week.monday, draw.seats[at]) for at in (0, -1))
        for person, _ in draw.held.values():
            self.plan_guest(draw, person, week)
        for ticket in draw.standby:
            if self.chance(0.5):
                self.later(
                    self.now + self.rng.randint(60, 3 * HOUR),
                    self.be_present,
                    draw,
                    self.people[ticket],
                )
        for time in draw.seats:
            starts = moment(week.monday, time)
            self.by_clock(starts - LATE, self.stand_in, draw, time, 0, starts - LATE)
            if not is_absent:
                self.later(starts + 60, self.call, draw, time)
        if is_absent:
            self.by_clock(last + HOUR, self.not_held, draw)
        self.by_clock(last + SLOT + HOUR, self.end_day_of, draw)
        self.later(first + 30, self.skip, draw)

    def plan_guest(self, draw, person, week):
        fates = ("comes", "comes", "comes", "comes", "missed", "late", "uncalled", "leaves")
        fate = self.rng.choice(fates)
        if fate == "leaves" and person.ticket not in draw.drawn:
            fate = "uncalled"  # a standby who leaves would get a free seat again at once
        draw.fates[person.ticket] = fate
        starts = moment(week.monday, person.seat[1])
        if fate == "comes" or (fate == "uncalled" and self.chance(0.6)):
            self.later(starts - self.rng.randint(400, 2000), self.be_present, draw, person)
        if fate == "leaves":
            self.later(starts - self.rng.randint(2000, 4000), self.be_present, draw, person)
            self.later(starts - self.rng.randint(0, 1900), self.leave_hall, draw, person)
        if fate == "comes":
            self.later(starts - self.rng.randint(0, 350), self.arrive, draw, person)
        if fate in {"missed", "late"}:
            self.later(starts + LATE + self.rng.randint(0, 100), self.miss, draw, person)

    def leave_hall(self, draw, person):
        """Let her leave before her time, by giving the seat back or withdrawing."""
        if draw.day not in {"open", "held"} or not self.holds(draw, person, "confirmed"):
            return
        if self.chance(0.7):
            self.give_back(draw, person)
        else:
            self.withdraw(person)

    def be_present(self, draw, person):
        is_standby = person.ticket in draw.standby and person.is_waiting()
        is_holder = self.holds(draw, person, "confirmed")
        if draw.day in {"open", "held"} and (is_standby or is_holder):
            by = self.rng.choice(("citizen", "reception"))
            self.write("present", ticket=person.ticket, draw=draw.id, by=by)
            draw.present.setdefault(person.ticket, self.now)

    def arrive(self, draw, person):
        time = self.holds(draw, person, "given", "confirmed")
        if time and draw.day in {"open", "held"} and not self.has_gone_by(draw):
            seq = self.write(
                "arrival",
                ticket=person.ticket,
                draw=draw.id,
                time=time,
                officer=self.officer("reception"),
            )
            before, draw.arrived[person.ticket] = draw.held[time][1], seq
            draw.came[person.ticket] = self.now
            self.seat(draw, person, time, "arrived")
            if self.chance(0.15):
                self.later(
                    self.now + self.rng.randint(0, 10), self.unarrive, draw, person, seq, before
                )

    def unarrive(self, draw, person, seq, before):
        """Undo an arrival pressed for the wrong name; the right one comes a little later."""
        time = self.holds(draw, person, "arrived")
        if not time or draw.arrived.get(person.ticket) != seq or draw.day not in {"open", "held"}:
            return
        self.write_undone("arrival_undone", draw, person, time, seq)
        del draw.arrived[person.ticket]
        self.seat(draw, person, time, before)
        if self.chance(0.7):
            self.later(self.now + self.rng.randint(5, 300), self.arrive, draw, person)

    def write_undone(self, kind, draw, person, time, seq):
        officer = self.officer("reception")
        self.write(
            kind, ticket=person.ticket, draw=draw.id, time=time, officer=officer, because=[seq]
        )

    def unmiss(self, draw, person, time, seq, before, state):
        """Undo a no-show pressed for the wrong name."""
        if draw.free.get(time) != seq or draw.day not in {"open", "held"}:
            return
        if not person.is_waiting() or person.offer:
            return
        self.write_undone("no_show_undone", draw, person, time, seq)
        counts, was_present, was_stood = before
        vars(person).update(counts)
        if was_present:
            draw.present[person.ticket] = was_present
        if was_stood:
            draw.stood.add(person.ticket)
        del draw.free[time]
        self.seat(draw, person, time, state)

    def skip(self, draw):
        for person, state in draw.held.values():
            if state == "confirmed" and draw.day in {"open", "held"} and self.chance(0.2):
                self.write(
                    "skip",
                    ticket=person.ticket,
                    draw=draw.id,
                    reason="not_ready",
                    officer=self.officer("reception"),
                )

    def call(self, draw, time):
        if draw.day == "open" and draw.held:
            self.write("monday_held", draw=draw.id, by=self.rng.choice(("mayor", "deputy")))
            draw.day, draw.held_at = "held", self.now
        person, state = draw.held.get(time, (None, ""))
        if draw.day == "held" and state == "arrived" and self.chance(0.9):
            seq = self.write("met", ticket=person.ticket, draw=draw.id, time=time)
            person.where, person.left, person.seat = "gone", (seq, "met", self.now), ()
            del draw.held[time]
            self.record(draw, person, time, seq)
        if draw.day == "held" and not self.has_gone_by(draw) and self.chance(0.02):
            self.close(draw)

    def has_gone_by(self, draw):
        """Return whether the last seat ended ten minutes ago; then nobody arrives or closes."""
        return self.now > moment(draw.week.monday, draw.seats[-1]) + SLOT + LATE

    def record(self, draw, person, time, seq):
        """Record who held the meeting and how long, live or afterwards."""
        start = moment(draw.week.monday)
        earliest = max(draw.came[person.ticket], draw.free_from, draw.held_at)
        source = self.rng.choice(("live", "live", "tablet", "paper"))
        began = self.between(earliest if source == "live" else start, self.now)
        ended = self.now if source == "live" else self.between(began, self.now)
        draw.free_from = max(draw.free_from, ended)
        self.write(
            "meeting_recorded",
            ticket=person.ticket,
            draw=draw.id,
            time=time,
            began=stamp(began),
            ended=stamp(ended),
            source=source,
            outcome=self.rng.choice(("orders", "orders", "refused")),
            officer=self.officer(f"{self.rng.choice(('mayor', 'deputy'))}-{draw.district:02d}"),
            because=[seq],
        )

    def miss(self, draw, person):
        time = self.holds(draw, person, "confirmed")
        was_here = person.ticket in draw.present and person.ticket not in draw.stood
        if not time or draw.day != "held" or was_here:
            return
        officer = self.officer("reception")
        seq = self.write("no_show", ticket=person.ticket, draw=draw.id, time=time, officer=officer)
        was_stood = person.ticket in draw.stood
        keys = ("waited", "debt", "given_up", "unanswered", "missed", "is_verified", "missed_at")
        counts = {key: getattr(person, key) for key in keys}
        before, state = (counts, draw.present.get(person.ticket), was_stood), draw.held[time][1]
        person.lost = 0 if was_stood else person.waited
        if not was_stood:
            person.reset()
            person.missed += 1
            person.is_verified, person.missed_at = False, seq
        draw.present.pop(person.ticket, None)
        draw.stood.discard(person.ticket)
        person.seat = ()
        del draw.held[time]
        self.set_free(draw, time, seq)
        if self.chance(0.25):
            when = self.now + self.rng.randint(0, 10)
            self.later(when, self.unmiss, draw, person, time, seq, before, state)
            return
        if draw.fates.get(person.ticket) == "late":
            self.later(
                self.now + self.rng.randint(10, 900),
                self.come_late,
                draw,
                person,
                time,
                seq,
                not was_stood,
            )
        elif not was_stood and self.chance(0.6):
            loss = (seq, person.lost, 1)
            self.later(self.now + self.rng.randint(900, 3 * DAY), self.contest, person, loss)

    def come_late(self, draw, person, time, seq, was_counted):
        if draw.free.get(time) != seq or draw.day not in {"open", "held"} or person.seat:
            return
        if not person.is_waiting() or self.has_gone_by(draw):
            return
        arrived = self.write(
            "came_late",
            ticket=person.ticket,
            draw=draw.id,
            time=time,
            officer=self.officer("reception"),
            because=[seq],
        )
        if was_counted:
            person.waited += person.lost
            person.missed -= 1
        else:
            draw.stood.add(person.ticket)
        del draw.free[time]
        draw.arrived[person.ticket], draw.came[person.ticket] = arrived, self.now
        self.seat(draw, person, time, "arrived")
        self.later(self.now + 120, self.call, draw, time)

    def contest(self, person, loss):
        if person.where != "in" or person.seat or loss[0] in person.undone:
            return
        contested = self.write("contested", ticket=person.ticket, because=[loss[0]])
        self.later(self.now + HOUR, self.judge, person, [contested], "inspection", loss)

    def judge(self, person, because, unit, loss):
        verdict = "yes" if self.chance(0.8) else "no"
        seq = self.write(
            "contest_judged",
            ticket=person.ticket,
            verdict=verdict,
            officer=self.officer(unit),
            because=because[:1],
        )
        if verdict == "no" or person.where != "in":
            return
        if unit == "inspection":
            again = (person, [*because, seq], "desk", loss)
            self.later(self.now + self.rng.randint(60, DAY), self.judge, *again)
            return
        lost_by, lost, missed = loss
        if lost_by in person.undone:
            return
        person.waited += lost
        person.missed -= missed
        if person.gave_up == lost_by:
            person.let_go[1]["waited"] = 0
            self.later(self.now + 60, self.take_back, person)
        self.write(
            "weeks_back", ticket=person.ticket, waited=person.waited, because=[*because, seq]
        )

    def stand_in(self, draw, time, cause, due):
        """Seat the first present standby, or try again at the next quarter of an hour."""
        if draw.day not in {"open", "held"} or time not in draw.free:
            return
        if draw.freed.get(time, 0) > due:
            return
        if cause and draw.free[time] != cause:
            return
        cause = draw.free[time]
        here = [one for one in draw.standby if draw.present.get(one, due + 1) <= due]
        here = map(self.people.get, here)
        person = next((one for one in here if one.is_waiting()), None)
        if person:
            self.write(
                "stood_in",
                ticket=person.ticket,
                draw=draw.id,
                time=time,
                because=[draw.free.pop(time)],
            )
            draw.stood.add(person.ticket)
            self.seat(draw, person, time, "confirmed")
            starts = moment(draw.week.monday, time)
            if self.chance(0.8):
                self.later(self.now + 60, self.arrive, draw, person)
                self.later(max(self.now, starts) + 90, self.call, draw, time)
            else:
                self.later(max(self.now, starts + LATE) + 30, self.miss, draw, person)
            return
        due = (due // 900 + 1) * 900
        if due < moment(draw.week.monday, draw.seats[-1]) + SLOT:
            self.by_clock(due, self.stand_in, draw, time, cause, due)

    def not_held(self, draw):
        if draw.day == "open" and draw.held:
            seq = self.write("monday_not_held", draw=draw.id)
            draw.day = "not_held"
            self.not_received(draw, [seq])

    def end_day_of(self, draw):
        if draw.day not in {"open", "held"}:
            return
        seq = self.write("monday_ended", draw=draw.id)
        draw.day = "ended"
        for time, (person, state) in sorted(draw.held.items()):
            ticket, because = person.ticket, [seq]
            kind = "not_received" if state == "arrived" else "not_called"
            if state == "arrived":
                because = [draw.arrived[ticket], seq]
                person.owe()
            elif ticket in draw.drawn and ticket in draw.present:
                person.waited += 1
            self.write(kind, ticket=ticket, draw=draw.id, time=time, because=because)
            person.seat = ()
        draw.held.clear()
        if draw in self.live:
            self.live.remove(draw)

    def come_back(self):
        """Write an outage in the night before the last day of offers, which affects no answer."""
        self.write("outage", from_=stamp(self.now - 2 * HOUR), until=stamp(self.now))

    def report(self, draw):
        count = self.rng.randint(0, 9)
        seq = self.write("audience_off_system", draw=draw.id, count=count, by="mayor", corrects=0)
        if self.chance(0.2):
            self.write(
                "audience_off_system", draw=draw.id, count=count + 1, by="mayor", corrects=seq
            )
        if self.chance(0.1):
            self.write("books_differ", draw=draw.id, report=self.hex())
        for _ in range(self.rng.randint(0, 2)):
            mine = [person for person in self.people.values() if person.district == draw.district]
            self.object_to(draw, self.rng.choice(mine), is_late=True)


@cache
def honest(seed, **sizes):
    """Return the whole history of one small city, the same for the same arguments."""
    return City(seed, **sizes).run()


@cache
def alone():
    """Return a city without witnesses."""
    city = City(2)
    city.witnesses, city.quorum, city.cosign = {}, 1, lambda *_: None
    return city.run()
