"""Second half of an honest small city (`small_city`): requests, and seats until the Monday."""

from datetime import timedelta

from city_line import Line, Person, jalali, moment, stamp, tehran

DAY, HOUR, LATE = 86_400, 3_600, 600
ACTS = ("withdraw", "exclude", "include", "verify", "ask_lane", "displace", "redirect")
DESK = ("info_asked", "declined", "answered")
BACK = {"info_asked": "given", "declined": "objected", "answered": "insisted"}


class Requests(Line):
    """What citizens and desks do with a request while it has no seat."""

    def file(self, district):
        ticket = self.hex()
        prefers = self.rng.choice(("any", "any", "early", "late"))
        by = self.rng.choice(("citizen", "citizen", "desk", "phone"))
        level = self.rng.choice(("typed", "matched", "verified"))
        seq = self.write(
            "filed", ticket=ticket, district=district, by=by, level=level, prefers=prefers
        )
        person = Person(ticket, district, seq, seq, prefers, is_sure=level == "verified")
        self.people[ticket] = person
        self.live_on(person)

    def live_on(self, person):
        for _ in range(self.rng.randint(1, 4)):
            when = self.now + self.rng.randint(60, 20 * DAY)
            if when < self.end:
                self.later(when, self.act, person)
        if self.chance(0.2):
            self.later(self.now + self.rng.randint(60, 2 * DAY), self.screen, person)

    def act(self, person):
        if person.where != "in" or person.seat or person.offer:
            return
        act = self.rng.choice(ACTS)
        rare = {"withdraw": 0.4, "displace": 0.3, "redirect": 0.4}
        if self.chance(rare.get(act, 1)):
            getattr(self, act)(person)

    def is_listed(self, person):
        return any(
            draw.state == "frozen" and person.ticket in draw.rows
            for week in self.weeks.values()
            for draw in week.draws
        )

    def leave(self, person, why, officer="", where="gone"):
        seq = self.write("taken_out", ticket=person.ticket, why=why, officer=officer)
        person.left, person.where, person.frozen_after = (seq, why, self.now), where, None
        person.lists, person.seat_left = 0, ()
        if person.seat:
            draw, time = person.seat
            was_stood = person.ticket in draw.stood
            person.seat_left = (seq, self.now, draw, time, draw.held[time][1], was_stood, 0)
            person.seat = ()
            del draw.held[time]
            self.set_free(draw, time, seq)
        if person.offer:
            draw, time = person.offer
            person.offer = ()
            _, ends = draw.offers.pop(time)
            person.seat_left = (seq, self.now, draw, time, "offered", False, ends)
            self.set_free(draw, time, seq)
        return seq

    def withdraw(self, person):
        self.leave(person, "withdrawn")
        if self.chance(0.5):
            self.later(self.now + self.rng.randint(30, 4 * DAY), self.undo, person)

    def undo(self, person):
        week = person.frozen_after
        in_time = week is None or self.now <= week.at("objections_until")
        if person.where == "gone" and person.left[1] in {"withdrawn", "accepted"} and in_time:
            self.write("taken_in", ticket=person.ticket, why="undone", because=[person.left[0]])
            self.bring_back(person)
            self.live_on(person)

    def bring_back(self, person):
        """Bring her back as if she had not left, with what she had of a Monday."""
        left, person.where, person.seat_left = person.seat_left, "in", ()
        if left:
            self.seat_again(person, left)

    def comes_back(self, person, left):
        """Return whether nobody else was asked for it, and she can still answer or come."""
        seq, _, draw, time, state, _, ends = left
        is_hers = draw.free.get(time) == seq and draw.day in {"open", "held"}
        if not is_hers or not person.is_waiting() or person.offer:
            return False
        if person.district != draw.district:
            return False
        return self.now <= ends if state == "offered" else self.now < self.called_until(draw, time)

    def is_owed(self, person, left):
        """Return whether she is owed a seat, once, for one that went on or closed by her time."""
        seq, at, draw, time, _, was_stood, _ = left
        was_closed = draw.day == "closed" and draw.closed_at < self.called_until(draw, time)
        is_gone = draw.freed_by.get(time) != seq or was_closed
        was_there = at < draw.week.at("standby_until") or not {
            person.ticket,
            *person.names,
        }.isdisjoint(draw.present)
        return is_gone and was_there and not was_stood and not person.is_made_good

    def seat_again(self, person, left):
        _, _, draw, time, state, was_stood, ends = left
        if self.comes_back(person, left):
            del draw.free[time]
            if state == "offered":
                self.ask(draw, time, person, ends)
                return
            self.seat(draw, person, time, state)
            if was_stood:
                draw.stood.add(person.ticket)
            if state == "given" and draw.until and self.now > draw.until:
                self.by_clock(self.now, self.lapse, draw)
            if tehran(self.now).date() == draw.week.monday:
                self.later(self.now + 30, self.arrive, draw, person)
        elif person.left and person.left[:2] == (left[0], "displaced"):
            person.owe()
        elif self.is_owed(person, left):
            person.given_up += 1
            person.owe()
            person.is_made_good = True
        elif state != "offered" and not was_stood:
            person.give_up()

    def displace(self, person):
        """Let another person prove the identity; sometimes it is hers all the same."""
        place = person.seat or person.offer
        is_late = place and self.now >= place[0].week.at("standby_until")
        if person.where != "in" or person.is_sure or is_late:
            return
        if self.is_listed(person) or self.is_between(person):
            return
        self.leave(person, "displaced")
        if self.chance(0.8):
            when = self.now + self.rng.choice((60, HOUR, DAY, 9 * DAY, 56 * DAY))
            self.later(when, self.reclaim, person, person.left)

    def reclaim(self, person, left):
        if person.where == "gone" and person.left == left:
            self.verify(person)
            self.write("taken_in", ticket=person.ticket, why="undone", because=[left[0]])
            person.waited += person.lists
            self.bring_back(person)
            self.live_on(person)

    def screen(self, person):
        """Let a desk turn her away while her line is open."""
        is_free = not person.seat and not person.offer and not self.is_listed(person)
        if person.where != "in" or not person.is_open_to_desk or not is_free:
            return
        why = self.rng.choice(DESK)
        self.leave(person, why, self.officer(), "out")
        answer = self.rng.random()
        when = self.now + self.rng.randint(60, 10 * DAY - 60)
        if answer < 0.6:
            self.later(when, self.answer, person, person.left)
        elif answer < 0.75:
            self.later(when, self.accept, person, person.left)
        gone = "lapsed" if why == "info_asked" else "settled"
        self.by_clock(self.now + 10 * DAY, self.give_up_waiting, person, person.left, gone)

    def answer(self, person, left):
        if person.where == "out" and person.left == left:
            why = BACK[left[1]]
            self.write("taken_in", ticket=person.ticket, why=why, because=[left[0]])
            person.where, person.is_open_to_desk = "in", True
            if why == "objected" and person.lists:
                person.waited += 1
            self.live_on(person)

    def accept(self, person, left):
        if person.where == "out" and person.left == left:
            self.leave(person, "accepted")

    def give_up_waiting(self, person, left, why):
        if person.where == "out" and person.left == left:
            self.leave(person, why)

    def exclude(self, person):
        open_ones = [week for week in self.weeks.values() if week.frozen_at == 0]
        for week in self.rng.sample(open_ones, min(1, len(open_ones))):
            if week.monday not in person.out:
                seq = self.write("monday_excluded", ticket=person.ticket, monday=week.name)
                person.out[week.monday] = ("excluded", seq)

    def include(self, person):
        mine = [day for day in person.out if day in self.weeks and not self.weeks[day].frozen_at]
        for day in mine[:1]:
            self.write("monday_included", ticket=person.ticket, monday=jalali(day))
            del person.out[day]

    def verify(self, person):
        self.write("verified", ticket=person.ticket, by=self.rng.choice(("sso", "desk")))
        person.is_verified = person.is_sure = True

    def ask_lane(self, person):
        if not person.case and person.lane == "general":
            person.case = self.hex(16)
            self.asks.append((person.case, self.rng.choice(("access", "urgent")), person))

    def midnight(self):
        """Write the lane cases of the day and the officers' answers, without names."""
        asked, self.asks = sorted(self.asks, key=lambda one: one[0]), []
        for case, lane, _ in asked:
            self.write("lane_asked", case=case, lane=lane)
        yes = []
        for case, lane, person, verdicts in sorted(self.judged, key=lambda one: one[0]):
            unit = ("desk", "welfare")[len(verdicts)]
            verdict = "yes" if self.chance(0.8) else "no"
            seq = self.write("lane_judged", case=case, verdict=verdict, officer=self.officer(unit))
            verdicts.append((seq, verdict))
            if [one for _, one in verdicts] == ["yes", "yes"]:
                yes.append((person, lane, [one for one, _ in verdicts]))
        for person, lane, because in yes:
            self.write("lane_granted", ticket=person.ticket, lane=lane, because=because)
            person.lane = lane
        new = [(case, lane, person, []) for case, lane, person in asked]
        self.judged = [one for one in self.judged if len(one[3]) < 2] + new
        if self.witnesses and self.chance(0.3):
            self.later(self.now + 60, self.cosign, (self.rng.choice([*self.witnesses]),))
        if self.now + DAY < self.end:
            self.by_clock(self.midnight_after(), self.midnight)

    def midnight_after(self):
        return moment(tehran(self.now).date() + timedelta(days=1))

    def is_between(self, person):
        """Return whether her line has closed and its list is not fixed."""
        return any(
            draw.state == "open" and draw.district == person.district
            for week in self.weeks.values()
            if week.closed and person.line < week.closed
            for draw in week.draws
        )

    def redirect(self, person):
        if person.case or self.is_listed(person) or self.is_between(person):
            return
        ticket = self.hex()
        district = self.rng.choice([one for one in self.districts if one != person.district])
        seq = self.write(
            "redirected",
            old=person.ticket,
            new=ticket,
            district=district,
            officer=self.officer(),
            because=[person.filed],
        )
        fields = {**vars(person), "ticket": ticket, "district": district, "out": dict(person.out)}
        fields["names"] = (*person.names, person.ticket)
        person.where, person.left = "gone", (seq, "redirected", self.now)
        new = self.people[ticket] = Person(**fields)
        self.live_on(new)
        if new.gave_up:
            self.later(self.now + self.rng.choice((0, HOUR, DAY)), self.take_back, new)


class Seats(Requests):
    """From the draw to the evening before the Monday."""

    def ask_answers(self, draw):
        week = draw.week
        until = draw.until = self.answer_by(draw)
        for person, _ in list(draw.held.values()):
            plan = self.rng.random()
            when = self.between(self.now + 60, (until or moment(week.monday)) - 1)
            if plan < 0.6:
                self.later(when, self.confirm, draw, person)
                if self.chance(0.15):
                    late = self.between(when, week.at("standby_until") + 8 * HOUR)
                    self.later(late, self.give_back, draw, person)
            elif plan < 0.75:
                self.later(when, self.give_back, draw, person)
            elif plan < 0.85 and until:
                self.later(when, self.move, draw, person)
            elif plan < 0.9:
                self.later(when, self.withdraw_late, person)
            elif plan < 0.94:
                self.later(when, self.displace, person)
        if until:
            self.by_clock(until, self.lapse, draw)

    def answer_by(self, draw):
        monday = draw.week.monday
        if self.now <= moment(monday - timedelta(days=2), "12:00"):
            return draw.week.at("answer_by")
        if self.now < moment(monday - timedelta(days=1), "08:00"):
            return moment(monday - timedelta(days=1), "14:00")
        return 0

    def holds(self, draw, person, *states):
        if not person.seat or person.seat[0] is not draw:
            return ""
        time = person.seat[1]
        return time if draw.held[time][1] in states else ""

    def confirm(self, draw, person):
        time = self.holds(draw, person, "given")
        if time:
            self.write("seat_confirmed", ticket=person.ticket, draw=draw.id, time=time)
            self.seat(draw, person, time, "confirmed")

    def give_back(self, draw, person):
        time = self.holds(draw, person, "given", "confirmed")
        if not time:
            return
        seq = self.write(
            "seat_given_up", ticket=person.ticket, draw=draw.id, time=time, why="citizen", until=""
        )
        before, out = person.counts(), dict(person.out)
        left = self.left_of(draw, person, time, seq)
        if person.ticket not in draw.stood:
            person.give_up()
        if person.ticket not in draw.stood and self.now >= draw.week.at("standby_until"):
            person.reset()
        self.release(draw, person, time, seq)
        lost = before["waited"] - person.waited
        if lost and self.chance(0.6):
            when = self.now + self.rng.randint(60, 3 * DAY)
            self.later(when, self.contest, person, (seq, lost, 0))
        self.maybe_take_back(person, left, before, out)

    def maybe_take_back(self, person, left, before, out):
        taken = {key: count - person.counts()[key] for key, count in before.items()}
        person.gave_up, person.let_go = left[0], (left, taken, out)
        if self.chance(0.6):
            when = self.now + self.rng.choice((0, 30, 3 * HOUR, DAY, 2 * DAY))
            self.later(when, self.take_back, person)
        if self.chance(0.12):
            self.later(self.now + 45, self.send_on, person)

    def send_on(self, person):
        if person.where == "in" and not person.seat and not person.offer:
            self.redirect(person)

    def take_back(self, person):
        """Let her deny that she gave up or refused the last seat."""
        if not person.gave_up or not person.is_waiting() or person.offer:
            return
        left, taken, out = person.let_go
        seq = left[0]
        is_worth = left[4] != "offered" or self.is_owed(person, left)
        is_in_time = self.now <= self.undone_until(person, seq)
        if not self.comes_back(person, left) and not (is_in_time and is_worth):
            return
        self.write("taken_in", ticket=person.ticket, why="undone", because=[seq])
        for key, count in taken.items():
            setattr(person, key, max(0, getattr(person, key) + count))
        person.gave_up = 0
        person.undone.add(seq)
        for day in [day for day, (_, cause) in person.out.items() if cause == seq]:
            del person.out[day]
            if day in out:
                person.out[day] = out[day]
        person.debt = min(1, person.debt)
        self.seat_again(person, left)

    def undone_until(self, person, seq):
        """Return the end of the objections to the first list of her district after an act."""
        frozen = {
            draw.first_freeze: draw.week
            for week in self.weeks.values()
            for draw in week.draws
            if draw.district == person.district and draw.first_freeze > seq
        }
        return frozen[min(frozen)].at("objections_until") if frozen else self.now

    def left_of(self, draw, person, time, seq):
        was_stood = person.ticket in draw.stood
        return seq, self.now, draw, time, draw.held[time][1], was_stood, 0

    def release(self, draw, person, time, seq):
        person.seat = ()
        draw.stood.discard(person.ticket)
        del draw.held[time]
        self.set_free(draw, time, seq)

    def move(self, draw, person):
        time = self.holds(draw, person, "given", "confirmed")
        if not time or person.is_moved:
            return
        weeks = self.rng.randint(1, 5)
        until = draw.week.monday + timedelta(weeks=weeks)
        seq = self.write(
            "seat_given_up",
            ticket=person.ticket,
            draw=draw.id,
            time=time,
            why="moved",
            until=jalali(until),
        )
        before, out = person.counts(), dict(person.out)
        left = self.left_of(draw, person, time, seq)
        person.is_moved = True
        for at in range(1, weeks):
            person.out[draw.week.monday + timedelta(weeks=at)] = ("moved", seq)
        self.release(draw, person, time, seq)
        self.maybe_take_back(person, left, before, out)

    def withdraw_late(self, person):
        if person.where == "in":
            self.withdraw(person)

    def lapse(self, draw):
        for time, (person, state) in sorted(draw.held.items()):
            if state == "given":
                seq = self.write("seat_lapsed", ticket=person.ticket, draw=draw.id, time=time)
                person.debt = 0
                person.unanswered += 1
                if person.unanswered >= 2:
                    person.reset()
                self.release(draw, person, time, seq)

    def set_free(self, draw, time, seq):
        draw.freed_by[time] = seq
        if draw.day == "closed":
            return
        draw.free[time], draw.freed[time] = seq, self.now
        starts = moment(draw.week.monday, time)
        if self.now > starts - LATE and draw.state == "drawn":
            due = (self.now // 900 + 1) * 900
            self.by_clock(due, self.stand_in, draw, time, seq, due)

    def next_of(self, draw):
        some = [self.people[ticket] for ticket in draw.standby if ticket not in draw.asked]
        mine = [self.people[ticket] for ticket in draw.standby if ticket in draw.wants]
        others = [self.people[ticket] for ticket in draw.wants if ticket not in draw.standby]
        others.sort(key=lambda one: one.line)
        return next((one for one in [*some, *mine, *others] if one.is_waiting()), None)

    def offer_round(self):
        """Offer every free seat of every drawn Monday at once, the earliest first."""
        for draw in self.live:
            until = draw.week.at("standby_until")
            while draw.free and draw.day == "open" and self.now < until:
                person = self.next_of(draw)
                if person is None:
                    break
                self.offer(draw, min(draw.free), person, until)

    def offer(self, draw, time, person, until):
        ends = self.offer_ends(until)
        self.write(
            "offered",
            ticket=person.ticket,
            draw=draw.id,
            time=time,
            ends=stamp(ends),
            because=[draw.free.pop(time)],
        )
        draw.asked.add(person.ticket)
        draw.wants.discard(person.ticket)
        self.ask(draw, time, person, ends)

    def ask(self, draw, time, person, ends):
        draw.freed_by.pop(time, None)
        draw.offers[time] = (person, ends)
        person.offer = (draw, time)
        answer = self.rng.random()
        if answer < 0.7:
            kind = "offer_accepted" if answer < 0.45 else "offer_refused"
            self.later(
                self.between(min(self.now + 30, ends - 1), ends - 1),
                self.end_offer,
                draw,
                time,
                person,
                kind,
            )
        self.by_clock(ends, self.end_offer, draw, time, person, "offer_unanswered")

    def offer_ends(self, until):
        left, at = 2 * HOUR, self.now
        while True:
            day = tehran(at).date()
            start, end = max(at, moment(day, "08:00")), moment(day, "20:00")
            if start + left <= end:
                return min(start + left, until)
            left -= max(end - start, 0)
            at = moment(day + timedelta(days=1))

    def end_offer(self, draw, time, person, kind):
        if draw.offers.get(time, ("", 0))[0] is not person or person.offer != (draw, time):
            return
        is_over = self.now >= draw.offers[time][1] or draw.day == "closed"
        if kind == "offer_unanswered" and not is_over:
            return  # of an earlier offer of the same seat to her
        seq = self.write(kind, ticket=person.ticket, draw=draw.id, time=time)
        _, ends = draw.offers.pop(time)
        person.offer = ()
        if kind == "offer_accepted":
            self.seat(draw, person, time, "confirmed")
            return
        self.set_free(draw, time, seq)
        if kind == "offer_refused":
            left = (seq, self.now, draw, time, "offered", False, ends)
            self.maybe_take_back(person, left, {}, {})

    def want_free(self):
        """Let some of those who wait ask for an offer of a seat that becomes free."""
        for draw in self.live:
            is_time = self.now < draw.week.at("standby_until") and draw.day == "open"
            for person in list(self.people.values()) if is_time else []:
                is_hers = person.district == draw.district and draw.week.monday not in person.out
                is_asked = person.ticket not in draw.standby or person.ticket in draw.asked
                is_new = is_asked and person.ticket not in draw.wanted
                waits = person.is_waiting() and not person.offer
                if is_hers and is_new and waits and self.chance(0.1):
                    self.write("free_wanted", ticket=person.ticket, draw=draw.id)
                    draw.wanted.add(person.ticket)
                    draw.wants.add(person.ticket)
        if self.now + HOUR < self.end:
            self.later(self.now + self.rng.randint(4 * HOUR, DAY), self.want_free)

    def take_free(self):
        """Let anybody who waits in the district try for seats that no standby wanted."""
        for draw in self.live:
            waiting = [
                one
                for one in self.people.values()
                if one.district == draw.district and one.is_waiting() and not one.offer
            ]
            is_time = self.now < draw.week.at("standby_until") and draw.day == "open"
            if is_time and draw.free and waiting and self.next_of(draw) is None:
                person = self.rng.choice(waiting)
                time = self.rng.choice(sorted(draw.free))
                self.write("taken_free", ticket=person.ticket, draw=draw.id, time=time)
                del draw.free[time]
                self.seat(draw, person, time, "confirmed")
        if self.now + HOUR < self.end:
            self.later(self.now + self.rng.randint(HOUR, 12 * HOUR), self.take_free)
