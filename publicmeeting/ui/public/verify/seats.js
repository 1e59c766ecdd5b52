// Seats after their draw: answers, offers, and the day itself.

import { refuseUnless } from "./book.js";
import { dayNumber, dayOf, dayText, instant, seconds } from "./week.js";

const TEN_MINUTES = 600;
const QUARTER = 900;
const HOUR = 3600;
const MOST_MOVED = 4; // Mondays
const WEEK = 7;
const RUNNING = ["open", "held", "held_by_deputy"];
const SATURDAY = 2;
const SUNDAY = 1;

// The seat of this ticket at this place, in one of these states.
function seatOf(book, { ticket: name, draw: drawName, time }, ...states) {
  const ticket = book.ticketOf(name);
  const draw = book.drawOf(drawName);
  const seat = draw.places.get(time);
  refuseUnless(seat && seat.holder === name && states.includes(seat.state));
  return { ticket, draw, seat };
}

// Until when an answer to a drawn seat is waited for; Infinity where it came too late to wait.
function answerBy({ drawn, monday: { week } }) {
  if (drawn.at <= instant(week.day - SATURDAY, "12:00")) return week.at("answer_by");
  if (drawn.at <= instant(week.day - SUNDAY, "08:00")) return instant(week.day - SUNDAY, "14:00");
  return Infinity;
}

function nextOf(book, draw) {
  const name = draw.drawn.standby.find(
    (one) => !draw.asked.has(one) && book.tickets.get(one).isWaiting,
  );
  return name && book.tickets.get(name);
}

function offer(book, { ticket: name, draw: drawName, time, ends, because }) {
  const ticket = book.ticketOf(name);
  const draw = book.drawOf(drawName);
  refuseUnless(draw.drawn && draw.day === "open" && book.now < draw.monday.week.at("standby_until"));
  const seat = draw.places.get(time);
  refuseUnless(seat?.state === "free", "offer_without_seat");
  const isAsked = draw.drawn.standby.includes(name) && !draw.asked.has(name) && ticket.isWaiting;
  refuseUnless(isAsked, "offer_to_stranger");
  const [earliest] = draw.free().map((one) => one.time).sort();
  refuseUnless(nextOf(book, draw) === ticket && earliest === time, "offer_out_of_order");
  book.because(because, seat.freed);
  refuseUnless(seconds(ends) === draw.monday.week.offerEnds(book.now));
  draw.asked.add(name);
  Object.assign(seat, { state: "offered", holder: name, ends: seconds(ends), since: book.seq });
  ticket.seat = seat;
}

function takeFree(book, { ticket: name, draw: drawName, time }) {
  const ticket = book.ticketOf(name);
  const draw = book.drawOf(drawName);
  refuseUnless(draw.drawn && draw.day === "open");
  refuseUnless(draw.places.get(time)?.state === "free", "offer_without_seat");
  refuseUnless(!ticket.hasSeat, "seat_twice");
  refuseUnless(ticket.state === "in" && ticket.district === draw.district, "offer_to_stranger");
  refuseUnless(!nextOf(book, draw), "free_before_asked");
  if (book.now > draw.monday.week.at("standby_until")) book.find("answered_late");
  book.seatHer(draw.places.get(time), ticket, "confirmed", { isDrawn: false });
}

function giveUp(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed");
  const { week } = draw.monday;
  const isMoved = body.why === "moved";
  const between = isMoved ? mondaysBetween(draw, body.until) : [];
  refuseUnless(isMoved ? !ticket.hasMoved : body.until === "");
  if (isMoved && book.now > answerBy(draw)) book.find("answered_late");
  const before = { ticket, mark: ticket.mark, seat, was: { ...seat }, isSeatAlone: true };
  book.undo.set(book.seq, before);
  if (isMoved) ticket.hasMoved = true;
  for (const monday of between) ticket.excluded.set(monday, book.seq);
  if (!isMoved) {
    ticket.givenUp++;
    ticket.sinceDebt++;
    if (ticket.debt && ticket.sinceDebt >= 2) ticket.debt = 0;
    if (book.now > week.at("standby_until") || ticket.givenUp >= 3) ticket.reset();
  }
  book.release(seat);
}

// The Mondays behind this one and before `until`.
function mondaysBetween(draw, until) {
  const end = dayNumber(until);
  const first = draw.monday.week.day + WEEK;
  refuseUnless(end >= first && (end - first) / WEEK <= MOST_MOVED);
  return Array.from({ length: (end - first) / WEEK }, (_, at) => dayText(first + at * WEEK));
}

function onTheDay(book, draw) {
  const day = dayOf(book.now);
  if (day < draw.monday.week.day) book.find("early");
  if (day > draw.monday.week.day) book.find("late");
}

function standIn(book, { ticket: name, draw: drawName, time, because }) {
  const ticket = book.ticketOf(name);
  const draw = book.drawOf(drawName);
  refuseUnless(draw.drawn && RUNNING.includes(draw.day));
  const seat = draw.places.get(time);
  refuseUnless(seat && ["free", "missed"].includes(seat.state), "offer_without_seat");
  refuseUnless(!ticket.hasSeat, "seat_twice");
  const first = draw.drawn.standby.find(
    (one) => draw.present.has(one) && book.tickets.get(one).isWaiting,
  );
  refuseUnless(first === name, "stood_in_out_of_order");
  book.because(because, seat.freed);
  const begins = draw.monday.week.seat(time) - TEN_MINUTES;
  const isLate = seat.freedAt > begins;
  book.notBefore(isLate ? (Math.floor(seat.freedAt / QUARTER) + 1) * QUARTER : begins);
  book.seatHer(seat, ticket, "confirmed", { isDrawn: false, isStoodIn: true });
}

function miss(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "confirmed", "arrived");
  refuseUnless(RUNNING.includes(draw.day));
  book.notBefore(draw.monday.week.seat(body.time) + TEN_MINUTES, "no_show_early");
  if (draw.present.has(ticket.name) && !seat.isStoodIn)
    book.find("no_show_but_present", { ticket: ticket.name });
  const taken = { ticket, waited: 0, isStoodIn: seat.isStoodIn };
  if (!seat.isStoodIn) {
    taken.waited = ticket.waited;
    ticket.reset();
    ticket.missed++;
    ticket.isProven = false;
    ticket.lastMissed = book.seq;
  }
  book.taken.set(book.seq, taken);
  draw.present.delete(ticket.name);
  ticket.seat = null;
  Object.assign(seat, { state: "missed", holder: "", lost: ticket.name, freed: book.seq, freedAt: book.now });
}

function comeLate(book, { ticket: name, draw: drawName, time, because }) {
  const ticket = book.ticketOf(name);
  const draw = book.drawOf(drawName);
  const seat = draw.places.get(time);
  refuseUnless(seat?.state === "missed" && seat.lost === name && ticket.isWaiting);
  refuseUnless(RUNNING.includes(draw.day));
  book.because(because, seat.freed);
  onTheDay(book, draw);
  const taken = book.taken.get(seat.freed);
  book.taken.delete(seat.freed);
  if (!taken.isStoodIn) {
    ticket.waited += taken.waited;
    ticket.missed--;
  }
  draw.arrivals.set(name, book.seq);
  book.seatHer(seat, ticket, "arrived", { isStoodIn: taken.isStoodIn, isDrawn: seat.isDrawn });
}

function holdDay(book, { draw: name, by }) {
  const draw = book.drawOf(name);
  refuseUnless(draw.day === "open" && draw.drawn);
  onTheDay(book, draw);
  draw.day = by === "mayor" ? "held" : "held_by_deputy";
  draw.dayEntry = book.seq;
}

const isHeld = (seat) => ["given", "confirmed", "arrived"].includes(seat.state);

function missDay(book, { draw: name }) {
  const draw = book.drawOf(name);
  refuseUnless(draw.day === "open" && draw.drawn && [...draw.places.values()].some(isHeld));
  const { week } = draw.monday;
  const noon = instant(week.day, "12:00");
  const last = week.seat(draw.seats.at(-1));
  const due = week.seat(draw.seats[0]) >= noon ? last : Math.min(noon, week.ends(draw.seats) + HOUR);
  book.byClock(due);
  draw.day = "not_held";
  draw.dayEntry = book.seq;
}

function endDay(book, { draw: name }) {
  const draw = book.drawOf(name);
  refuseUnless(RUNNING.includes(draw.day) && draw.drawn);
  book.byClock(draw.monday.week.ends(draw.seats) + HOUR);
  draw.day = "ended";
  draw.dayEntry = book.seq;
}

function notReceived(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed", "arrived");
  const isEnded = draw.day === "ended";
  refuseUnless(["closed", "not_held"].includes(draw.day) || (isEnded && seat.state === "arrived"));
  book.because(body.because, draw.dayEntry, ...(isEnded ? [draw.arrivals.get(ticket.name)] : []));
  book.release(seat);
  ticket.owe();
}

function notCalled(book, body) {
  const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed");
  refuseUnless(draw.day === "ended");
  book.because(body.because, draw.dayEntry);
  if (seat.isDrawn && draw.present.has(ticket.name)) ticket.waited++;
  book.release(seat);
}

export const SEAT_STEPS = {
  seat_confirmed(book, body) {
    const { draw, seat } = seatOf(book, body, "given");
    if (book.now > answerBy(draw)) book.find("answered_late");
    seat.state = "confirmed";
  },

  seat_given_up: giveUp,

  seat_lapsed(book, body) {
    const { ticket, draw, seat } = seatOf(book, body, "given");
    book.notBefore(answerBy(draw), "lapsed_early");
    ticket.debt = 0;
    ticket.unanswered++;
    if (ticket.unanswered >= 2) ticket.reset();
    book.release(seat);
  },

  offered: offer,

  offer_accepted(book, body) {
    const { ticket, seat } = seatOf(book, body, "offered");
    refuseUnless(!ticket.hasSeat, "seat_twice");
    if (book.now > seat.ends) book.find("answered_late");
    book.seatHer(seat, ticket, "confirmed", { isDrawn: false });
  },

  offer_refused(book, body) {
    const { seat } = seatOf(book, body, "offered");
    if (book.now > seat.ends) book.find("answered_late");
    book.release(seat);
  },

  offer_unanswered(book, body) {
    const { draw, seat } = seatOf(book, body, "offered");
    if (draw.day === "open") book.notBefore(seat.ends);
    book.release(seat);
  },

  taken_free: takeFree,

  present(book, { ticket: name, draw: drawName }) {
    const ticket = book.ticketOf(name);
    const draw = book.drawOf(drawName);
    refuseUnless(draw.drawn && RUNNING.includes(draw.day));
    const holds = ticket.seat?.draw === draw && ticket.seat.state === "confirmed";
    refuseUnless(holds || (draw.drawn.standby.includes(name) && ticket.isWaiting));
    onTheDay(book, draw);
    if (!draw.present.has(name)) draw.present.set(name, book.seq);
  },

  arrival(book, body) {
    const { ticket, draw, seat } = seatOf(book, body, "given", "confirmed");
    refuseUnless(RUNNING.includes(draw.day));
    onTheDay(book, draw);
    draw.arrivals.set(ticket.name, book.seq);
    seat.state = "arrived";
  },

  stood_in: standIn,
  no_show: miss,
  came_late: comeLate,

  met(book, body) {
    const { ticket, draw, seat } = seatOf(book, body, "arrived");
    refuseUnless(["held", "held_by_deputy"].includes(draw.day));
    seat.state = "met";
    ticket.seat = null;
    Object.assign(ticket, { state: "gone", out: { seq: book.seq, why: "met", at: book.now } });
    ticket.frozenAfter = null;
  },

  monday_held: holdDay,
  monday_not_held: missDay,
  monday_ended: endDay,
  not_received: notReceived,
  not_called: notCalled,

  skip(book, { ticket, draw }) {
    book.ticketOf(ticket);
    book.drawOf(draw);
  },
};
