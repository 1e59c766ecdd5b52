// Rules, Mondays and draws: from the opening of a Monday to its draw.

import { utf8 } from "../../../shell/photos/sha256.js";
import { verifyEd25519 } from "../../../shell/proofs/ed25519.js";
import { fromBase64, parseKey } from "../../../shell/proofs/note.js";
import { GRACE, hasGoneBy, isEndMissing, refuseUnless } from "./book.js";
import { CITY, commitmentOf, fileHash, give, poolRoot, seedOf, sortedRows } from "./draw.js";
import { isLaneMissing, owedWeeks } from "./tickets.js";
import { calledUntil, noteWon, putBack } from "./undoing.js";
import { dayNumber, dayText, instant, valueDays, Week } from "./week.js";

const NONE = "none";
const byText = (one, other) => (one < other ? -1 : 1);

const witnesses = (monday) => monday.rules.witnesses || [];
export const quorumOf = (rules) => Math.floor((rules.witnesses || []).length / 2) + 1;

// Requires a witness's signature by the key in the rules. What the city says has no signature.
function requireSigned(book, monday, kind, { party, sig }, ...what) {
  if (party === CITY) return refuseUnless(sig === "", "signature_wrong");
  requireWitness(book, witnesses(monday), [kind, monday.name, party, ...what], sig);
}

// Requires that one of these witnesses has signed these words; the third word is its party.
export function requireWitness(book, listed, words, sig) {
  const witness = listed.find((one) => one.party === words[2]);
  refuseUnless(witness, "stranger");
  const lines = ["publicmeeting/said/v1", book.origin, ...words];
  const said = utf8(lines.map((line) => `${line}\n`).join(""));
  let isSigned = false;
  try {
    isSigned = verifyEd25519(parseKey(witness.vkey).key, said, fromBase64(sig) || new Uint8Array());
  } catch {
    // A malformed key signs nothing.
  }
  refuseUnless(isSigned, "signature_wrong");
}

function openMonday(book, { draw: name, rules_hash: hash, seats, why }) {
  refuseUnless(!book.draws.has(name), "opened_twice");
  const rules = book.rulesOf(name.slice(4));
  refuseUnless(rules, "rules_late");
  refuseUnless(rules.hash === hash, "rules_hash_differs");
  refuseUnless((why === "") === seats.length > 0);
  const opens = new Week(name.slice(4), rules.rules).at("opens");
  const before = [...book.draws.values()].filter((one) => one.district === Number(name.slice(1, 3)));
  const last = Math.max(...before.map((one) => one.monday.week.day));
  const draw = book.open(name, seats, rules);
  book.notBefore(opens);
  const since = Math.max(opens, book.firstRules);
  if (book.now > since + GRACE && seats.length) book.find("opened_late", { draw: draw.name });
  if (before.length && draw.monday.week.day !== last + 7) book.find("not_opened", { draw: draw.name });
}

function requireParty(monday, party) {
  const isKnown = party === CITY || witnesses(monday).some((one) => one.party === party);
  refuseUnless(isKnown, "stranger");
}

function commit(book, { monday: name, party, commitment, sig }) {
  const monday = book.mondayOf(name);
  requireParty(monday, party);
  const isTwice = monday.commitments.has(party) || book.promised.has(`${party}:${commitment}`);
  refuseUnless(!isTwice, "commitment_twice");
  const isLate = party === CITY && book.now > monday.openedAt + GRACE;
  refuseUnless(!isLate && !monday.draws.some((draw) => draw.pool), "commitment_late");
  requireSigned(book, monday, "commitment", { party, sig }, commitment);
  monday.commitments.set(party, commitment);
  book.promised.add(`${party}:${commitment}`);
}

function frozenFile(draw, rows) {
  const { monday, name, rulesHash, seats } = draw;
  return {
    draw: name,
    district: draw.district,
    rules: monday.rules,
    rules_hash: rulesHash,
    seats,
    commitments: Object.fromEntries(monday.commitments),
    pool: sortedRows(rows),
    pool_root: poolRoot(name, rulesHash, seats, rows),
  };
}

function fix(book, draw, rows, body) {
  const file = frozenFile(draw, [...rows.values()]);
  const about = { draw: draw.name };
  if (file.pool_root !== body.pool_root || rows.size !== body.rows) {
    draw.isForged = true;
    book.find("pool_root_differs", about);
  } else if (fileHash(file) !== body.file) book.find("file_differs", about);
  draw.pool = { seq: book.seq, rows, file, root: file.pool_root };
}

function freeze(book, body) {
  const draw = book.drawOf(body.draw);
  const { monday } = draw;
  if (draw.pool) return freezeAgain(book, draw, body);
  refuseUnless(book.cause(body.because, "line_closed").seq === monday.lineClosed, "cause_wrong");
  const due = monday.week.at("freeze");
  refuseUnless(book.now >= due, "frozen_early");
  const late = book.now - due;
  if (late > GRACE) {
    book.find("late", { draw: draw.name });
    monday.shift = Math.max(monday.shift, late);
  }
  for (const one of book.draws.values())
    if (one.district === draw.district && isEndMissing(book, one)) book.find("not_written", { draw: one.name });
  for (const name of owedWeeks(book, draw.district)) book.find("not_written", { draw: draw.name, ticket: name });
  if (isLaneMissing(book)) book.find("not_written", { draw: draw.name });
  const rows = new Map();
  for (const ticket of book.tickets.values()) {
    if (ticket.district !== draw.district) continue;
    if (book.isInLine(ticket, draw)) rows.set(ticket.name, ticket.row);
    else draw.outside.set(ticket.name, ticket.row);
    if (ticket.line < monday.lineClosed && !ticket.excluded.has(monday.name)) ticket.lists++;
    if (ticket.state === "gone" && !ticket.frozenAfter) ticket.frozenAfter = monday;
  }
  draw.state = "frozen";
  draw.first = { rows, seq: book.seq };
  fix(book, draw, rows, body);
}

// Freezes the list again after somebody has proved that an act which kept her out was not hers.
function freezeAgain(book, draw, body) {
  refuseUnless(draw.state === "frozen" && !draw.hasSecond && draw.changed.size, "frozen_twice");
  book.because(body.because, ...draw.changed.values());
  book.byClock(draw.monday.at("objections_until"));
  const rows = new Map(draw.first.rows);
  for (const ticket of draw.changed.keys()) rows.set(ticket, draw.outside.get(ticket));
  draw.hasSecond = true;
  fix(book, draw, rows, body);
}

const KEEPS_OUT = [
  "monday_excluded", "taken_out", "redirected", "seat_given_up", "filed", "no_show", "met", "draw",
  "seat_confirmed", "offer_accepted", "taken_free",
];

// An objection that a ticket is missing in a list: its answer in the log must follow from the log.
function object(book, { draw: name, ticket: ticketName, number, outcome, because }) {
  const draw = book.drawOf(name);
  const ticket = book.ticketOf(ticketName);
  const right = (is) => refuseUnless(is, "objection_wrong");
  refuseUnless(draw.pool);
  right(number === draw.objections + 1);
  const isListed = draw.pool.rows.has(ticketName) || draw.changed.has(ticketName);
  const isOfList = because.length === 1 && [draw.pool.seq, draw.first.seq].includes(because[0]);
  if (outcome === "listed") right(isListed && isOfList);
  else if (outcome === "as_logged") {
    const { kind, body } = book.cause(because, ...KEEPS_OUT);
    const isHers = [body.ticket, body.old, body.new].some((one) => ticket.isNamed(one));
    right(!isListed && (kind === "draw" || isHers));
  } else if (outcome === "wronged") {
    right(draw.isForged && isListed && isOfList && ticket.state === "in" && !draw.cured.has(ticketName));
    draw.cured.add(ticketName);
    ticket.owe();
  } else change(book, draw, ticket, because, right);
  draw.objections = number;
}

// She denies an act that kept her out of the first list, so it is void.
function change(book, draw, ticket, because, right) {
  const act = book.cause(because, "monday_excluded", "taken_out");
  const { monday, first } = draw;
  right(
    ticket.isNamed(act.body.ticket) && draw.outside.has(ticket.name) && !draw.changed.has(ticket.name) &&
      act.seq < first.seq && draw.state === "frozen" && !draw.hasSecond &&
      book.now <= monday.at("objections_until"),
  );
  if (act.kind === "monday_excluded") {
    right(ticket.excluded.get(monday.name) === act.seq);
    ticket.excluded.delete(monday.name);
  } else {
    const isHers = ["withdrawn", "accepted"].includes(act.body.why) && book.undo.has(act.seq);
    right(isHers && ticket.state === "gone" && ticket.out.seq === act.seq);
    const before = ticket.mark;
    putBack(book, act.seq);
    // If the seat she left counts as given up, her row has what remains to her.
    const { waited, debt } = ticket;
    if (waited !== before.waited || debt !== before.debt)
      draw.outside.set(ticket.name, { ...draw.outside.get(ticket.name), waited, debt });
  }
  right(book.isInLine(ticket, draw));
  draw.changed.set(ticket.name, book.seq);
}

function reveal(book, { monday: name, party, value }) {
  const monday = book.mondayOf(name);
  const promised = monday.commitments.get(party);
  refuseUnless(promised !== undefined, "stranger");
  const isReady = monday.draws.every((draw) => draw.pool && (draw.hasSecond || !draw.changed.size));
  refuseUnless(isReady && book.now >= monday.at("reveals_from"), "reveal_early");
  refuseUnless(!monday.sealed && book.now <= monday.at("reveals_until") + GRACE, "reveal_late");
  refuseUnless(promised === commitmentOf(party, value), "reveal_differs");
  refuseUnless(!monday.reveals.has(party));
  monday.reveals.set(party, value);
  for (const draw of monday.draws) draw.state = "revealing";
}

function closeReveals(book, { monday: name, revealed, silent }) {
  const monday = book.mondayOf(name);
  refuseUnless(!monday.sealed && monday.draws.every((draw) => draw.pool));
  book.byClock(monday.at("reveals_until"));
  const shown = [...monday.reveals.keys()].sort(byText);
  const missing = [...monday.commitments.keys()].filter((one) => !monday.reveals.has(one)).sort(byText);
  if (String(revealed) !== String(shown) || String(silent) !== String(missing))
    book.find("reveals_closed_wrong");
  else if (missing.length) book.find("silent");
  monday.sealed = { seq: book.seq, at: book.now };
  for (const draw of monday.draws) draw.state = "sealed";
  const late = monday.rules.late_value;
  monday.allDays = valueDays(late, monday.week.day);
  monday.days = monday.allDays.filter((day) => instant(day, late.session) > book.now);
  monday.hasSeats = monday.draws.some((draw) => draw.seats.length);
}

// The numbers entered for a day, the last of each party, and what is decided at `now`: {value,
// because, at}, or null if nothing yet. `value` is "none" if the next day counts.
function onDay(monday, day, now) {
  const said = monday.values.get(day) || new Map();
  const all = [...said.values()];
  const same = (value) => all.filter((one) => one.value === value).map((one) => one.seq);
  for (const value of new Set(all.map((one) => one.value))) {
    const voices = witnesses(monday).filter(({ party }) => said.get(party)?.value === value);
    if (voices.length < quorumOf(monday.rules)) continue;
    return { value, because: same(value), at: Math.max(...voices.map(({ party }) => said.get(party).at)) };
  }
  const until = monday.week.onDay("value_until", day);
  if (now < until) return null;
  const values = new Set(all.map((one) => one.value));
  const [value] = values;
  if (values.size === 1) return { value, because: same(value), at: until };
  return { value: NONE, because: same(NONE), at: until };
}

// {day, value, because, at} of the number that must be decided by now, or {current: day} of the day
// that is still awaited.
function standing(monday, now) {
  const { seq, at } = monday.sealed;
  if (!monday.hasSeats)
    return { day: monday.days[0] ?? monday.allDays.at(-1), value: NONE, because: [seq], at };
  let last = { value: NONE, because: [], at };
  for (const day of monday.days) {
    last = onDay(monday, day, now);
    if (!last) return { current: day };
    if (last.value !== NONE) return { ...last, day };
  }
  const day = monday.days.at(-1) ?? monday.allDays.at(-1);
  const words = [...(monday.values.get(day)?.values() || [])].map((one) => one.seq);
  const because = last.because.length ? last.because : words.length ? words : [seq];
  return { ...last, day, because };
}

function enterValue(book, { monday: name, day, party, value, sig }) {
  const monday = book.mondayOf(name);
  requireParty(monday, party);
  refuseUnless(monday.sealed, "value_early");
  const number = dayNumber(day);
  const right = standing(monday, book.now);
  const isOpen = right.current === number || (right.day === number && right.value !== NONE);
  refuseUnless(!monday.stands && isOpen);
  refuseUnless(book.now >= monday.week.onDay("value_from", number), "value_early");
  requireSigned(book, monday, "value", { party, sig }, day, value);
  if (!monday.values.has(number)) monday.values.set(number, new Map());
  const said = monday.values.get(number);
  said.set(party, { value, seq: book.seq, at: book.now });
  if (new Set([...said.values()].map((one) => one.value)).size > 1) book.find("value_disputed");
}

function letStand(book, body) {
  const monday = book.mondayOf(body.monday);
  refuseUnless(monday.sealed && !monday.stands);
  const right = standing(monday, book.now);
  refuseUnless("value" in right, "value_stands_wrong");
  const day = monday.hasSeats ? dayText(right.day) : body.day;
  const because = [...right.because].sort((one, other) => one - other);
  if (body.day !== day || body.value !== right.value || String(body.because) !== String(because))
    book.find("value_stands_wrong");
  if (right.value === NONE && monday.hasSeats) book.find("no_late_value");
  monday.stands = { seq: book.seq, at: book.now, day, value: right.value };
}

class Seat {
  constructor(draw, time, seq, now) {
    Object.assign(this, { draw, time, state: "free", holder: "", freed: seq, freedAt: now, since: seq });
    this.isStoodIn = false;
    this.ends = 0;
  }
}

function runDraw(book, body) {
  const draw = book.drawOf(body.draw);
  const { monday, pool } = draw;
  refuseUnless(!draw.drawn, "drawn_twice");
  refuseUnless(draw.state === "sealed" && monday.stands, "drawn_early");
  book.because(body.because, monday.stands.seq);
  if (book.now > monday.stands.at + GRACE) book.find("late", { draw: draw.name });
  const { day, value } = monday.stands;
  const reveals = Object.fromEntries(monday.reveals);
  const seed = seedOf(draw.name, pool.root, pool.file.commitments, reveals, day, value);
  const { seated, standby } = give([...pool.rows.values()], draw.seats, monday.rules, seed);
  const file = { ...pool.file, reveals, late_day: day, late_value: value, seed, seated, standby };
  const about = { draw: draw.name };
  if (seed !== body.seed) book.find("seed_differs", about);
  else if (seated.length !== body.seated) book.find("seated_differs", about);
  else if (standby.length !== body.standby) book.find("standby_differs", about);
  else if (fileHash(file) !== body.file) book.find("file_differs", about);
  draw.drawn = { seq: book.seq, at: book.now, seed, seated, standby, file };
  draw.state = "drawn";
  for (const time of draw.seats) draw.places.set(time, new Seat(draw, time, book.seq, book.now));
  for (const ticket of standby) book.tickets.get(ticket).waited++;
  const ends = monday.week.answerBy(book.now);
  for (const { ticket: name, time } of seated) {
    const ticket = book.tickets.get(name);
    draw.seatedBy.add(name);
    const seat = draw.places.get(time);
    if (ticket.isWaiting) book.seatHer(seat, ticket, "given", { ends });
    else noteWon(book, ticket, seat, ends);
  }
}

export const LINE_STEPS = {
  log_opened(book, { origin }) {
    refuseUnless(book.seq === 1);
    refuseUnless(origin === book.origin, "note_malformed");
  },

  monday_opened: openMonday,

  monday_closed(book, { draw: name }) {
    const draw = book.drawOf(name);
    refuseUnless(["open", "held", "held_by_deputy"].includes(draw.day));
    refuseUnless(!draw.drawn || !hasGoneBy(book, draw));
    draw.day = "closed";
    draw.dayEntry = book.seq;
    draw.closedAt = book.now;
    if (!draw.pool) draw.seats = [];
    for (const { time, holder, state } of draw.places.values()) {
      const isLate = book.now >= calledUntil(draw, time) && !draw.present.has(holder);
      if (["given", "confirmed"].includes(state) && isLate) draw.absent.add(holder);
    }
  },

  line_closed(book, { monday: name }) {
    const monday = book.mondayOf(name);
    refuseUnless(!monday.lineClosed);
    book.byClock(monday.week.at("filing_closes"));
    monday.lineClosed = book.lastClosed = book.seq;
  },

  commitment: commit,
  freeze,
  objection: object,
  reveal,
  reveals_closed: closeReveals,
  value: enterValue,
  value_stands: letStand,
  draw: runDraw,
};
