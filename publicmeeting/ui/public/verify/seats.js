// Seats after their draw: answers, offers, and the day itself.

import { hasGoneBy, refuseUnless } from "./book.js";
import { RUNNING } from "./undoing.js";
import { dayNumber, dayOf, dayText, seconds } from "./week.js";

const TEN_MINUTES = 600;
const TEN_SECONDS = 10;
const QUARTER = 900;
const HOUR = 3600;
const MOST_MOVED = 4; // Mondays
const WEEK = 7;

// The seat of this ticket at this place, in one of these states.
function seatOf(book, { ticket: name, draw: drawName, time }, ...states) {
  const draw = book.drawOf(drawName);
  const ticket = book.ticketOf(name);
  const seat = draw.places.get(time);
  refuseUnless(seat && seat.holder === name && states.includes(seat.state));
  return { ticket, draw, seat };
}

// Who wants a free seat: the standby in the draw's order, then all others as they filed.
function wanting(book, { drawn, wants }) {
  const all = [...wants.keys()].map((name) => book.tickets.get(name));
  const place = ({ name }) => (drawn.standby.indexOf(name) + 1 || drawn.standby.length + 1);
  return all
    .filter((ticket) => ticket.isWaiting)
    .sort((one, other) => place(one) - place(other) || one.filed - other.filed);
}

// Who is offered the next free seat: the standby that was not asked, then who wants one.
function nextOf(book, draw) {
  const name = draw.drawn.standby.find(
    (one) => !draw.asked.has(one) && book.tickets.get(one).isWaiting,
  );
  return name ? book.tickets.get(name) : wanting(book, draw)[0];
}

function offer(book, { ticket: name, draw: drawName, time, ends, because }) {
  const draw = book.drawOf(drawName);
  const ticket = book.ticketOf(name);
  const { week } = draw.monday;
  refuseUnless(draw.drawn && RUNNING.includes(draw.day));
  const seat = draw.places.get(time);
  refuseUnless(seat?.state === "free", "offer_without_seat");
  const isKnown = draw.drawn.standby.includes(name) || draw.wants.has(name);
  refuseUnless(isKnown && ticket.isWaiting, "offer_to_stranger");
  const [earliest] = draw.free().map((one) => one.time).sort();
  refuseUnless(nextOf(book, draw) === ticket && earliest === time, "offer_out_of_order");
  book.because(because, seat.freed);
  const about = { draw: drawName, ticket: name };
  if (seconds(ends) !== week.offerEnds(book.now)) book.find("lapsed_early", about);
  if (book.now >= week.at("standby_until")) book.find("late", about);
  draw.asked.add(name);
  draw.wants.delete(name);
  book.seatHer(seat, ticket, "offered", { ends: seconds(ends) });
}

// She asks for an offer if a seat becomes free: once for this Monday, and one offer.
function wantFree(book, { ticket: name, draw: drawName }) {
  const draw = book.drawOf(drawName);
  const ticket = book.ticketOf(name);
  refuseUnless(draw.drawn && draw.day === "open" && ticket.isFree);
  refuseUnless(ticket.district === draw.district && !ticket.excluded.has(draw.monday.name));
  const isToBeAsked = draw.drawn.standby.includes(name) && !draw.asked.has(name);
  refuseUnless(!isToBeAsked && !draw.wanted.has(name));
  if (book.now > draw.monday.week.at("standby_until")) book.find("answered_late");
  draw.wanted.add(name);
  draw.wants.set(name, { seq: book.seq, at: book.now });
}

function takeFree(book, { ticket: name, draw: drawName, time }) {
  const draw = book.drawOf(drawName);
  const ticket = book.ticketOf(name);
  const seat = draw.places.get(time);
  refuseUnless(seat?.state === "free" && ticket.state === "in" && ticket.district === draw.district);
  refuseUnless(!ticket.hasSeat, "seat_twice");
  refuseUnless(draw.day === "open");
  refuseUnless(!nextOf(book, draw), "free_before_asked");
  if (book.now > draw.monday.week.at("standby_until")) book.find("answered_late");
  book.seatHer(seat, ticket, "confirmed");
}

function giveUp(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed");
  const { week } = draw.monday;
  const isMoved = body.why === "moved";
  refuseUnless(isMoved === (body.until !== ""));
  const between = isMoved ? mondaysBetween(draw, ticket, body.until) : [];
  const before = ticket.mark;
  const was = { ...seat };
  if (isMoved) {
    ticket.hasMoved = true;
    for (const monday of between) ticket.excluded.set(monday, book.seq);
    if (book.now > (seat.ends || week.at("answer_by"))) book.find("answered_late");
  } else if (!seat.isStoodIn && !needsNoAnswer(book, seat, week)) {
    findUnlapsed(book, draw, seat);
    ticket.giveUp();
    if (book.now >= week.at("standby_until")) ticket.reset();
    if (ticket.waited < before.waited) book.taken.set(book.seq, before.waited);
  }
  ticket.gaveUp = book.seq;
  book.undo.set(book.seq, { ticket, before, after: ticket.mark, seat, was, at: book.now });
  book.release(seat);
}

// Whether the city had an outage one hour before a deadline, when an answer was still possible.
const takes = ({ since, until }, ends) => since <= ends - HOUR && ends - HOUR < until;
const isExcused = ({ outages }, ends) => outages.some((one) => takes(one, ends));

// The seat is assigned and silence costs nothing: it was drawn too late for an answer, or kept
// beyond its deadline because of an outage.
function needsNoAnswer(book, { state, ends }, week) {
  if (state !== "given" || !ends) return false;
  return ends > week.at("standby_until") || (book.now > ends + TEN_MINUTES && isExcused(book, ends));
}

// Reports a seat that still has a holder without an answer, long after its deadline.
function findUnlapsed(book, draw, { state, ends, holder }) {
  const isLong = state === "given" && ends && book.now > ends + TEN_MINUTES + HOUR;
  if (isLong && !isExcused(book, ends)) book.find("not_lapsed", { draw: draw.name, ticket: holder });
}

// The Mondays after this one and before `until`.
function mondaysBetween(draw, ticket, until) {
  const end = dayNumber(until);
  const first = draw.monday.week.day + WEEK;
  refuseUnless(!ticket.hasMoved && end >= first && (end - first) / WEEK <= MOST_MOVED);
  return Array.from({ length: (end - first) / WEEK }, (_, at) => dayText(first + at * WEEK));
}

const requireTheDay = (book, draw) => refuseUnless(dayOf(book.now) === draw.monday.week.day);
const nextQuarter = (instant) => (Math.floor(instant / QUARTER) + 1) * QUARTER;

// At the first of a seat's times (then every quarter of an hour) at which a standby had been
// recorded as present, the first such standby in the draw's order. Nobody who gave up a seat that
// she had stood in is given another that day.
function firstPresent(book, draw, due) {
  const here = draw.drawn.standby.filter(
    (name) =>
      draw.present.has(name) && !draw.leftHall.has(name) && book.tickets.get(name).isWaiting,
  );
  for (let moment = due; moment <= book.now; moment = nextQuarter(moment)) {
    const first = here.find((name) => draw.present.get(name) <= moment);
    if (first) return first;
  }
  return "";
}

function standsInAt(draw, { time, freedAt }) {
  const begins = draw.monday.week.seat(time) - TEN_MINUTES;
  return freedAt > begins ? nextQuarter(freedAt) : begins;
}

// Whether the clock wrote something in between, at least ten minutes from both ends.
const hasRun = ({ clockRan }, since, until) =>
  clockRan.findLast((at) => at <= until - TEN_MINUTES) >= since + TEN_MINUTES;

// The standbys who are waiting, and have been since the draw.
const stayed = (book, { drawn }) =>
  drawn.standby.filter(
    (name) => book.tickets.get(name).isWaiting && !(book.cameBack.get(name) > drawn.seq),
  );

// Reports a seat that was free in the days before, although a standby was not asked.
function findNotOffered(book, draw, { freedAt }) {
  const until = draw.monday.week.at("standby_until");
  const unasked = stayed(book, draw).filter((name) => !draw.asked.has(name));
  const passed = hasRun(book, freedAt, until) ? unasked : [];
  for (const { name } of wanting(book, draw)) {
    const { seq, at } = draw.wants.get(name);
    const hasWaited = !(book.cameBack.get(name) > seq);
    if (hasWaited && hasRun(book, Math.max(freedAt, at), until)) passed.push(name);
  }
  const [ticket] = passed;
  if (ticket) book.find("not_offered", { draw: draw.name, ticket });
}

// Reports a seat that stayed empty although a standby was in the hall.
function findNotGiven(book, draw, seat) {
  const due = standsInAt(draw, seat);
  const until = draw.monday.week.ends(draw.seats);
  const ticket = stayed(book, draw).find((name) => {
    const here = draw.present.get(name);
    return here && hasRun(book, Math.max(due, here) + QUARTER, until);
  });
  if (ticket) book.find("not_offered", { draw: draw.name, ticket });
}

function standIn(book, { ticket: name, draw: drawName, time, because }) {
  const draw = book.drawOf(drawName);
  const ticket = book.ticketOf(name);
  const seat = draw.places.get(time);
  refuseUnless(seat && ["free", "missed"].includes(seat.state));
  refuseUnless(RUNNING.includes(draw.day));
  requireTheDay(book, draw);
  refuseUnless(!ticket.hasSeat, "seat_twice");
  book.because(because, seat.freed);
  const due = standsInAt(draw, seat);
  book.notBefore(due);
  refuseUnless(firstPresent(book, draw, due) === name, "stood_in_out_of_order");
  findNotOffered(book, draw, seat);
  book.seatHer(seat, ticket, "confirmed", { isStoodIn: true });
}

function miss(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "confirmed", "arrived");
  requireTheDay(book, draw);
  const about = { draw: draw.name, ticket: ticket.name };
  if (book.now < draw.monday.week.seat(body.time) + TEN_MINUTES) book.find("no_show_early", about);
  if (draw.present.has(ticket.name) && !seat.isStoodIn) book.find("no_show_but_present", about);
  const before = { kind: "no_show", ticket: { ...ticket.mark, isProven: ticket.isProven } };
  if (!seat.isStoodIn) {
    book.taken.set(book.seq, ticket.waited);
    ticket.reset();
    ticket.missed++;
    ticket.isProven = false;
  }
  noteSlip(book, ticket, draw, { ...before, state: seat.state, officer: body.officer });
  draw.present.delete(ticket.name);
  draw.arrivals.delete(ticket.name);
  ticket.seat = null;
  Object.assign(seat, { state: "missed", freed: book.seq, freedAt: book.now });
}

function comeLate(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "missed");
  refuseUnless(ticket.isFree && RUNNING.includes(draw.day) && !hasGoneBy(book, draw));
  requireTheDay(book, draw);
  const missed = book.cause(body.because, "no_show");
  refuseUnless(missed.seq === seat.freed, "cause_wrong");
  if (book.taken.has(missed.seq)) {
    ticket.waited += book.taken.get(missed.seq);
    ticket.missed = Math.max(0, ticket.missed - 1);
    book.taken.delete(missed.seq);
  }
  draw.arrivals.set(ticket.name, book.seq);
  draw.cameAt.set(ticket.name, book.now);
  book.seatHer(seat, ticket, "arrived", { isStoodIn: seat.isStoodIn });
}

// Stores the state of ticket and seat before reception records an arrival or a no-show, in case
// that is undone.
function noteSlip(book, ticket, draw, facts) {
  const { name } = ticket;
  const present = draw.present.get(name);
  const arrival = draw.arrivals.get(name);
  draw.slips.set(name, { seq: book.seq, at: book.now, present, arrival, ...facts });
}

// The newest entry of reception about this seat, which only the same reception may undo.
function slipOf(book, body, ticket, draw, kind) {
  refuseUnless(ticket.state === "in" && RUNNING.includes(draw.day));
  refuseUnless((ticket.seat === null) === (kind === "no_show"));
  const slip = draw.slips.get(ticket.name);
  refuseUnless(slip?.kind === kind && String(body.because) === String(slip.seq), "cause_wrong");
  const unit = (officer) => officer.split("/")[0];
  refuseUnless(unit(body.officer) === unit(slip.officer), "by_wrong");
  return slip;
}

function endSlip(book, ticket, draw, { at }) {
  draw.slips.delete(ticket.name);
  const about = { draw: draw.name, ticket: ticket.name };
  if (book.now - at > TEN_SECONDS) book.find("answered_late", about);
}

function undoArrival(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "arrived");
  const slip = slipOf(book, body, ticket, draw, "arrival");
  seat.state = slip.state;
  draw.arrivals.delete(ticket.name);
  endSlip(book, ticket, draw, slip);
}

function undoMiss(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "missed");
  const slip = slipOf(book, body, ticket, draw, "no_show");
  if (!seat.isStoodIn) {
    refuseUnless(book.taken.delete(slip.seq), "cause_wrong");
    giveBack(ticket, slip.ticket);
  }
  Object.assign(seat, { state: slip.state, freed: 0, freedAt: 0 });
  ticket.seat = seat;
  if (slip.present !== undefined) draw.present.set(ticket.name, slip.present);
  if (slip.arrival) draw.arrivals.set(ticket.name, slip.arrival);
  endSlip(book, ticket, draw, slip);
}

// Adds it to what she has now, so that nothing that came in between is lost.
function giveBack(ticket, before) {
  for (const count of ["waited", "givenUp", "unanswered"]) ticket[count] += before[count];
  if (before.debt && !ticket.debt) Object.assign(ticket, { debt: 1, sinceDebt: before.sinceDebt });
  ticket.missed = Math.max(0, ticket.missed - 1);
  ticket.isProven ||= before.isProven;
}

function holdDay(book, { draw: name, by }) {
  const draw = book.drawOf(name);
  refuseUnless(draw.day === "open");
  requireTheDay(book, draw);
  draw.day = by === "mayor" ? "held" : "held_by_deputy";
  draw.dayEntry = book.seq;
  draw.isHeld = true;
  draw.heldAt = book.now;
}

// The record of a meeting, after her `met`. It changes nothing, but it must be possible.
function recordMeeting(book, body) {
  const { ticket: name, draw: drawName, time, source, officer, because } = body;
  const draw = book.drawOf(drawName);
  book.ticketOf(name);
  const met = draw.meetings.get(name);
  refuseUnless(met);
  refuseUnless(String(because) === String(met.seq) && met.time === time, "cause_wrong");
  const units = ["mayor", "deputy"].map((one) => `${one}-${drawName.slice(1, 3)}`);
  refuseUnless(units.includes(officer.split("/")[0]), "by_wrong");
  draw.meetings.delete(name);
  const [began, ended] = [seconds(body.began), seconds(body.ended)];
  const isDay = dayOf(began) === draw.monday.week.day && began <= ended && ended <= book.now;
  const earliest = Math.max(draw.cameAt.get(name) ?? 0, draw.heldAt, draw.freeFrom);
  const isLive = ended === met.at && began >= earliest;
  if (!isDay || (source === "live" && !isLive)) book.find("record_wrong", { draw: drawName, ticket: name });
  draw.freeFrom = Math.max(draw.freeFrom, ended);
}

// Entries that change nothing but can be wrong.
const STATEMENTS = {
  skip(book, { draw, ticket }) {
    const { drawn } = book.drawOf(draw);
    book.ticketOf(ticket);
    refuseUnless(drawn);
  },

  outage(book, { from, until }) {
    const found = { since: seconds(from), until: seconds(until) };
    const { since, until: end } = found;
    refuseUnless(book.outages.every((one) => one.until <= since) && since < end);
    refuseUnless(end <= book.now && book.now <= end + HOUR + TEN_MINUTES);
    refuseUnless(!takes(found, book.lapsedEnd));
    book.outages.push(found);
  },

  audited: (book, { size }) => refuseUnless(size < book.seq),
  books_differ: (book, { draw }) => void book.drawOf(draw),

  audience_off_system(book, { draw, corrects }) {
    book.drawOf(draw);
    if (!corrects) return;
    refuseUnless(book.causeAt(corrects, "audience_off_system").body.draw === draw, "cause_wrong");
  },
};

function missDay(book, { draw: name }) {
  const draw = book.drawOf(name);
  refuseUnless(draw.day === "open" && draw.seats.length && draw.drawn);
  book.notBefore(draw.monday.week.seat(draw.seats.at(-1)) + HOUR);
  draw.day = "not_held";
  draw.dayEntry = book.seq;
}

function endDay(book, { draw: name }) {
  const draw = book.drawOf(name);
  refuseUnless(RUNNING.includes(draw.day) && draw.seats.length && draw.drawn);
  book.notBefore(draw.monday.week.ends(draw.seats) + HOUR);
  for (const seat of draw.places.values())
    if (["free", "missed"].includes(seat.state)) {
      findNotOffered(book, draw, seat);
      findNotGiven(book, draw, seat);
    }
  draw.day = "ended";
  draw.dayEntry = book.seq;
}

function notReceived(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed", "arrived");
  const arrived = draw.arrivals.get(ticket.name);
  const isEnded = draw.day === "ended";
  const isOff = ["closed", "not_held"].includes(draw.day) && !draw.absent.has(ticket.name);
  refuseUnless(isEnded ? arrived : isOff);
  book.because(body.because, draw.dayEntry, ...(isEnded ? [arrived] : []));
  findUnlapsed(book, draw, seat);
  book.release(seat);
  ticket.owe();
}

function notCalled(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed");
  const isOver = draw.day === "ended" && !draw.arrivals.has(ticket.name);
  refuseUnless(isOver || draw.absent.has(ticket.name));
  book.because(body.because, draw.dayEntry);
  findUnlapsed(book, draw, seat);
  if (draw.seatedBy.has(ticket.name) && draw.present.has(ticket.name)) ticket.waited++;
  book.release(seat);
}

export const SEAT_STEPS = {
  seat_confirmed(book, body) {
    const { seat } = seatOf(book, body, "given");
    if (seat.ends && book.now > seat.ends) book.find("answered_late");
    seat.state = "confirmed";
  },

  seat_given_up: giveUp,

  seat_lapsed(book, body) {
    const { ticket, seat } = seatOf(book, body, "given");
    book.lapsedEnd = seat.ends || book.lapsedEnd;
    if (!seat.ends || book.now < seat.ends || isExcused(book, seat.ends)) book.find("lapsed_early");
    else if (book.now > seat.ends + TEN_MINUTES) book.find("late");
    ticket.debt = ticket.sinceDebt = 0;
    ticket.unanswered++;
    if (ticket.unanswered >= 2) ticket.reset();
    book.release(seat);
  },

  offered: offer,

  offer_accepted(book, body) {
    const { seat } = seatOf(book, body, "offered");
    if (book.now > seat.ends) book.find("answered_late");
    seat.state = "confirmed";
  },

  offer_refused(book, body) {
    const { ticket, seat } = seatOf(book, body, "offered");
    if (book.now > seat.ends) book.find("answered_late");
    book.undo.set(book.seq, { ticket, seat, was: { ...seat }, at: book.now });
    ticket.gaveUp = book.seq;
    book.release(seat);
  },

  offer_unanswered(book, body) {
    const { draw, seat } = seatOf(book, body, "offered");
    if (draw.day !== "closed" && book.now < seat.ends) book.find("lapsed_early");
    book.release(seat);
  },

  free_wanted: wantFree,
  taken_free: takeFree,

  present(book, { ticket: name, draw: drawName }) {
    const draw = book.drawOf(drawName);
    const ticket = book.ticketOf(name);
    requireTheDay(book, draw);
    refuseUnless(draw.drawn && (ticket.seat?.draw === draw || draw.drawn.standby.includes(name)));
    if (!draw.present.has(name)) draw.present.set(name, book.now);
  },

  arrival(book, body) {
    const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed");
    requireTheDay(book, draw);
    refuseUnless(RUNNING.includes(draw.day) && !hasGoneBy(book, draw));
    findUnlapsed(book, draw, seat);
    noteSlip(book, ticket, draw, { kind: "arrival", state: seat.state, officer: body.officer });
    draw.arrivals.set(ticket.name, book.seq);
    draw.cameAt.set(ticket.name, book.now);
    seat.state = "arrived";
  },
  arrival_undone: undoArrival,

  stood_in: standIn,
  no_show: miss,
  no_show_undone: undoMiss,
  came_late: comeLate,

  met(book, body) {
    const { ticket, draw, seat } = seatOf(book, body, "arrived");
    refuseUnless(draw.isHeld);
    seat.state = "met";
    draw.meetings.set(ticket.name, { seq: book.seq, at: book.now, time: body.time });
    ticket.seat = null;
    Object.assign(ticket, { state: "gone", out: { seq: book.seq, why: "met", at: book.now } });
    ticket.frozenAfter = null;
  },

  meeting_recorded: recordMeeting,
  monday_held: holdDay,
  monday_not_held: missDay,
  monday_ended: endDay,
  not_received: notReceived,
  not_called: notCalled,
  ...STATEMENTS,
};
