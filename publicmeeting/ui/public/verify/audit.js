// The auditor. It reads a whole log entry by entry, as bytes, and reports every violation with the
// number of its entry or its draw (docs/turns.md 6). It needs only the log and its notes.

import { hex } from "../../../shell/photos/sha256.js";
import { COSIGNATURE, ED25519, NoteError, openNote, parseCheckpoint, parseKey } from "../../../shell/proofs/note.js";
import { GrowingTree, isSame, leafHash } from "../../../shell/proofs/merkle.js";
import { Book, Refused } from "./book.js";
import { readEntry } from "./entries.js";
import { FORMS, wrongKeys } from "./forms.js";
import { LINE_STEPS, quorumOf } from "./line.js";
import { RULES_STEPS } from "./rules.js";
import { SEAT_STEPS } from "./seats.js";
import { TICKET_STEPS } from "./tickets.js";
import { dayNumber, instant, seconds } from "./week.js";

export const NOTES = [
  "cosigned_late", "unwitnessed", "late", "silent", "value_disputed", "no_late_value",
];
const STEPS = { ...RULES_STEPS, ...TICKET_STEPS, ...LINE_STEPS, ...SEAT_STEPS };
const CLOCKS = 300; // seconds by which two honest clocks may differ
const DAY = 86400;

export class Audit {
  constructor(origin) {
    this.book = new Book(origin);
    this.tree = new GrowingTree();
    this.roots = new Map(); // size → root, for the sizes that `expect` was given
    this.times = []; // of all entries, in order
    this.last = "";
  }

  get found() {
    return this.book.found;
  }

  // Announces sizes whose roots will be compared with notes and receipts.
  expect(sizes) {
    this.wanted = new Set(sizes);
  }

  read(bytes) {
    const { book } = this;
    book.seq++;
    book.entries[book.seq] = null;
    this.tree.append(leafHash(bytes));
    if (this.wanted?.has(this.tree.size)) this.roots.set(this.tree.size, this.tree.root);
    const { entry, code } = readEntry(bytes);
    this.times.push(entry ? seconds(entry.at) : (this.times.at(-1) ?? 0));
    if (code) return book.find(code);
    if (entry.seq !== book.seq) return book.find("seq_broken");
    if (!Object.hasOwn(FORMS, entry.kind)) return book.find("kind_unknown");
    if (entry.at < this.last) book.find("time_back");
    else this.last = entry.at;
    if (wrongKeys(entry.kind, entry.body).length) return book.find("keys_differ");
    this.step(entry);
  }

  step({ at, kind, body }) {
    const { book } = this;
    book.now = seconds(at);
    const before = book.found.length;
    try {
      const isLater = Array.isArray(body.because) && body.because.some((one) => one >= book.seq);
      if (isLater) throw new Refused("cause_missing");
      book.note(kind, body);
      STEPS[kind](book, body);
      if (kind === "audited") book.audits.push({ seq: book.seq, at, ...body });
      book.entries[book.seq] = { kind, body, at, now: book.now };
    } catch (fault) {
      const isTime = fault instanceof RangeError; // rules without this moment
      if (!(fault instanceof Refused) && !isTime) throw fault;
      book.found.length = before;
      const { draw = "", ticket = "" } = body;
      const about = { draw: typeof draw === "string" ? draw : "", ticket: String(ticket) };
      book.find(isTime ? "step_not_allowed" : fault.code, about);
    }
  }

  // The keys of the city and of witnesses in all rules so far.
  keys() {
    const found = new Map();
    const add = (text, type) => {
      try {
        const key = parseKey(text);
        if (key.type === type) found.set(text, key);
      } catch {
        // A malformed key signs nothing.
      }
    };
    for (const { rules } of this.book.rules) {
      for (const text of rules.log?.keys || []) add(text, ED25519);
      for (const one of rules.witnesses || []) add(one.vkey, COSIGNATURE);
    }
    return [...found.values()];
  }

  // Checks a published note. `size` is the size for which it was published, if any.
  note(bytes) {
    const { book, tree } = this;
    const about = { seq: 0 };
    try {
      const { text, signed } = openNote(bytes, this.keys());
      const { origin, size, root } = parseCheckpoint(text);
      if (origin !== book.origin) throw new NoteError("note_malformed");
      if (!signed.some(({ key }) => key.type === ED25519 && key.name === origin))
        throw new NoteError("key_unknown");
      if (size > tree.size) return book.find("log_cut", { seq: size });
      const mine = size === tree.size ? tree.root : this.roots.get(size);
      const stamps = signed.filter(({ time }) => time !== null);
      if (mine && !isSame(mine, root))
        return book.find(stamps.length ? "log_rewritten" : "root_differs", { seq: size });
      this.notes.push({ size, root, stamps });
      this.compareClocks(size, stamps.map(({ time }) => time));
    } catch (fault) {
      if (!(fault instanceof NoteError)) throw fault;
      book.find(fault.code, about);
    }
  }

  notes = [];

  compareClocks(size, stamps) {
    if (!stamps.length) return;
    const { book, times } = this;
    const before = size > 0 && times[size - 1];
    if (before > Math.max(...stamps) + CLOCKS) book.find("clock_ahead", { seq: size });
    const after = times[size];
    if (after !== undefined && after < Math.min(...stamps) - CLOCKS)
      book.find("clock_behind", { seq: size + 1 });
  }

  // The time at which a quorum of the rules had signed entry `seq`; Infinity if it has not.
  signedAt(seq, rules) {
    const witnesses = (rules.witnesses || []).map(({ vkey }) => vkey);
    let best = Infinity;
    for (const { size, stamps } of this.notes) {
      if (size < seq) continue;
      const times = new Map();
      for (const { key, time } of stamps) {
        const mine = witnesses.findIndex((vkey) => isKey(vkey, key));
        if (mine >= 0) times.set(mine, time);
      }
      const sorted = [...times.values()].sort((one, other) => one - other);
      if (sorted.length >= quorumOf(rules)) best = Math.min(best, sorted[quorumOf(rules) - 1]);
    }
    return best;
  }

  // Checks what is known only at the end: moments that nobody signed in time, draws that never
  // came.
  finish() {
    const { book } = this;
    const newest = this.notes.flatMap(({ stamps }) => stamps.map(({ time }) => time));
    const now = Math.max(book.now, ...newest);
    for (const monday of book.mondays.values()) {
      const { week, rules, sealed, stands } = monday;
      const witnessed = (rules.witnesses || []).length > 0;
      // If the rules name no witness, nobody could sign. That is not a fault, but it is reported.
      if (!witnessed && sealed && monday.hasSeats)
        book.find("unwitnessed", { seq: sealed.seq, monday: monday.name });
      const check = (seq, deadline, code) => {
        if (witnessed && seq && now > deadline && this.signedAt(seq, rules) > deadline)
          book.find(code, { seq, monday: monday.name });
      };
      const closing = week.at("filing_closes");
      check(monday.lineClosed, closing + DAY / 2, "cosigned_late");
      if (sealed) {
        const day = stands ? dayNumber(stands.day) : monday.days[0];
        if (day !== undefined && monday.hasSeats)
          check(sealed.seq, instant(day, rules.late_value.session), "not_cosigned");
      }
      if (stands && monday.hasSeats) {
        const drawn = Math.max(stands.seq, ...monday.draws.map((draw) => draw.drawn?.seq ?? 0));
        check(drawn, instant(dayNumber(stands.day) + 1, "12:00"), "cosigned_late");
      }
      for (const draw of monday.draws) {
        const isDue = stands ? now > stands.at + 600 : now > week.seat("00:00");
        if (!draw.drawn && isDue) book.find("draw_missing", { seq: 0, draw: draw.name });
      }
    }
    return book.found;
  }

  get root() {
    return hex(this.tree.root);
  }
}

function isKey(vkey, key) {
  try {
    const mine = parseKey(vkey);
    return mine.name === key.name && mine.id === key.id;
  } catch {
    return false;
  }
}

// Audits a whole log: entries and notes as bytes. Returns [{code, seq, draw, ticket}].
export function auditLog(origin, entries, notes = []) {
  const audit = new Audit(origin);
  audit.expect(notes.map(sizeOf));
  for (const entry of entries) audit.read(entry);
  for (const note of notes) audit.note(note);
  return audit.finish();
}

// The size that a note claims, before anything of it is verified.
function sizeOf(note) {
  const text = typeof note === "string" ? note : new TextDecoder().decode(note);
  return Number(text.split("\n", 2)[1]);
}
