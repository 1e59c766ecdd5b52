// The machine of a ticket: how it comes into its line, leaves it, comes back, and what it carries.

import { refuseUnless } from "./book.js";
import { seconds } from "./week.js";

const TEN_DAYS = 240 * 3600;
const THREE_DAYS = 3 * 86400;
const OUT_BY_DESK = ["info_asked", "declined", "answered"];
const ENDED_BY = { lapsed: ["info_asked"], settled: ["declined", "answered"] };
const ANSWERED_BY = { given: "info_asked", objected: "declined", insisted: "answered" };
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
  refuseUnless(ticket.state !== "gone" && !["arrived", "met"].includes(ticket.seat?.state));
  const { seat } = ticket;
  const mark = { state: ticket.state, out: ticket.out, cameIn: ticket.cameIn };
  book.undo.set(book.seq, { ticket, mark, seat, was: seat && { ...seat } });
  leave(book, ticket, "gone", why);
  if (seat) book.release(seat);
}

function takenIn(book, { ticket: name, why, because }) {
  const ticket = book.ticketOf(name);
  if (why === "undone") return undone(book, ticket, because);
  refuseUnless(ticket.state === "out" && ticket.out.why === ANSWERED_BY[why]);
  book.because(because, ticket.out.seq);
  if (why === "objected" && ticket.lists > ticket.out.lists) ticket.waited++;
  Object.assign(ticket, { state: "in", out: null, cameIn: book.seq });
}

// She denies an act in her name: a leaving until the next list can no longer be changed, a seat given
// up until it is offered.
function undone(book, ticket, because) {
  refuseUnless(because.length === 1, "cause_wrong");
  book.cause(because[0]);
  const before = book.undo.get(because[0]);
  refuseUnless(before?.ticket === ticket, "cause_wrong");
  const isStillFree = before.seat?.state === "free" && before.seat.freed === because[0];
  if (before.isSeatAlone) refuseUnless(isStillFree && ticket.state === "in" && !ticket.seat);
  else {
    refuseUnless(ticket.state === "gone" && ticket.out.seq === because[0], "cause_wrong");
    const end = ticket.frozenAfter?.at("objections_until");
    refuseUnless(end === undefined || book.now <= end);
  }
  putBack(book, before, because[0]);
  book.undo.delete(because[0]);
}

// What an act took away is there again: the seat too, while nobody else was asked for it.
export function putBack(book, before, seq) {
  const { ticket, mark, seat, was } = before;
  Object.assign(ticket, mark);
  ticket.frozenAfter = null;
  if (seat?.state === "free" && seat.freed === seq) {
    Object.assign(seat, was);
    ticket.seat = seat;
  }
}

function laneGranted(book, { ticket: name, lane, because }) {
  const ticket = book.ticketOf(name);
  refuseUnless(ticket.state === "in");
  const judged = because.map((seq) => book.cause(seq));
  const isTwo = judged.length === 2 && judged.every(({ kind, body }) =>
    kind === "lane_judged" && body.verdict === "yes" && body.case === judged[0].body.case);
  refuseUnless(isTwo && book.cases.get(judged[0].body.case)?.lane === lane, "cause_wrong");
  const [one, other] = judged.map(({ body }) => unitOf(body.officer));
  refuseUnless(one !== other, "same_unit");
  ticket.lane = lane;
}

function contestJudged(book, { ticket: name, officer, because }) {
  book.ticketOf(name);
  refuseUnless(because.length === 1, "cause_wrong");
  const { kind, body } = book.cause(because[0]);
  refuseUnless(kind === "contested" && body.ticket === name, "cause_wrong");
  const missed = book.entries[body.because[0]];
  refuseUnless(missed.body.officer !== officer, "by_wrong");
}

function weeksBack(book, { ticket: name, waited, because }) {
  const ticket = book.ticketOf(name);
  refuseUnless(ticket.state === "in");
  const [contested, ...judged] = because.map((seq) => book.cause(seq));
  const isRight =
    judged.length === 2 &&
    contested.kind === "contested" &&
    contested.body.ticket === name &&
    judged.every(({ kind, body }) => kind === "contest_judged" && body.verdict === "yes" &&
      body.because[0] === because[0]);
  refuseUnless(isRight, "cause_wrong");
  const [one, other] = judged.map(({ body }) => unitOf(body.officer));
  refuseUnless(one !== other, "same_unit");
  const [missed] = contested.body.because;
  const taken = book.taken.get(missed);
  refuseUnless(taken, "weeks_back_wrong");
  book.taken.delete(missed);
  ticket.waited += taken.waited;
  ticket.missed = Math.max(0, ticket.missed - 1);
  if (waited !== ticket.waited) book.find("weeks_back_wrong", { ticket: name });
}

export const TICKET_STEPS = {
  filed: (book, { ticket, district, prefers }) => {
    book.file(ticket, district, book.seq, prefers);
  },

  redirected(book, { old: oldName, new: newName, district, because }) {
    const old = book.ticketOf(oldName);
    refuseUnless(old.state === "in" && !old.seat && !book.isInUndrawnList(old));
    book.because(because, old.line);
    const ticket = book.file(newName, district, old.line, old.prefers);
    const { lane, waited, debt, missed, givenUp, unanswered, sinceDebt, isProven, hasMoved } = old;
    Object.assign(ticket, {
      lane, waited, debt, missed, givenUp, unanswered, sinceDebt, isProven, hasMoved,
      cameIn: old.cameIn, filed: old.filed, lists: old.lists, excluded: new Map(old.excluded),
    });
    leave(book, old, "gone", "redirected");
  },

  taken_out: takenOut,
  taken_in: takenIn,

  monday_excluded(book, { ticket: name, monday }) {
    const ticket = book.ticketOf(name);
    const draw = book.draws.get(`d${String(ticket.district).padStart(2, "0")}-${monday}`);
    refuseUnless(ticket.state === "in" && !draw?.pool && !ticket.excluded.has(monday));
    ticket.excluded.set(monday, book.seq);
  },

  monday_included(book, { ticket: name, monday }) {
    const ticket = book.ticketOf(name);
    const draw = book.draws.get(`d${String(ticket.district).padStart(2, "0")}-${monday}`);
    refuseUnless(ticket.state === "in" && !draw?.pool && ticket.excluded.has(monday));
    ticket.excluded.delete(monday);
  },

  prefers_changed(book, { ticket: name, prefers }) {
    const ticket = book.ticketOf(name);
    refuseUnless(ticket.state === "in");
    ticket.prefers = prefers;
  },

  verified(book, { ticket: name }) {
    const ticket = book.ticketOf(name);
    refuseUnless(ticket.state !== "gone");
    ticket.isProven = true;
  },

  lane_asked(book, { case: name, lane }) {
    refuseUnless(!book.cases.has(name));
    book.cases.set(name, { lane, seq: book.seq });
  },

  lane_judged(book, { case: name }) {
    refuseUnless(book.cases.has(name), "cause_missing");
  },

  lane_granted: laneGranted,

  contested(book, { ticket: name, because }) {
    const ticket = book.ticketOf(name);
    refuseUnless(because.length === 1, "cause_wrong");
    const { kind, body, at } = book.cause(because[0]);
    refuseUnless(kind === "no_show" && body.ticket === name, "cause_wrong");
    refuseUnless(ticket.state === "in" && book.now <= seconds(at) + THREE_DAYS);
  },

  contest_judged: contestJudged,
  weeks_back: weeksBack,
};
