// The state of every ticket, Monday, draw and seat according to the log so far. It uses nothing
// else: no rows of a database, no date inside an entry. Positions in the log decide (docs/turns.md
// 1).

import { dayOf, Week } from "./week.js";

export const GRACE = 600; // seconds by which the city's clock may be late
export const MOST_MISSED = 2;
const HOUR = 3600;
const BY_CLOCK = ["monday_opened", "line_closed", "freeze", "draw", "offered", "seat_lapsed"];
BY_CLOCK.push("stood_in", "monday_ended");
const BACK = ["taken_in", "seat_given_up", "seat_lapsed", "no_show", "not_received", "not_called"];
const HELD = ["given", "confirmed", "arrived"];

// A step that is not allowed: it is reported and changes nothing.
export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export const refuseUnless = (right, code = "step_not_allowed") => {
  if (!right) throw new Refused(code);
};

// Whether its last seat has ended more than the clock's ten minutes ago.
export const hasGoneBy = (book, { seats, monday }) =>
  seats.length > 0 && book.now > monday.week.ends(seats) + GRACE;

// Whether a Monday is past but its end, or what follows from it for tickets with a seat, is not in
// the log.
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
    this.isVerified = false; // by an identity card or a single sign-on, the highest level
    this.hasMoved = false;
    this.gaveUp = 0; // the newest entry by which she gave up a seat or refused an offer
    this.isMadeGood = false; // she was already owed a seat for one lost by an act she denies
    this.excluded = new Map(); // Monday → the entry that excluded it
    this.seat = null; // the seat she has or is offered
    this.frozenAfter = null; // the week of the first list that was fixed after she left
  }

  reset() {
    this.waited = this.debt = this.givenUp = this.unanswered = this.sinceDebt = 0;
  }

  // The second seat given up since a debt removes the debt; the third since the last reset removes
  // all weeks.
  giveUp() {
    this.givenUp++;
    if (this.debt && ++this.sinceDebt >= 2) this.debt = this.sinceDebt = 0;
    if (this.givenUp >= 3) this.reset();
  }

  // By its own name, or one from before it was sent to another district.
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

  // Has neither a seat nor an open offer.
  get isFree() {
    return this.state === "in" && !this.seat;
  }

  get row() {
    const { name: ticket, lane, waited, debt, prefers } = this;
    return { ticket, lane, waited, debt, prefers };
  }

  // What giving up a seat changes, to be restored if she denies it.
  get mark() {
    const { waited, debt, givenUp, unanswered, sinceDebt, hasMoved } = this;
    return { waited, debt, givenUp, unanswered, sinceDebt, hasMoved, excluded: new Map(this.excluded) };
  }
}

// What the draws of one Monday share.
class Monday {
  constructor(name, rules) {
    this.name = name;
    this.rules = rules;
    this.week = new Week(name, rules);
    this.draws = [];
    this.commitments = new Map(); // party → commitment
    this.reveals = new Map();
    this.lineClosed = 0;
    this.shift = 0; // seconds by which a late freeze delays the times up to the end of the reveals
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
    this.absent = new Set(); // tickets absent ten minutes after their time when it was closed
    this.isHeld = false; // somebody was called in that day, also after it has ended
    this.pool = null; // {seq, rows: Map, root, file, count}
    this.outside = new Map(); // ticket → its row, if it was not in the first list
    this.changed = new Map(); // ticket → the objection that adds it
    this.cured = new Set(); // tickets owed a seat because this list omitted them
    this.hasSecond = false;
    this.objections = 0;
    this.drawn = null; // {seq, at, seed, seated, standby}
    this.asked = new Set();
    this.wanted = new Set(); // tickets that have asked for an offer of a free seat, once each
    this.wants = new Map(); // those of them that have had no offer since → {seq, at}
    this.places = new Map(); // time → Seat
    this.seatedBy = new Set(); // tickets that the draw gave a seat
    this.present = new Map(); // ticket → when she was first recorded as present since her last no-show
    this.leftHall = new Set(); // tickets that gave up a seat that they had stood in
    this.arrivals = new Map(); // ticket → the seq of the newest arrival
    this.cameAt = new Map(); // ticket → when reception last recorded her arrival
    this.heldAt = 0;
    this.meetings = new Map(); // ticket → her `met`, until the meeting is recorded
    this.freeFrom = 0; // until when recorded meetings occupied the room
    this.slips = new Map(); // ticket → reception's last entry about it, and the state before
  }

  free() {
    return [...this.places.values()].filter((seat) => seat.state === "free");
  }
}

export class Book {
  constructor(origin) {
    this.origin = origin;
    this.entries = []; // kind, body and time of each, by its number; null if it changed nothing
    this.found = []; // {code, seq, draw, ticket}
    this.tickets = new Map();
    this.draws = new Map();
    this.mondays = new Map();
    this.rules = []; // {seq, from, rules, hash}
    this.proposals = new Map(); // entry → proposed rules and the answers to them
    this.promised = new Set(); // every party:commitment so far
    this.cases = new Map(); // case → the lane it requests, until it is granted
    this.answers = new Map(); // case → the answers, until the lane is granted
    this.undo = new Map(); // entry → the state before it
    this.judged = new Map(); // a contest's entry → the yes answers, each given while she was in the line
    this.taken = new Map(); // entry of a no-show or a giving-up → the weeks it removed
    this.carried = 0; // weeks carried to another district
    this.lastClosed = 0; // the newest line_closed
    this.audits = [];
    this.clockRan = []; // times of entries that only the clock writes
    this.cameBack = new Map(); // ticket → the newest entry that let it wait again
    this.outages = []; // of the city's outages
    this.lapsedEnd = 0; // the answer deadline for which the clock last took a seat
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

  // The rules of a Monday: the newest announced so far that begin with it or earlier.
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

  // The entry that a cause names, if it changed something and is of one of these kinds.
  cause(because, ...kinds) {
    refuseUnless(because.length === 1, "cause_wrong");
    return this.causeAt(because[0], ...kinds);
  }

  causeAt(seq, ...kinds) {
    const entry = this.entries[seq];
    refuseUnless(entry && kinds.includes(entry.kind), "cause_wrong");
    return { seq, ...entry };
  }

  // Requires exactly these entries as causes.
  because(given, ...expected) {
    const right = [...new Set(expected)].sort((one, other) => one - other);
    refuseUnless(String(given) === String(right), "cause_wrong");
  }

  notBefore(instant, code = "early") {
    if (this.now < instant) this.find(code);
  }

  // Requires that the clock acted on time: it may be a little late, but not early.
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

  // Whether a line that she is in time for has closed in her district but has no list yet.
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

  // Frees a seat; its holder has none any more.
  release(seat) {
    const holder = this.tickets.get(seat.holder);
    if (holder?.seat === seat) holder.seat = null;
    if (seat.isStoodIn) seat.draw.leftHall.add(seat.holder);
    Object.assign(seat, { state: "free", holder: "", freed: this.seq, freedAt: this.now });
  }

  // Gives her a seat. This ends an open offer of hers.
  seatHer(seat, ticket, state, facts = {}) {
    if (ticket.seat?.state === "offered") this.release(ticket.seat);
    Object.assign(seat, { state, holder: ticket.name, since: this.seq, isStoodIn: false, ...facts });
    ticket.seat = seat;
  }
}
