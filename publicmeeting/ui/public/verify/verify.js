// The verifier that runs in the reader's own browser: no code of others, nothing sent anywhere.
// Findings carry the codes of the product's own verifier; the page has their sentences.

import { digest, hex, sha, sha256, utf8 } from "../../../shell/photo_sender/sha256.js";
import { canonical, isCanonical, isObject, own } from "./canonical.js";

export { read } from "./canonical.js";
export { sha256 };

export const ticketOf = (salt, identity, district) =>
  sha("publicmeeting/ticket/v1", salt, identity, String(district).padStart(2, "0"));

const text = (pattern) => (value) => typeof value === "string" && pattern.test(value);
const isHash = text(/^[0-9a-f]{64}$/);
const isName = text(/^[a-z][a-z0-9_-]*$/);
const isParty = text(/^[a-z][a-z0-9-]*$/);
const isStart = text(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);
const isDraw = text(/^d[0-9]{2}-[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
const isPlain = (value) => typeof value === "string" && !/\n|\p{Cs}/u.test(value);
const isLate = text(/^(0|[1-9][0-9]{0,14}|none)$/);
const isDay = text(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isBorder = (value) => value === "24:00" || isStart(value);
const isText = (value) => typeof value === "string";
const has = (value, keys) =>
  isObject(value) && Object.keys(value).sort().join() === [...keys].sort().join();
const isSeat = (seat) =>
  has(seat, ["ticket", "time", "why"]) && Object.values(seat).every(isText);
const isRow = (row) =>
  has(row, ["ticket", "lane", "waited", "debt", "prefers"]) &&
  [isHash(row.ticket), isName(row.lane), isName(row.prefers), isCount(row.waited)].every(Boolean) &&
  (row.debt === 0 || row.debt === 1);
const isAscending = (times) => times.every((time, i) => !i || times[i - 1] < time);

const one = (right) => (value) => (right(value) ? [] : [""]);
const list = (right) => (value) =>
  Array.isArray(value) ? value.flatMap((item, i) => (right(item) ? [] : [`[${i}]`])) : [""];
const table = (right) => (value) =>
  isObject(value)
    ? Object.keys(value).flatMap((key) => (isParty(key) && right(value[key]) ? [] : [`.${key}`]))
    : [""];
const SHAPES = {
  draw: one(isDraw), district: one(isCount), rules: wrongRules, rules_hash: one(isHash),
  seats: (value) => (list(isStart)(value).length || isAscending(value) ? list(isStart)(value) : [""]),
  commitments: table(isHash), pool: list(isRow), pool_root: one(isHash),
  reveals: table(isPlain), late_day: one(isDay), late_value: one(isLate),
  seed: one(isHash), seated: list(isSeat), standby: list(isHash),
};
const KEYS = Object.keys(SHAPES);
const STATES = { drawn: KEYS, frozen: KEYS.slice(0, 8), open: KEYS.slice(0, 6) };

function wrongRules(rules) {
  if (!isCanonical(rules)) return [""];
  if (!isCount(own(rules, "version"))) return [".version"];
  const isWindow = (pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isBorder);
  for (const [key, right] of [["lanes", isCount], ["windows", isWindow]]) {
    const named = own(rules, key);
    if (!isObject(named) || !Object.keys(named).every(isName)) return [`.${key}`];
    if (!Object.values(named).every(right)) return [`.${key}`];
  }
  return [];
}

// RFC 9162, section 2.1.1: neighbours are joined, a last one without a partner is carried up.
function treeHash(entries) {
  let level = entries.map((entry) => digest(utf8(`\0${entry}`)));
  while (level.length > 1) {
    const joined = [];
    for (let i = 0; i + 1 < level.length; i += 2)
      joined.push(digest(Uint8Array.of(1, ...level[i], ...level[i + 1])));
    level = level.length % 2 ? [...joined, level.at(-1)] : joined;
  }
  return hex(level[0]);
}

// The rule: debts by lot, each lane by lot up to its quota, then the line by weeks and lot.
function give({ pool, seats, rules, seed }) {
  const byLot = (rows, stage, weeks = () => 0) =>
    rows
      .map((row) => ({ row, order: sha("publicmeeting/lot/v1", seed, stage, row.ticket) + row.ticket }))
      .sort((a, b) => weeks(b.row) - weeks(a.row) || (a.order < b.order ? -1 : 1))
      .map(({ row }) => row);
  const line = byLot(pool, "line", (row) => row.waited);
  const steps = [["debt", byLot(pool.filter((row) => row.debt), "debt"), seats.length]];
  for (const name of Object.keys(rules.lanes).sort()) {
    const stage = `lane:${name}`;
    steps.push([stage, byLot(pool.filter((row) => row.lane === name), stage), rules.lanes[name]]);
  }
  const free = [...seats];
  const holders = new Set();
  const seated = [];
  for (const [why, rows, quota] of [...steps, ["line", line, seats.length]]) {
    const left = rows.filter((row) => !holders.has(row.ticket)).slice(0, Math.min(quota, free.length));
    for (const { ticket, prefers } of left) {
      const [start, end] = (prefers !== "any" && own(rules.windows, prefers)) || ["00:00", "24:00"];
      const inside = free.findIndex((time) => start <= time && time < end);
      holders.add(ticket);
      seated.push({ ticket, time: free.splice(Math.max(inside, 0), 1)[0], why });
    }
  }
  const standby = line.map((row) => row.ticket).filter((ticket) => !holders.has(ticket));
  return { seated, standby };
}

const inId = (district) => `d${String(district).padStart(2, "0")}`;
const districtOf = (draw) => draw.slice(0, 3);
const commit = (party, value) => sha("publicmeeting/commit/v1", party, value);
const rowText = (row) => [row.ticket, row.lane, row.waited, row.debt, row.prefers].join("|");
const seatTexts = (seated) => JSON.stringify(seated.map((one) => [one.ticket, one.time, one.why]));

// One file in any of its three states. `findings`: {finding, place}; `ticks`: {tick, ok} of what
// was looked at, in order: shape, rules, and as far as the draw has come list, values, order.
export function verifyDraw(file) {
  const findings = [];
  const ticks = [];
  let before = 0;
  const find = (finding, place = "") => findings.push({ finding, place });
  const tick = (name) => {
    ticks.push({ tick: name, ok: findings.length === before });
    before = findings.length;
  };
  const state = stateOf(file);
  wrongShape(file, state, find);
  tick("shape");
  if (findings.length) return { state, ticks, findings };
  const { draw, seats, commitments, pool, reveals } = file;
  if (districtOf(draw) !== inId(file.district)) find("district_differs", "district");
  if (sha256(canonical(file.rules)) !== file.rules_hash) find("rules_hash_differs", "rules_hash");
  tick("rules");
  const sealed = () =>
    own(commitments, "city") === undefined && find("city_commitment_missing", "commitments");
  if (state === "open") {
    sealed();
    tick("values");
    return { state, ticks, findings };
  }
  const texts = pool.map(rowText);
  const sorted = [...texts].sort();
  const seen = new Set();
  const again = pool.filter(({ ticket }) => seen.size === seen.add(ticket).size);
  const twice = new Set(again.map((row) => row.ticket));
  if (texts.some((text, i) => text !== sorted[i])) find("pool_not_sorted", "pool");
  for (const ticket of twice) find("ticket_twice", `pool.${ticket}`);
  const head = `${draw}|${file.rules_hash}|${seats.join(",")}`;
  if (treeHash([head, ...sorted]) !== file.pool_root) find("pool_root_differs", "pool_root");
  tick("list");
  sealed();
  if (state === "drawn") {
    if (own(reveals, "city") === undefined) find("city_reveal_missing", "reveals");
    for (const party of Object.keys(reveals)) {
      const promised = own(commitments, party);
      const place = `reveals.${party}`;
      if (promised === undefined) find("reveal_uncommitted", place);
      else if (promised !== commit(party, reveals[party])) find("reveal_differs", place);
    }
    const words = [commitments, reveals].flatMap((some) => {
      const parts = Object.keys(some).map((party) => `${party}:${some[party]}`).sort();
      return [String(parts.length), ...parts];
    });
    const late = [file.late_day, file.late_value];
    const seed = sha("publicmeeting/seed/v2", draw, file.pool_root, ...words, ...late);
    if (seed !== file.seed) find("seed_differs", "seed");
  }
  tick("values");
  if (state === "drawn" && !twice.size) {
    const { seated, standby } = give(file);
    if (seatTexts(seated) !== seatTexts(file.seated)) find("seated_differs", "seated");
    if (String(standby) !== String(file.standby)) find("standby_differs", "standby");
    tick("order");
  }
  return { state, ticks, findings };
}

function stateOf(file) {
  const beyond = (keys) => isObject(file) && keys.some((key) => own(file, key) !== undefined);
  return beyond(KEYS.slice(8)) ? "drawn" : beyond(KEYS.slice(6, 8)) ? "frozen" : "open";
}

function wrongShape(file, state, find) {
  if (!isObject(file)) return find("not_a_file");
  const keys = STATES[state];
  for (const key of keys) if (own(file, key) === undefined) find("key_missing", key);
  for (const key of Object.keys(file)) if (!keys.includes(key)) find("key_too_many", key);
  for (const key of keys)
    if (own(file, key) !== undefined)
      for (const place of SHAPES[key](file[key])) find("malformed", key + place);
}

const ENTRY = {
  seq: isCount, at: isMoment, kind: isName, body: isCanonical,
};

function isMoment(at) {
  const isForm = isText(at) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at);
  return isForm && !Number.isNaN(Date.parse(at)) && new Date(at).toISOString() === at.replace("Z", ".000Z");
}

// A stretch of the log, from entry number `first` whose predecessor has the time `since`. `next` is
// where the following stretch begins. Stops at an entry out of form: what follows has no place.
export function verifyLog(entries, first = 1, since = "") {
  const findings = [];
  let seq = first;
  for (const entry of Array.isArray(entries) ? entries : [entries]) {
    const keys = Object.keys(ENTRY);
    const wrong = has(entry, keys) ? keys.filter((key) => !ENTRY[key](entry[key])) : ["entry"];
    for (const key of wrong) findings.push({ finding: "malformed", place: `${seq}.${key}` });
    if (wrong.length) break;
    const place = String(entry.seq);
    if (entry.seq !== seq) findings.push({ finding: "seq_broken", place });
    else if (entry.at < since) findings.push({ finding: "time_goes_back", place });
    [seq, since] = [entry.seq + 1, entry.at];
  }
  return { findings, next: { first: seq, since } };
}

// Whether the log begins with what a checkpoint was signed for; its signature is not looked at.
export function verifyRoot(entries, note) {
  const [, size, root] = note.split("\n");
  const texts = entries.slice(0, Number(size)).map(canonical);
  const signed = hex(Uint8Array.from(atob(root), (one) => one.charCodeAt(0)));
  const isSame = String(texts.length) === size && treeHash(texts) === signed;
  return isSame ? [] : [{ finding: "root_differs", place: size }];
}
