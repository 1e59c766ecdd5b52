// One draw: rows, roots, seed, and the order in which seats are assigned (docs/turns.md 3).

import { hex, sha, sha256, utf8 } from "../../../shell/photos/sha256.js";
import { leafHash, treeRoot } from "../../../shell/proofs/merkle.js";
import { canonical, own } from "./canonical.js";

export const CITY = "city";

export const rowText = (row) => [row.ticket, row.lane, row.waited, row.debt, row.prefers].join("|");
const headText = (draw, rulesHash, seats) => `${draw}|${rulesHash}|${seats.join(",")}`;
const byText = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
export const sortedRows = (rows) =>
  rows.map((row) => [rowText(row), row]).sort((a, b) => byText(a[0], b[0])).map(([, row]) => row);

const pooled = (draw, rulesHash, seats, rows) => [
  headText(draw, rulesHash, seats), ...rows.map(rowText).sort(byText),
];
export const poolRoot = (...facts) =>
  hex(treeRoot(pooled(...facts).map((one) => leafHash(utf8(one)))));

export const commitmentOf = (party, value) => sha("publicmeeting/commit/v1", party, value);

const pairs = (table) => Object.keys(table).map((party) => `${party}:${table[party]}`).sort(byText);

// `commitments` and `reveals`: party → value; C and R of the formula are their numbers.
export function seedOf(draw, root, commitments, reveals, day, value) {
  const [promised, shown] = [pairs(commitments), pairs(reveals)];
  return sha(
    "publicmeeting/seed/v2", draw, root, promised.length, ...promised, shown.length, ...shown, day, value,
  );
}

// Assigns the seats: {seated: [{ticket, time, why}] in the order of assignment, standby: [ticket]}.
export function give(pool, seats, rules, seed) {
  const byLot = (rows, stage, weeks = () => 0) =>
    rows
      .map((row) => ({ row, order: sha("publicmeeting/lot/v1", seed, stage, row.ticket) + row.ticket }))
      .sort((a, b) => weeks(b.row) - weeks(a.row) || byText(a.order, b.order))
      .map(({ row }) => row);
  const line = byLot(pool, "line", (row) => row.waited);
  const steps = [["debt", byLot(pool.filter((row) => row.debt), "debt"), seats.length]];
  for (const name of Object.keys(rules.lanes).sort(byText)) {
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

// Those seated with fewer weeks than somebody on the standby list: [{ticket, why, weeks}].
export function jumpers({ pool, seated, standby }) {
  const weeks = new Map(pool.map((row) => [row.ticket, row.waited]));
  const most = Math.max(-1, ...standby.map((ticket) => weeks.get(ticket)));
  return seated
    .filter(({ ticket }) => weeks.get(ticket) < most)
    .map(({ ticket, why }) => ({ ticket, why, weeks: weeks.get(ticket) }));
}

// How many before this place have fewer weeks: by a lane, or because the city owed them a seat.
export function seatedWithFewer({ pool, seated }, place) {
  const weeks = new Map(pool.map((row) => [row.ticket, row.waited]));
  const own = weeks.get(seated[place].ticket);
  return seated.slice(0, place).filter(({ ticket }) => weeks.get(ticket) < own).length;
}

export const fileHash = (file) => sha256(canonical(file));
