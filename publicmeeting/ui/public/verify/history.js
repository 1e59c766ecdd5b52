// The public log, read once from its first entry: what it records of each draw, and the weeks, debt
// and lane of every ticket counted again.

import { sha256 } from "../../../shell/photo_sender/sha256.js";
import { canonical, own } from "./canonical.js";
import { verifyDraw, verifyLog, verifyRoot } from "./verify.js";

const LOG = "log";
const DISTRICT = 3; // characters of a draw's id, as in d06
const MONDAY = 4; // where its day begins

const isSame = (one, other) => other !== undefined && canonical(one) === canonical(other);
const named = (body, key) => (typeof own(body, key) === "string" ? body[key] : "");

class History {
  constructor(files, watched) {
    this.files = files;
    this.watched = watched;
    this.findings = [];
    this.steps = []; // of the watched ticket
    this.missing = []; // draws of our districts in the log whose file is not here
    this.ours = new Set(files.map((file) => file.draw.slice(0, DISTRICT)));
    const furthest = [...files].sort((a, b) => Object.keys(a).length - Object.keys(b).length);
    this.pools = new Map(furthest.filter((file) => file.pool).map((file) => [file.draw, file]));
    this.logged = new Map();
    this.rules = new Set();
    this.boards = new Map(); // kind and Monday → party → what it committed to or showed
    this.home = new Map();
    this.waited = new Map();
    this.lost = new Map();
    this.filed = new Map();
    this.away = new Map(); // declined → whether a list of theirs was frozen since
    this.closed = new Map();
    this.debt = new Map();
    this.lane = new Map();
    this.behind = new Set(); // districts whose weeks can no longer be counted
  }

  find(draw, finding, place) {
    this.findings.push({ draw, finding, place });
  }

  board(kind, monday) {
    const key = `${kind} ${monday}`;
    if (!this.boards.has(key)) this.boards.set(key, new Map());
    return this.boards.get(key);
  }

  weeks(ticket) {
    return this.waited.get(ticket) || 0;
  }

  read(entry) {
    const { kind, body } = entry;
    const [draw, ticket, party] = ["draw", "ticket", "party"].map((key) => named(body, key));
    const monday = named(body, "monday");
    const logged = this.logged.get(draw);
    const put = (board, key, value) => board.has(key) || board.set(key, value);
    if (kind === "rules_announced") this.rules.add(named(body, "rules_hash"));
    else if (kind === "monday_opened") {
      const { rules_hash, seats } = body;
      this.logged.set(draw, { rules_hash, seats, opened: seats });
    } else if (kind === "monday_closed" && logged && logged.pool_root === undefined) logged.seats = [];
    else if (kind === "commitment") put(this.board(kind, monday), party, body.commitment);
    else if (kind === "reveal") put(this.board(kind, monday), party, body.value);
    else if (kind === "value_stands") put(this.board(kind, monday), "", body);
    else if ((kind === "freeze" || kind === "objection") && own(body, "pool_root") !== undefined)
      this.freeze(draw, logged, body);
    else if (kind === "draw") this.draw(draw, logged, body, entry);
    else if (kind === "line_closed") this.closed.set(monday, entry.seq);
    else if (kind === "redirected") this.move(entry);
    else if (ticket) this.turn(kind, ticket, body, entry);
  }

  freeze(draw, logged, body) {
    if (!logged) return;
    const monday = draw.slice(MONDAY);
    if (this.board("reveal", monday).size) this.find(draw, "revealed_early", "pool_root");
    if (logged.pool_root === undefined) {
      logged.commitments = Object.fromEntries(this.board("commitment", monday));
      for (const row of this.pools.get(draw)?.pool || []) this.row(draw, row);
    }
    Object.assign(logged, { pool_root: body.pool_root, pool: body.rows });
    for (const ticket of this.away.keys()) {
      const home = `d${String(this.home.get(ticket)).padStart(2, "0")}`;
      const isInTime = this.filed.get(ticket) < (this.closed.get(monday) ?? Infinity);
      if (draw.startsWith(`${home}-`) && isInTime) this.away.set(ticket, true);
    }
  }

  // Another ticket in another district has all that the old one had.
  move(entry) {
    const [before, after] = ["old", "new"].map((key) => named(entry.body, key));
    for (const one of [this.waited, this.lost, this.debt, this.lane, this.filed]) {
      if (one.has(before)) one.set(after, one.get(before));
      one.delete(before);
    }
    this.home.set(after, entry.body.district);
    if ([before, after].includes(this.watched)) this.step(entry, "");
  }

  // A row of a list, at the moment its draw was frozen.
  row(draw, { ticket, waited, debt, lane }) {
    const { district } = this.pools.get(draw);
    const place = `pool.${ticket}`;
    const isCounted = !this.behind.has(draw.slice(0, DISTRICT));
    if (this.home.get(ticket) !== district) this.find(draw, "never_filed", place);
    if (isCounted && waited !== this.weeks(ticket)) this.find(draw, "waited_differs", place);
    if (debt !== (this.debt.get(ticket) ?? 0)) this.find(draw, "debt_differs", place);
    if (lane !== (this.lane.get(ticket) ?? "general")) this.find(draw, "lane_differs", place);
  }

  draw(draw, logged, body, entry) {
    const monday = draw.slice(MONDAY);
    const file = this.pools.get(draw);
    if (logged && logged.reveals === undefined) {
      const { seed, seated, standby, file: hash } = body;
      const late = this.board("value_stands", monday).get("") || {};
      const reveals = Object.fromEntries(this.board("reveal", monday));
      const [late_day, late_value] = [late.day, late.value];
      Object.assign(logged, { seed, seated, standby, hash, reveals, late_day, late_value });
    }
    if (!file?.seated) {
      this.behind.add(draw.slice(0, DISTRICT));
      if (this.ours.has(draw.slice(0, DISTRICT))) this.missing.push(draw);
      return;
    }
    for (const ticket of file.standby) this.waited.set(ticket, this.weeks(ticket) + 1);
    if (file.pool.some((row) => row.ticket === this.watched)) this.step(entry, draw);
  }

  // What an entry does to one ticket.
  turn(kind, ticket, body, entry) {
    if (kind === "filed") {
      this.home.set(ticket, body.district);
      this.filed.set(ticket, entry.seq);
    } else if (kind === "taken_out" || kind === "taken_in") {
      if (this.away.get(ticket)) this.waited.set(ticket, this.weeks(ticket) + 1);
      this.away.delete(ticket);
      if (body.why === "declined") this.away.set(ticket, false);
    }
    else if (kind === "debt") this.debt.set(ticket, body.debt);
    else if (kind === "lane_judged" && body.verdict === "yes") this.lane.set(ticket, body.lane);
    else if (kind === "waited_reset") {
      if (body.reason === "no_show") this.lost.set(ticket, this.weeks(ticket));
      this.waited.set(ticket, 0);
    } else if ((kind === "arrival" || kind === "no_show_contested") && "waited" in body) {
      this.waited.set(ticket, this.weeks(ticket) + (this.lost.get(ticket) || 0));
      this.lost.delete(ticket);
      const home = `d${String(this.home.get(ticket)).padStart(2, "0")}`;
      if (body.waited !== this.weeks(ticket) && !this.behind.has(home))
        this.find(LOG, "weeks_restored_wrong", String(entry.seq));
    }
    if (ticket === this.watched) this.step(entry, named(body, "draw"));
  }

  step({ seq, at, kind }, draw) {
    const seat = this.pools.get(draw)?.seated?.find((one) => one.ticket === this.watched) || null;
    this.steps.push({ seq, at, kind, draw, seat, waited: this.weeks(this.watched) });
  }

  // Each file against what the log recorded when it became binding.
  compare(file) {
    const logged = this.logged.get(file.draw);
    if (!logged) return this.find(file.draw, "not_in_log", "draw");
    if (file.rules_hash !== logged.rules_hash || !this.rules.has(file.rules_hash))
      return this.find(file.draw, "told_otherwise", "rules_hash");
    const facts = { seats: file.seats, commitments: file.commitments };
    let by = logged;
    if (file.pool) Object.assign(facts, { pool: file.pool.length, pool_root: file.pool_root });
    else by = this.earlier(file, logged);
    if (file.seated) {
      const { reveals, late_day, late_value, seed } = file;
      const sizes = { seated: file.seated.length, standby: file.standby.length };
      Object.assign(facts, { reveals, late_day, late_value, seed, ...sizes });
      if (sha256(canonical(file)) !== logged.hash) this.find(file.draw, "told_otherwise", "file");
    }
    for (const key of Object.keys(facts))
      if (!isSame(facts[key], by[key])) this.find(file.draw, "told_otherwise", key);
  }

  // An open file may be older than a commitment, or than the closing of its Monday.
  earlier(file, logged) {
    const known = this.board("commitment", file.draw.slice(MONDAY));
    const mine = Object.keys(file.commitments).filter((party) => known.has(party));
    return {
      seats: isSame(file.seats, logged.opened) ? logged.opened : logged.seats,
      commitments: Object.fromEntries(mine.map((party) => [party, known.get(party)])),
    };
  }
}

// Files of one or more districts, in any order, and the whole log. `findings`: {draw, finding,
// place}, draw "log" for the log's own; `missing`: draws whose file would be needed to count on.
// A log that is broken, or not the one of the signed `note`, is compared with nothing.
export function verifyHistory(files, entries, note = "") {
  const findings = [];
  const whole = [];
  for (const file of files) {
    const found = verifyDraw(file).findings;
    for (const one of found) findings.push({ draw: named(Object(file), "draw"), ...one });
    if (!found.length) whole.push(file);
  }
  const inItself = verifyLog(entries).findings;
  const found = inItself.length || !note ? inItself : verifyRoot(entries, note);
  const broken = found.map((one) => ({ draw: LOG, ...one }));
  if (broken.length) return { findings: [...findings, ...broken], missing: [] };
  const history = new History(whole, "");
  for (const entry of entries) history.read(entry);
  for (const file of whole) history.compare(file);
  return { findings: [...findings, ...history.findings], missing: history.missing };
}

// One ticket's way through files and log that have no findings: its district (null when the log does
// not know it), its weeks, debt and lane now, and the entries that made them; `missing` as above.
export function waitedOf(ticket, files, entries) {
  const history = new History(files, ticket);
  for (const entry of entries) history.read(entry);
  return {
    district: history.home.get(ticket) ?? null,
    waited: history.weeks(ticket),
    debt: history.debt.get(ticket) ?? 0,
    lane: history.lane.get(ticket) ?? "general",
    steps: history.steps,
    missing: history.missing,
  };
}
