// What the log so far says of every ticket, Monday, draw and seat. Nothing else is believed: no rows
// of a database, no date inside an entry. Places in the log decide (docs/turns.md 1).

import { dayOf, Week } from "./week.js";

export const GRACE = 600; // seconds by which the city's clock may be late
export const MOST_MISSED = 2;
const HOUR = 3600;
const BY_CLOCK = ["monday_opened", "line_closed", "freeze", "draw", "offered", "seat_lapsed"];
BY_CLOCK.push("stood_in", "monday_ended");
const BACK = ["taken_in", "seat_given_up", "seat_lapsed", "no_show", "not_received", "not_called"];
const HELD = ["given", "confirmed", "arrived"];

// A step that is not allowed: it is named and moves nothing.
export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export const refuseUnless = (right, code = "step_not_allowed") => {
  if (!right) throw new Refused(code);
};

// Whether its last seat has ended, and the clock's ten minutes are over.
export const hasGoneBy = (book, { seats, monday }) =>
  seats.length > 0 && book.now > monday.week.ends(seats) + GRACE;

// A Monday is past, and its end, or what follows from it for whoever has a seat, is not in the log.
export function isEndMissing(book, { drawn, monday, day, places }) {
  if (!drawn || !places.size || dayOf(book.now) <= monday.week.day) return false;
  const ended = monday.week.ends([...places.keys()].sort()) + HOUR;
  if (book.now <= Math.max(ended, drawn.at) + GRACE) return false;
  const isOpen = ["open", "held", "held_by_deputy"].includes(day);
  return isOpen || [...places.values()].some((seat) => HELD.includes(seat.state));
}

class Ticket {
  constructor(name, district, filed, line, prefers) {
    Object.assign(this, { name, district, filed, line, prefers, cameIn: filed, names: [] });
    this.state = "in";
    this.out = null; // {seq, why, at} while it is out or gone
    this.lane = "general";
    this.reset();
    this.missed = this.sinceDebt = this.lists = 0;
    this.isProven = true;
    this.isVerified = false; // by a card or a sign-on: there is no higher level
    this.hasMoved = false;
    this.gaveUp = 0; // the newest entry by which she gave a seat up, or refused an offer
    this.isMadeGood = false; // she was owed a seat once for one that went on by an act she denies
    this.excluded = new Map(); // Monday → the entry that left it out
    this.seat = null; // what she has or is offered
    this.frozenAfter = null; // the week of the first list that was fixed after she had left
  }

  reset() {
    this.waited = this.debt = this.givenUp = this.unanswered = this.sinceDebt = 0;
  }

  // The second since a debt takes the debt, the third since the last reset all weeks.
  giveUp() {
    this.givenUp++;
    if (this.debt && ++this.sinceDebt >= 2) this.debt = this.sinceDebt = 0;
    if (this.givenUp >= 3) this.reset();
  }

  // By its own name or one it had before it was sent to another district.
  isNamed(name) {
    return name === this.name || this.names.includes(name);
  }

  owe() {
    this.debt = 1;
    this.sinceDebt = 0;
  }

  get hasSeat() {
    return this.seat !== null && HELD.includes(this.seat.state);
  }

  get isWaiting() {
    return this.state === "in" && !this.hasSeat;
  }

  // Neither a seat nor an open offer.
  get isFree() {
    return this.state === "in" && !this.seat;
  }

  get row() {
    const { name: ticket, lane, waited, debt, prefers } = this;
    return { ticket, lane, waited, debt, prefers };
  }

  // What giving a seat up changes, to be put back when she denies it.
  get mark() {
    const { waited, debt, givenUp, unanswered, sinceDebt, hasMoved } = this;
    return { waited, debt, givenUp, unanswered, sinceDebt, hasMoved, excluded: new Map(this.excluded) };
  }
}

// What is common to the draws of one Monday.
class Monday {
  constructor(name, rules) {
    this.name = name;
    this.rules = rules;
    this.week = new Week(name, rules);
    this.draws = [];
    this.commitments = new Map(); // party → commitment
    this.reveals = new Map();
    this.lineClosed = 0;
    this.shift = 0; // seconds by which a late freeze moves the times up to the end of the reveals
    this.openedAt = 0;
    this.sealed = null; // {seq, at}
    this.days = []; // of the late value
    this.values = new Map(); // day → party → {value, seq}
    this.stands = null; // {seq, day, value, at}
  }

  at(name) {
    return this.week.at(name) + this.shift;
  }
}

class Draw {
  constructor(name, monday, seats, rulesHash, opened) {
    Object.assign(this, { name, monday, seats, rulesHash, opened });
    this.district = Number(name.slice(1, 3));
    this.state = "open";
    this.day = seats.length ? "open" : "closed"; // of the Monday's machine
    this.dayEntry = 0;
    this.closedAt = 0;
    this.absent = new Set(); // who was not there by ten minutes after her time when it was closed
    this.isHeld = false; // somebody was called in that day, also once it has ended
    this.pool = null; // {seq, rows: Map, root, file, count}
    this.outside = new Map(); // ticket → its row, where it was not in the first list
    this.changed = new Map(); // ticket → the objection that takes it in
    this.cured = new Set(); // tickets owed a seat because this list left them out
    this.hasSecond = false;
    this.objections = 0;
    this.drawn = null; // {seq, at, seed, seated, standby}
    this.asked = new Set();
    this.places = new Map(); // time → Seat
    this.seatedBy = new Set(); // tickets that the draw gave a seat
    this.present = new Map(); // ticket → when she was first noted as present since she was last missed
    this.arrivals = new Map(); // ticket → the seq of the newest arrival
    this.cameAt = new Map(); // ticket → when reception last wrote that she had come
    this.heldAt = 0;
    this.meetings = new Map(); // ticket → her `met`, until the meeting is recorded
    this.freeFrom = 0; // until when the room was taken by meetings recorded so far
    this.slips = new Map(); // ticket → what reception wrote of it last, and how it stood before
  }

  free() {
    return [...this.places.values()].filter((seat) => seat.state === "free");
  }
}

export class Book {
  constructor(origin) {
    this.origin = origin;
    this.entries = []; // kind, body and instant of each, by its number; null where it moved nothing
    this.found = []; // {code, seq, draw, ticket}
    this.tickets = new Map();
    this.draws = new Map();
    this.mondays = new Map();
    this.rules = []; // {seq, from, rules, hash}
    this.proposals = new Map(); // entry → proposed rules and what was said of them
    this.promised = new Set(); // every party:commitment there was
    this.cases = new Map(); // case → the lane it asks for, until it gives it
    this.answers = new Map(); // case → what was answered, until it gives its lane
    this.undo = new Map(); // entry → how it stood before
    this.judged = new Map(); // a contest's entry → the answers of yes, each while she was in the line
    this.taken = new Map(); // a no-show's entry → the weeks it took
    this.carried = 0; // weeks taken along to another district
    this.lastClosed = 0; // the newest line_closed
    this.audits = [];
    this.clockRan = []; // when the clock wrote what only it writes
    this.cameBack = new Map(); // ticket → the newest entry by which it may wait again
    this.outages = []; // {since, until} of the city's absences
    this.lapsedEnd = 0; // the end of the answer for which the clock last took a seat
    this.now = 0;
    this.seq = 0;
  }

  note(kind, { ticket }) {
    if (BY_CLOCK.includes(kind)) this.clockRan.push(this.now);
    if (BACK.includes(kind)) this.cameBack.set(ticket, this.seq);
  }

  find(code, facts = {}) {
    this.found.push({ code, seq: this.seq, draw: "", ticket: "", ...facts });
  }

  // Rules of a Monday: the newest announced so far that begin with it or earlier.
  rulesOf(monday) {
    return this.rules.findLast((one) => one.from <= monday);
  }

  mondayOf(name) {
    const monday = this.mondays.get(name);
    refuseUnless(monday);
    return monday;
  }

  drawOf(name) {
    const draw = this.draws.get(name);
    refuseUnless(draw);
    return draw;
  }

  ticketOf(name) {
    const ticket = this.tickets.get(name);
    refuseUnless(ticket, "never_filed");
    return ticket;
  }

  open(name, seats, rules) {
    const day = name.slice(4);
    if (!this.mondays.has(day)) this.mondays.set(day, new Monday(day, rules.rules));
    const monday = this.mondays.get(day);
    monday.openedAt ||= this.now;
    const draw = new Draw(name, monday, seats, rules.hash, this.seq);
    this.draws.set(name, draw);
    monday.draws.push(draw);
    return draw;
  }

  file(name, district, line, prefers) {
    refuseUnless(!this.tickets.has(name), "filed_twice");
    const ticket = new Ticket(name, district, this.seq, line, prefers);
    this.tickets.set(name, ticket);
    return ticket;
  }

  // The one entry a cause names, where it moved something and is of one of these kinds.
  cause(because, ...kinds) {
    refuseUnless(because.length === 1, "cause_wrong");
    return this.causeAt(because[0], ...kinds);
  }

  causeAt(seq, ...kinds) {
    const entry = this.entries[seq];
    refuseUnless(entry && kinds.includes(entry.kind), "cause_wrong");
    return { seq, ...entry };
  }

  // Exactly these entries and no others.
  because(given, ...expected) {
    const right = [...new Set(expected)].sort((one, other) => one - other);
    refuseUnless(String(given) === String(right), "cause_wrong");
  }

  notBefore(instant, code = "early") {
    if (this.now < instant) this.find(code);
  }

  // The city's clock may be a little late, never early.
  byClock(instant, code = "early") {
    this.notBefore(instant, code);
    if (this.now > instant + GRACE) this.find("late");
  }

  isInLine(ticket, draw) {
    return (
      ticket.district === draw.district &&
      ticket.isWaiting &&
      ticket.line < draw.monday.lineClosed &&
      !ticket.excluded.has(draw.monday.name) &&
      (ticket.missed < MOST_MISSED || ticket.isProven)
    );
  }

  // Whether a line she is in time for has closed in her district, without a list yet.
  isBetween(ticket) {
    return [...this.draws.values()].some(
      (draw) => !draw.pool && draw.district === ticket.district && ticket.line < draw.monday.lineClosed,
    );
  }

  isInUndrawnList(ticket) {
    return [...this.draws.values()].some(
      (draw) => draw.pool && !draw.drawn && draw.pool.rows.has(ticket.name),
    );
  }

  // A seat is free again, and who had it is without one.
  release(seat) {
    const holder = this.tickets.get(seat.holder);
    if (holder?.seat === seat) holder.seat = null;
    Object.assign(seat, { state: "free", holder: "", freed: this.seq, freedAt: this.now });
  }

  // An offer of hers that nobody has ended ends with it.
  seatHer(seat, ticket, state, facts = {}) {
    if (ticket.seat?.state === "offered") this.release(ticket.seat);
    Object.assign(seat, { state, holder: ticket.name, since: this.seq, isStoodIn: false, ...facts });
    ticket.seat = seat;
  }
}
