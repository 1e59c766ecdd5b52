// State machine of a ticket: how it enters its line, leaves it, returns, and what it carries.

import { GRACE, refuseUnless } from "./book.js";
import { LETS_GO, putBack, undoLettingGo } from "./undoing.js";

const TEN_DAYS = 240 * 3600;
const THREE_DAYS = 3 * 86400;
const EIGHT_WEEKS = 56 * 86400;
const OUT_BY_DESK = ["info_asked", "declined", "answered"];
const ENDED_BY = { lapsed: ["info_asked"], settled: ["declined", "answered"] };
const ANSWERED_BY = {
  given: ["info_asked"], objected: ["declined"], insisted: ["answered"],
  undone: ["withdrawn", "accepted", "displaced"],
};
const unitOf = (officer) => officer.split("/")[0];

function leave(book, ticket, state, why) {
  Object.assign(ticket, { state, out: { seq: book.seq, why, at: book.now, lists: ticket.lists } });
  ticket.frozenAfter = null;
}

function takenOut(book, { ticket: name, why, officer }) {
  const ticket = book.ticketOf(name);
  if (OUT_BY_DESK.includes(why)) {
    refuseUnless(officer !== "", "by_wrong");
    refuseUnless(ticket.state === "in");
    const isLate = book.lastClosed > ticket.cameIn || book.isInUndrawnList(ticket);
    refuseUnless(!isLate && !ticket.hasSeat, "taken_out_late");
    return leave(book, ticket, "out", why);
  }
  refuseUnless(officer === "", "by_wrong");
  if (why in ENDED_BY) {
    refuseUnless(ticket.state === "out" && ENDED_BY[why].includes(ticket.out.why));
    book.notBefore(ticket.out.at + TEN_DAYS);
    return leave(book, ticket, "gone", why);
  }
  if (why === "displaced") requireDisplaceable(book, ticket);
  refuseUnless(ticket.state !== "gone" && !["arrived", "met"].includes(ticket.seat?.state));
  const { seat } = ticket;
  const mark = { state: "in", out: null };
  const isDisplaced = why === "displaced";
  book.undo.set(book.seq, { ticket, mark, seat, was: seat && { ...seat }, at: book.now, isDisplaced });
  leave(book, ticket, "gone", why);
  if (seat) book.release(seat);
}

// An identity card is the strongest proof. A person who denies an act has some days for that before
// a list, or before her Monday.
function requireDisplaceable(book, ticket) {
  refuseUnless(ticket.state === "in" && !ticket.isVerified);
  const offersEnd = ticket.seat?.draw.monday.week.at("standby_until") ?? Infinity;
  const isLate = book.isBetween(ticket) || book.isInUndrawnList(ticket) || book.now >= offersEnd;
  refuseUnless(!isLate, "taken_out_late");
}

function takenIn(book, { ticket: name, why, because }) {
  const ticket = book.ticketOf(name);
  const act = book.cause(because, "taken_out", ...LETS_GO);
  const wasHers = ticket.isNamed(act.body.ticket) && LETS_GO.includes(act.kind);
  refuseUnless(act.body.ticket === name || wasHers, "cause_wrong");
  if (LETS_GO.includes(act.kind)) {
    refuseUnless(why === "undone", "cause_wrong");
    return undoLettingGo(book, ticket, act);
  }
  refuseUnless(ANSWERED_BY[why].includes(act.body.why), "cause_wrong");
  refuseUnless(ticket.out?.seq === act.seq, "cause_wrong");
  if (why === "undone") return undone(book, ticket, act);
  refuseUnless(ticket.state === "out");
  if (why === "objected" && ticket.lists > ticket.out.lists) ticket.waited++;
  Object.assign(ticket, { state: "in", out: null, cameIn: book.seq });
}

// She denies a withdrawal in her name, until the next list can no longer be changed; or she has
// proved that the identity is hers, for which others took her place.
function undone(book, ticket, act) {
  refuseUnless(ticket.state === "gone");
  if (act.body.why === "displaced") {
    refuseUnless(ticket.isVerified && book.now <= act.now + EIGHT_WEEKS);
    ticket.waited += ticket.lists - ticket.out.lists;
    return putBack(book, act.seq);
  }
  const end = ticket.frozenAfter?.at("objections_until");
  refuseUnless(end === undefined || book.now <= end);
  putBack(book, act.seq);
}

function laneGranted(book, { ticket: name, lane, because }) {
  const ticket = book.ticketOf(name);
  const yes = because.map((seq) => book.causeAt(seq, "lane_judged"));
  const [{ body: first }] = yes;
  const isRight =
    yes.length === 2 &&
    yes.every(({ body }) => body.verdict === "yes" && body.case === first.case) &&
    book.cases.get(first.case) === lane;
  refuseUnless(isRight, "cause_wrong");
  refuseUnless(unitOf(first.officer) !== unitOf(yes[1].body.officer), "same_unit");
  book.cases.set(first.case, ""); // it grants one lane, however often it is judged
  book.answers.delete(first.case);
  ticket.lane = lane;
}

// Whether two officers of two units agreed to a lane at least ten minutes ago, nobody refused it,
// and no entry grants it.
export const isLaneMissing = (book) =>
  [...book.answers.values()].some((said) => {
    const old = said.filter(({ at }) => at + GRACE < book.now);
    return said.every(({ isYes }) => isYes) && new Set(old.map(({ unit }) => unit)).size > 1;
  });

// Tickets whose weeks two officers of two units restored at least ten minutes ago, without an entry
// that says so.
export function owedWeeks(book, district) {
  const isOwed = ({ ticket, missed, yes }) => {
    const since = yes.filter(({ at }) => at + GRACE < book.now).map(({ officer }) => officer);
    const others = since.filter((one) => one !== book.entries[missed].body.officer);
    const isHers = ticket.state === "in" && ticket.district === district;
    return isHers && book.taken.has(missed) && new Set(others.map(unitOf)).size > 1;
  };
  return [...book.judged.values()].filter(isOwed).map(({ ticket }) => ticket.name);
}

function weeksBack(book, { ticket: name, waited, because }) {
  const ticket = book.ticketOf(name);
  refuseUnless(ticket.state === "in");
  refuseUnless(because.length === 3, "cause_wrong");
  const asked = book.causeAt(because[0], "contested");
  const judged = because.slice(1).map((seq) => book.causeAt(seq, "contest_judged"));
  const [missed] = asked.body.because;
  const isRight =
    ticket.isNamed(asked.body.ticket) &&
    judged.every(({ body }) => String(body.because) === String(asked.seq) && body.verdict === "yes") &&
    book.taken.has(missed);
  refuseUnless(isRight, "cause_wrong");
  const officers = judged.map(({ body }) => body.officer);
  refuseUnless(unitOf(officers[0]) !== unitOf(officers[1]), "same_unit");
  refuseUnless(!officers.includes(book.entries[missed].body.officer), "by_wrong");
  const weeks = book.taken.get(missed);
  ticket.waited += weeks;
  book.taken.delete(missed);
  book.judged.delete(asked.seq);
  const act = book.undo.get(missed);
  if (book.entries[missed].kind === "no_show") ticket.missed = Math.max(0, ticket.missed - 1);
  else if (act) act.before.waited -= weeks; // undoing it later does not give them again
  if (waited !== ticket.waited) book.find("weeks_back_wrong", { ticket: name });
}

export const TICKET_STEPS = {
  filed: (book, { ticket, district, prefers, level }) => {
    book.file(ticket, district, book.seq, prefers).isVerified = level === "verified";
  },

  redirected(book, { old: oldName, new: newName, district, because }) {
    const old = book.ticketOf(oldName);
    refuseUnless(!book.tickets.has(newName), "filed_twice");
    refuseUnless(book.cause(because, "filed").seq === old.filed, "cause_wrong");
    refuseUnless(old.isFree && old.district !== district && !book.isInUndrawnList(old));
    refuseUnless(!book.isBetween(old), "taken_out_late");
    const ticket = book.file(newName, district, old.line, old.prefers);
    const { lane, waited, debt, missed, givenUp, unanswered, sinceDebt, isProven, isVerified, hasMoved, isMadeGood, gaveUp } = old;
    Object.assign(ticket, {
      lane, waited, debt, missed, givenUp, unanswered, sinceDebt, isProven, isVerified, hasMoved, isMadeGood, gaveUp,
      names: [...old.names, oldName], filed: old.filed, lists: old.lists, excluded: new Map(old.excluded),
    });
    book.carried += old.waited;
    leave(book, old, "gone", "redirected");
  },

  taken_out: takenOut,
  taken_in: takenIn,

  monday_excluded(book, { ticket: name, monday }) {
    const ticket = book.ticketOf(name);
    const draw = book.draws.get(`d${String(ticket.district).padStart(2, "0")}-${monday}`);
    refuseUnless(ticket.state === "in" && !draw?.pool);
    ticket.excluded.set(monday, book.seq);
  },

  monday_included(book, { ticket: name, monday }) {
    const ticket = book.ticketOf(name);
    const draw = book.draws.get(`d${String(ticket.district).padStart(2, "0")}-${monday}`);
    refuseUnless(ticket.state === "in" && !draw?.pool && ticket.excluded.has(monday));
    ticket.excluded.delete(monday);
  },

  verified(book, { ticket: name }) {
    const ticket = book.ticketOf(name);
    refuseUnless(ticket.state !== "gone" || ticket.out.why === "displaced");
    ticket.isProven = ticket.isVerified = true;
  },

  lane_asked(book, { case: name, lane }) {
    refuseUnless(!book.cases.has(name));
    book.cases.set(name, lane);
  },

  lane_judged(book, { case: name, verdict, officer }) {
    refuseUnless(book.cases.has(name));
    if (!book.cases.get(name)) return;
    if (!book.answers.has(name)) book.answers.set(name, []);
    book.answers.get(name).push({ isYes: verdict === "yes", unit: unitOf(officer), at: book.now });
  },

  lane_granted: laneGranted,

  contested(book, { ticket: name, because }) {
    const ticket = book.ticketOf(name);
    refuseUnless(ticket.state === "in");
    const missed = book.cause(because, "no_show", "seat_given_up");
    refuseUnless(ticket.isNamed(missed.body.ticket) && book.taken.has(missed.seq), "cause_wrong");
    if (book.now > missed.now + THREE_DAYS) book.find("answered_late", { ticket: name });
  },

  contest_judged(book, { ticket: name, because, verdict, officer }) {
    const ticket = book.ticketOf(name);
    const asked = book.cause(because, "contested");
    refuseUnless(ticket.isNamed(asked.body.ticket), "cause_wrong");
    if (verdict !== "yes" || ticket.state !== "in") return;
    const missed = asked.body.because[0];
    if (!book.judged.has(asked.seq)) book.judged.set(asked.seq, { ticket, missed, yes: [] });
    book.judged.get(asked.seq).yes.push({ officer, at: book.now });
  },

  weeks_back: weeksBack,
};
