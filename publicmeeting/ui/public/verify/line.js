// Rules, Mondays and draws: from the opening of a Monday to its draw.

import { sha256, utf8 } from "../../../shell/photo_sender/sha256.js";
import { verifyEd25519 } from "../../../shell/proofs/ed25519.js";
import { fromBase64, parseKey } from "../../../shell/proofs/note.js";
import { GRACE, refuseUnless } from "./book.js";
import { canonical } from "./canonical.js";
import { CITY, commitmentOf, fileHash, give, poolRoot, seedOf, sortedRows } from "./draw.js";
import { dayNumber, dayText, instant, valueDays } from "./week.js";

const NONE = "none";
const EIGHT_WEEKS = 56 * 86400;
const byText = (one, other) => (one < other ? -1 : 1);

const witnesses = (monday) => monday.rules.witnesses || [];
export const quorumOf = (rules) => Math.floor((rules.witnesses || []).length / 2) + 1;

// A word a witness signed by the key in the rules; the city's own has no signature.
function requireSigned(book, monday, kind, { party, sig }, ...what) {
  if (party === CITY) return refuseUnless(sig === "", "signature_wrong");
  const witness = witnesses(monday).find((one) => one.party === party);
  refuseUnless(witness, "stranger");
  const lines = ["publicmeeting/said/v1", book.origin, kind, monday.name, party, ...what];
  const said = utf8(lines.map((line) => `${line}\n`).join(""));
  let isSigned = false;
  try {
    isSigned = verifyEd25519(parseKey(witness.vkey).key, said, fromBase64(sig) || new Uint8Array());
  } catch {
    // A key out of form signs nothing.
  }
  refuseUnless(isSigned, "signature_wrong");
}

function openMonday(book, { draw: name, rules_hash: hash, seats, why }) {
  refuseUnless(!book.draws.has(name), "opened_twice");
  const monday = name.slice(4);
  const rules = book.rulesOf(monday);
  refuseUnless(rules && (why === "") === seats.length > 0);
  const draw = book.open(name, seats, rules);
  if (hash !== rules.hash) book.find("rules_hash_differs", { draw: name });
  const opens = draw.monday.week.at("opens");
  book.notBefore(opens);
  if (book.now > opens + GRACE && why !== "late") book.find("opened_late", { draw: name });
}

function commit(book, { monday: name, party, commitment, sig }) {
  const monday = book.mondayOf(name);
  refuseUnless(party === CITY || witnesses(monday).some((one) => one.party === party), "stranger");
  const isTwice = monday.commitments.has(party) || book.promised.has(commitment);
  const opened = Math.min(...monday.draws.map((draw) => draw.opened));
  const isLate = party === CITY && book.now > book.entries[opened].now + GRACE;
  refuseUnless(!isLate && !monday.draws.some((draw) => draw.pool), "commitment_late");
  refuseUnless(!isTwice, "commitment_twice");
  requireSigned(book, monday, "commitment", { party, sig }, commitment);
  monday.commitments.set(party, commitment);
  book.promised.add(commitment);
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
  refuseUnless(monday.lineClosed, "cause_missing");
  refuseUnless(book.now >= monday.week.at("freeze"), "frozen_early");
  book.because(body.because, monday.lineClosed);
  const late = book.now - monday.week.at("freeze");
  if (late > GRACE) {
    book.find("late", { draw: draw.name });
    monday.shift = Math.max(monday.shift, late);
  }
  const rows = new Map();
  for (const ticket of book.tickets.values()) {
    if (ticket.district !== draw.district) continue;
    if (book.isInLine(ticket, draw)) rows.set(ticket.name, ticket.row);
    else draw.missing.set(ticket.name, ticket.row);
    if (ticket.line < monday.lineClosed && !ticket.excluded.has(monday.name)) ticket.lists++;
    if (ticket.state === "gone" && !ticket.frozenAfter) ticket.frozenAfter = monday;
  }
  draw.state = "frozen";
  draw.first = { rows, seq: book.seq };
  fix(book, draw, rows, body);
}

// Once more, where somebody proved that an act that kept her out was not hers.
function freezeAgain(book, draw, body) {
  const { monday } = draw;
  refuseUnless(draw.state === "frozen" && !draw.hasSecond && draw.changed.length, "frozen_twice");
  refuseUnless(book.now >= monday.at("objections_until"), "frozen_early");
  book.because(body.because, ...draw.changed.map((one) => one.seq));
  const rows = new Map(draw.first.rows);
  for (const { ticket } of draw.changed) rows.set(ticket, draw.missing.get(ticket));
  draw.hasSecond = true;
  fix(book, draw, rows, body);
}

// What the log may answer to whoever misses a ticket in a list: [outcome, the entry that decides].
function answersOf(book, draw, ticket) {
  const { monday, pool } = draw;
  const { out } = ticket;
  const isChanged = draw.changed.some((one) => one.ticket === ticket.name);
  if (pool.rows.has(ticket.name) || isChanged) return [["listed", pool.seq]];
  if (ticket.line > monday.lineClosed) return [["as_logged", ticket.filed]];
  const answers = [];
  const left = ticket.excluded.get(monday.name);
  const isBarred = ticket.missed >= 2 && !ticket.isProven;
  if (!isBarred && !ticket.hasSeat && draw.state === "frozen" && book.now <= monday.at("objections_until")) {
    const isExcluded = left && book.entries[left]?.kind === "monday_excluded";
    const isHers = ticket.state === "gone" && ["withdrawn", "accepted"].includes(out.why);
    if (isExcluded && ticket.state === "in") return [["changed", left]];
    if (isHers && !left && ticket.frozenAfter === monday) return [["changed", out.seq]];
  }
  if (left) answers.push(["as_logged", left]);
  if (ticket.state !== "in" && out.seq < draw.first.seq) answers.push(["as_logged", out.seq]);
  if (isBarred && ticket.lastMissed) answers.push(["as_logged", ticket.lastMissed]);
  if (ticket.hasSeat) answers.push(["as_logged", ticket.seat.since]);
  return answers;
}

function object(book, { draw: name, ticket: ticketName, number, outcome, because }) {
  const draw = book.drawOf(name);
  const ticket = book.ticketOf(ticketName);
  refuseUnless(draw.pool);
  for (const seq of because) book.cause(seq);
  const isWronged =
    outcome === "wronged" && draw.isForged && draw.first.rows.has(ticketName) && !ticket.hasSeat &&
    !ticket.wronged?.has(name) && because[0] === draw.pool.seq &&
    book.now <= draw.monday.at("objections_until") + EIGHT_WEEKS;
  const isRight = answersOf(book, draw, ticket).some(
    ([right, cause]) => right === outcome && String(because) === String([cause]),
  );
  refuseUnless((isWronged || isRight) && number === draw.objections + 1, "objection_wrong");
  draw.objections = number;
  if (isWronged) {
    ticket.owe();
    ticket.wronged = new Set([...(ticket.wronged || []), name]);
  }
  if (outcome !== "changed") return;
  draw.changed.push({ seq: book.seq, ticket: ticketName });
  ticket.excluded.delete(draw.monday.name);
  Object.assign(ticket, { state: "in", out: null });
}

function reveal(book, { monday: name, party, value }) {
  const monday = book.mondayOf(name);
  const isReady = monday.draws.every((draw) => draw.pool) && book.now >= monday.at("reveals_from");
  refuseUnless(isReady, "reveal_early");
  refuseUnless(!monday.sealed && book.now <= monday.at("reveals_until") + GRACE, "reveal_late");
  const promised = monday.commitments.get(party);
  const isKnown = party === CITY || witnesses(monday).some((one) => one.party === party);
  refuseUnless(isKnown, "stranger");
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
  if (missing.length) book.find("silent");
  monday.sealed = { seq: book.seq, at: book.now };
  for (const draw of monday.draws) draw.state = "sealed";
  const late = monday.rules.late_value;
  monday.allDays = valueDays(late, monday.week.day);
  monday.days = monday.allDays.filter((day) => instant(day, late.session) > book.now);
  monday.hasSeats = monday.draws.some((draw) => draw.seats.length);
}

// What was entered for a day, the last word of each party; and what of it stands at `now`:
// {value, because, at}, or nothing yet (null). `value` is "none" where the next day counts.
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

// {day, value, because, at} of what must stand by now, or {current: day} that is still waited for.
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
  refuseUnless(monday.sealed, "value_early");
  refuseUnless(party === CITY || witnesses(monday).some((one) => one.party === party), "stranger");
  const number = dayNumber(day);
  refuseUnless(book.now >= monday.week.onDay("value_from", number), "value_early");
  refuseUnless(!monday.stands && standing(monday, book.now - 1).current === number);
  const isDice = monday.rules.late_value.kind === "dice";
  refuseUnless(value === NONE || (isDice ? /^[1-6]{10}$/ : /^[0-9]+$/).test(value));
  requireSigned(book, monday, "value", { party, sig }, day, value);
  if (!monday.values.has(number)) monday.values.set(number, new Map());
  monday.values.get(number).set(party, { value, seq: book.seq, at: book.now });
}

function letStand(book, body) {
  const monday = book.mondayOf(body.monday);
  refuseUnless(monday.sealed && !monday.stands);
  const right = standing(monday, book.now);
  refuseUnless("value" in right, "value_stands_wrong");
  const day = dayText(right.day);
  if (body.day !== day || body.value !== right.value) book.find("value_stands_wrong");
  else book.because(body.because, ...right.because);
  if (book.now > right.at + GRACE) book.find("late");
  for (const said of monday.values.values())
    if (new Set([...said.values()].map((one) => one.value)).size > 1) {
      book.find("value_disputed");
      break;
    }
  if (right.value === NONE && monday.hasSeats) book.find("no_late_value");
  monday.stands = { seq: book.seq, at: book.now, day, value: right.value };
}

class Seat {
  constructor(draw, time, seq, now) {
    Object.assign(this, { draw, time, state: "free", holder: "", freed: seq, freedAt: now, since: seq });
    this.isDrawn = this.isStoodIn = false;
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
  const wrong = [];
  if (seed !== body.seed) wrong.push("seed_differs");
  if (seated.length !== body.seated) wrong.push("seated_differs");
  if (standby.length !== body.standby) wrong.push("standby_differs");
  if (!wrong.length && fileHash(file) !== body.file) wrong.push("file_differs");
  for (const code of wrong) book.find(code, { draw: draw.name });
  draw.drawn = { seq: book.seq, at: book.now, seed, seated, standby, file };
  draw.state = "drawn";
  for (const time of draw.seats) draw.places.set(time, new Seat(draw, time, book.seq, book.now));
  for (const ticket of standby) book.tickets.get(ticket).waited++;
  for (const { ticket: name, time } of seated) {
    const ticket = book.tickets.get(name);
    if (ticket.isWaiting) book.seatHer(draw.places.get(time), ticket, "given", { isDrawn: true });
  }
}

export const LINE_STEPS = {
  log_opened(book, { origin }) {
    refuseUnless(book.seq === 1 && origin === book.origin);
  },

  rules_announced(book, { from, hash, rules }) {
    if (sha256(canonical(rules)) !== hash) book.find("rules_hash_differs");
    if ([...book.mondays.keys()].some((monday) => monday >= from)) book.find("rules_late");
    book.rules.push({ seq: book.seq, from, rules, hash });
  },

  monday_opened: openMonday,

  monday_closed(book, { draw: name }) {
    const draw = book.drawOf(name);
    refuseUnless(draw.day === "open");
    draw.day = "closed";
    draw.dayEntry = book.seq;
    if (!draw.pool) draw.seats = [];
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
