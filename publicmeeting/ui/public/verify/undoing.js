// Acts in her own name that she denies: what is restored, and what compensates if it cannot be. A
// citizen could take a step herself and deny it, to have both; so it counts as one seat given up
// (docs/turns.md 1).

import { refuseUnless } from "./book.js";

export const LETS_GO = ["seat_given_up", "offer_refused"];
const TEN_MINUTES = 600;
export const RUNNING = ["open", "held", "held_by_deputy"];

// Until then she may be called; if she has not come, she is absent.
export const calledUntil = (draw, time) => draw.monday.week.seat(time) + TEN_MINUTES;

// Restores the state before a seat was given up or an offer refused, also for her ticket before a
// redirect.
export function undoLettingGo(book, ticket, act) {
  const before = { ...book.undo.get(act.seq), ticket, name: act.body.ticket };
  refuseUnless(before.seat && ticket.isFree && ticket.gaveUp === act.seq);
  const isInTime = book.now <= undoneUntil(book, ticket, act.seq);
  const isWorth = act.kind === "seat_given_up" || isOwed(before, act.seq);
  refuseUnless(comesBack(book, before, act.seq) || (isInTime && isWorth));
  if (before.after) giveBack(ticket, before.before, before.after, act.seq);
  ticket.gaveUp = 0;
  book.taken.delete(act.seq);
  seatAgain(book, before, act.seq);
}

// The end of the objections to the first list of her district that was fixed after an act.
function undoneUntil(book, ticket, seq) {
  const lists = [...book.draws.values()].filter(
    (draw) => draw.district === ticket.district && draw.first?.seq > seq,
  );
  const [first] = lists.sort((one, other) => one.first.seq - other.first.seq);
  return first ? first.monday.at("objections_until") : Infinity;
}

// Restores what giving up a seat removed, and keeps what came in between.
function giveBack(ticket, before, after, act) {
  ticket.waited += before.waited - after.waited;
  ticket.givenUp = Math.max(0, ticket.givenUp + before.givenUp - after.givenUp);
  ticket.unanswered += before.unanswered - after.unanswered;
  if (before.debt > after.debt && !ticket.debt)
    Object.assign(ticket, { debt: 1, sinceDebt: before.sinceDebt });
  else if (before.sinceDebt < after.sinceDebt) ticket.sinceDebt = Math.max(0, ticket.sinceDebt - 1);
  ticket.hasMoved = before.hasMoved;
  for (const [day, seq] of [...ticket.excluded]) {
    if (seq !== act) continue;
    ticket.excluded.delete(day);
    if (before.excluded.has(day)) ticket.excluded.set(day, before.excluded.get(day));
  }
}

// Puts her in the line as if she had not left it, with what she had of a Monday.
export function putBack(book, seq) {
  const act = book.undo.get(seq);
  Object.assign(act.ticket, act.mark);
  act.ticket.frozenAfter = null;
  seatAgain(book, act, seq);
}

// Gives back her seat or offer. If that is impossible, it counts as given up, and she is owed
// another, once.
function seatAgain(book, act, seq) {
  const { ticket, seat, was } = act;
  book.undo.delete(seq);
  if (!was) return;
  if (comesBack(book, act, seq)) {
    Object.assign(seat, was);
    ticket.seat = seat;
    if (was.isStoodIn) seat.draw.leftHall.delete(ticket.name);
  } else if (act.isDisplaced) {
    ticket.owe(); // a full debt: she came back by her own card, and this happens only once
  } else if (isOwed(act, seq)) {
    ticket.givenUp++;
    ticket.owe();
    ticket.isMadeGood = true;
  } else if (was.state !== "offered" && !was.isStoodIn) ticket.giveUp();
}

// Stores the seat that she would have if she had not left after the list was fixed: what she gets
// if she denies leaving.
export function noteWon(book, ticket, seat, ends) {
  const act = ticket.state === "gone" && book.undo.get(ticket.out.seq);
  if (!act || act.was) return;
  const was = { ...seat, state: "given", holder: ticket.name, ends };
  Object.assign(act, { seat, was, wonBy: book.seq });
}

const isFreeBy = (seat, seq) => seat.state === "free" && seat.freed === seq;

// Whether the seat is still free because of that act, and the offer's time still runs or she can
// still come.
function comesBack(book, { ticket, seat, was, wonBy = 0 }, seq) {
  if (!was || ticket.seat || !isFreeBy(seat, wonBy || seq) || !RUNNING.includes(seat.draw.day)) return false;
  if (ticket.district !== seat.draw.district) return false; // she has moved to another district
  if (was.state === "offered") return book.now <= was.ends;
  return book.now < calledUntil(seat.draw, seat.time);
}

// Whether she is owed a seat: somebody else was offered hers, or its Monday was closed by her time.
// Once per ticket, and after the time of offers only if she was present.
function isOwed({ ticket, name = ticket.name, seat, was, at, wonBy = 0 }, seq) {
  if (!was || was.isStoodIn || ticket.isMadeGood) return false;
  const { draw } = seat;
  const isClosed = draw.day === "closed" && draw.closedAt < calledUntil(draw, seat.time);
  if (isFreeBy(seat, wonBy || seq) && !isClosed) return false;
  return at < draw.monday.week.at("standby_until") || draw.present.has(name);
}
