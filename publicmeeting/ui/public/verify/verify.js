// The verifier that runs in the reader's own browser. It uses no third-party code and sends
// nothing. Findings have the codes of the server's verifier; the page has their sentences.

import { sha, sha256 } from "../../../shell/photos/sha256.js";
import { canonical, isCanonical, isObject, own } from "./canonical.js";
import { commitmentOf, give, poolRoot, rowText, seedOf } from "./draw.js";
import { isDay } from "./week.js";

export { read, readFile } from "./canonical.js";
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

const inId = (district) => `d${String(district).padStart(2, "0")}`;
const districtOf = (draw) => draw.slice(0, 3);
const seatTexts = (seated) => JSON.stringify(seated.map((one) => [one.ticket, one.time, one.why]));

// Verifies one file in any of its three states. `findings`: {finding, place}; `ticks`: {tick, ok}
// of the checks in order: shape, rules and, as far as the draw has come, list, values, order.
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
  if (poolRoot(draw, file.rules_hash, seats, pool) !== file.pool_root) find("pool_root_differs", "pool_root");
  tick("list");
  sealed();
  if (state === "drawn") {
    for (const party of Object.keys(reveals)) {
      const promised = own(commitments, party);
      const place = `reveals.${party}`;
      if (promised === undefined) find("reveal_uncommitted", place);
      else if (promised !== commitmentOf(party, reveals[party])) find("reveal_differs", place);
    }
    const late = [file.late_day, file.late_value];
    const seed = seedOf(draw, file.pool_root, commitments, reveals, ...late);
    if (seed !== file.seed) find("seed_differs", "seed");
  }
  tick("values");
  if (state === "drawn" && !twice.size) {
    const { seated, standby } = give(pool, seats, file.rules, file.seed);
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
