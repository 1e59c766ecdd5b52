// What a telephone can prove with a few tiles of the log: that the log continues from what this
// browser saw last, that it contains an entry, a receipt and a row, and who signed it. Everything
// fetched is checked here. Nothing that a reader typed is sent except the ticket, in the address of
// its row.

import { utf8 } from "../../../shell/photos/sha256.js";
import {
  bundlePath, consistencyRoots, isSame, leafHash, readBundle, TILE, Tiles, tileWidth, verifyInclusion,
} from "../../../shell/proofs/merkle.js";
import {
  COSIGNATURE, fromText, openCheckpoint, openReceipt, parseKey, toBase64,
} from "../../../shell/proofs/note.js";
import { rowText } from "./draw.js";
import { readEntry } from "./entries.js";

const KEPT = "publicmeeting/log";
const NOTES_READ = 4; // maximum notes read for the signatures at one time

// A failed proof; its code is that of a finding, and `facts` fill the finding's sentence.
export class Break extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

const unless = (right, code, facts) => {
  if (!right) throw new Break(code, facts);
};

// Fetches bytes from this site and counts them. Throws TypeError if none arrive, as fetch does.
export class Fetcher {
  constructor(fetch) {
    this.fetch = fetch;
    this.bytes = 0;
  }

  async get(path) {
    const answer = await this.fetch(path);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new TypeError(String(answer.status));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    this.bytes += bytes.length;
    return bytes;
  }

  async json(path) {
    const bytes = await this.get(path);
    return bytes && JSON.parse(fromText(bytes));
  }
}

export const fetching = () => new Fetcher((path) => fetch(path));

function keysOf(texts) {
  return texts.flatMap((text) => {
    try {
      return [parseKey(text)];
    } catch {
      return [];
    }
  });
}

// A browser may forbid storage. Then every visit is like the first one.
export function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

export function kept(storage) {
  try {
    return JSON.parse(storage.getItem(KEPT)) || null;
  } catch {
    return null;
  }
}

function keep(storage, value) {
  try {
    storage.setItem(KEPT, JSON.stringify(value));
  } catch {
    // Nothing is stored.
  }
}

// Stores the witnesses named by the rules of a whole log in which an audit has found no fault.
export function believe(storage, witnesses) {
  const before = kept(storage);
  if (before) keep(storage, { ...before, witnesses: witnesses.map((one) => one.vkey) });
}

// The current log, verified and compared with what this browser saw last.
export class Log {
  static async open(fetcher, storage) {
    const log = new Log();
    log.fetcher = fetcher;
    const now = await fetcher.json("/verify/now.json");
    unless(now, "log_cut");
    log.now = now;
    log.origin = now.origin;
    const before = kept(storage);
    // A log with another name does not excuse a difference from the one seen first.
    unless(!before || before.origin === now.origin, "log_rewritten", { seq: before?.size, note: before?.note });
    // Keys that this browser knows are kept. Other keys of this site are trusted on the first visit
    // only.
    log.keys = keysOf(before ? before.keys : now.keys);
    const named = now.witnesses.map((one) => one.vkey);
    log.witnesses = keysOf(named).filter((key) => key.type === COSIGNATURE);
    const known = before?.witnesses ?? named;
    log.isOtherWitnesses = String([...known].sort()) !== String([...named].sort());
    const note = await fetcher.get("/log/checkpoint");
    unless(note, "log_cut");
    log.note = fromText(note);
    log.checkpoint = openCheckpoint(note, log.origin, [...log.keys, ...log.witnesses]);
    const { size, root } = log.checkpoint;
    log.tiles = new Tiles(size, (path) => log.tile(path));
    log.before = before;
    if (log.before) await log.continues(before.size, unbase(before.root), before.note);
    const keys = [...new Set([...(before ? before.keys : []), ...now.keys])];
    keep(storage, { origin: log.origin, size, root: toBase64(root), note: log.note, keys, witnesses: known });
    return log;
  }

  async tile(path) {
    const bytes = await this.fetcher.get(`/log/${path}`);
    unless(bytes, "log_cut");
    return bytes;
  }

  // Requires that this log continues from a size and root that the city signed before.
  async continues(size, root, note) {
    const newest = this.checkpoint;
    unless(size <= newest.size, "log_cut", { seq: size, note });
    const roots = consistencyRoots(size, root, newest.size, await this.path(() => this.tiles.consistency(size)));
    const isWhole = roots && (size === newest.size || isSame(roots[1], newest.root));
    unless(isWhole, "root_differs", { seq: size, note }); // tiles that do not belong to this log
    const isSameStart = isSame(size === newest.size ? newest.root : roots[0], root);
    unless(isSameStart, "log_rewritten", { seq: size, note });
  }

  // A proof computed from tiles. A tile may have arrived too short or too long.
  async path(make) {
    try {
      return await make();
    } catch (fault) {
      if (fault instanceof RangeError) throw new Break("root_differs");
      throw fault;
    }
  }

  // Reads the text of an entry and proves its place in the log.
  async entry(text) {
    const bytes = utf8(text);
    const { entry, code } = readEntry(bytes);
    unless(!code, code);
    unless(entry.seq <= this.checkpoint.size, "log_cut", { seq: entry.seq });
    const { size, root } = this.checkpoint;
    const path = await this.path(() => this.tiles.inclusion(entry.seq - 1));
    const holds = verifyInclusion(leafHash(bytes), entry.seq - 1, size, path, root);
    unless(holds, "root_differs", { seq: entry.seq });
    return entry;
  }

  // The entry that the log has at a place, without a proof: shown beside a receipt that it
  // contradicts.
  async at(seq) {
    const index = Math.floor((seq - 1) / TILE);
    const width = tileWidth(0, index, this.checkpoint.size);
    const bytes = await this.fetcher.get(`/log/${bundlePath(index, width)}`);
    const entries = bytes && readBundle(bytes, width);
    return entries ? fromText(entries[(seq - 1) % TILE]) : "";
  }

  // Returns {entry, isNewer: number of later entries}. A Break says what the receipt shows instead.
  async receipt(note) {
    const found = openReceipt(note, this.origin, this.keys);
    const { entry, code } = readEntry(utf8(found.entry));
    unless(!code && entry.seq <= found.size, "note_malformed");
    unless(found.size <= this.checkpoint.size, "log_cut", { seq: entry.seq, note });
    await this.requireEntry(found.entry, entry.seq, note);
    await this.continues(found.size, found.root, note);
    return { entry, since: this.checkpoint.size - entry.seq };
  }

  // The receipt is contradicted only if the signed log itself has another entry at its place. Files
  // that fit no signature may have arrived incomplete.
  async requireEntry(then, seq, note) {
    try {
      await this.entry(then);
    } catch (fault) {
      if (!(fault instanceof Break) || fault.code === "log_cut") throw fault;
      const now = await this.at(seq);
      unless(now && now !== then, "root_differs", { seq });
      await this.entry(now);
      throw new Break("receipt_contradicted", { seq, note, then, now });
    }
  }

  // Who signed the log after an entry: {signed: [name], of: number of witnesses, first: seconds}.
  async signatures(seq) {
    const of = this.witnesses.length;
    const listed = fromText((await this.fetcher.get("/log/notes")) || new Uint8Array());
    const sizes = (listed.match(/\d+/g) || []).map(Number).filter((size) => size >= seq);
    const signed = new Map();
    for (const size of sizes.sort((a, b) => a - b).slice(0, NOTES_READ)) {
      const note = await this.fetcher.get(`/log/note/${size}`);
      if (!note || size > this.checkpoint.size) continue;
      const opened = openCheckpoint(note, this.origin, [...this.keys, ...this.witnesses]);
      await this.continues(opened.size, opened.root, fromText(note));
      for (const { key, time } of opened.stamps)
        if (!signed.has(key.name) || time < signed.get(key.name)) signed.set(key.name, time);
      if (of && signed.size === of) break;
    }
    return { signed: [...signed].map(([name, time]) => ({ name, time })), of };
  }

  // The row of a ticket in a list, proved up to the log; null if the site says that it is not in
  // the list.
  async row(draw, ticket) {
    const told = await this.fetcher.json(`/draws/${draw}/row/${ticket}`);
    if (!told) return null;
    const { row, index, leaves, path, pool_root: root, entries } = told;
    unless(told.draw === draw && row?.ticket === ticket && index > 0, "pool_root_differs");
    const steps = path.map((step) => unhex(step));
    const holds = verifyInclusion(leafHash(utf8(rowText(row))), index, leaves, steps, unhex(root));
    unless(holds, "pool_root_differs");
    const proved = { row, rows: leaves - 1, root, size: told.size };
    for (const kind of ["freeze", "reveals_closed", "value_stands", "draw"]) {
      proved[kind] = entries[kind] ? await this.entry(entries[kind]) : null;
      unless(!entries[kind] || proved[kind].kind === kind, "malformed");
    }
    const { freeze } = proved;
    const isList = freeze?.body.draw === draw && freeze.body.pool_root === root;
    unless(isList && freeze.body.rows === leaves - 1, "pool_root_differs");
    return proved;
  }
}

const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const unbase = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

// Recognises a text that a reader dropped, pasted or photographed: {receipt: note}, {link} or
// nothing.
export function recognise(text) {
  const clean = text.replace(/\r\n?/g, "\n").replace(/^\ufeff/, "").trim();
  if (/^\S+\/receipt\/v1\n/.test(clean)) return { receipt: `${clean}\n` };
  if (/\/receipt\/v1/.test(clean)) return { broken: true };
  if (/^[0-9a-f]{64}$/i.test(clean)) return { ticket: clean.toLowerCase() };
  if (/#/.test(clean)) return { link: clean };
  if (/^[0-9a-f]{8}$/i.test(clean)) return { old: true };
  return {};
}
