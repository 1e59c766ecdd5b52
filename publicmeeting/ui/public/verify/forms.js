// The form of an entry of each kind: its exact keys, and what each may contain (docs/turns.md 5). A
// list of words stands for exactly these words.

import { isObject } from "./canonical.js";
import { isMoment } from "./entries.js";
import { isDay, isMonday } from "./week.js";

const text = (pattern) => (value) => typeof value === "string" && pattern.test(value);
const words = (...list) => (value) => list.includes(value);
const isSorted = (list, isBefore) => list.every((one, at) => !at || isBefore(list[at - 1], one));
const less = (one, other) => one < other;

export const isHash = text(/^[0-9a-f]{64}$/);
export const isName = text(/^[a-z][a-z0-9_-]*$/);
export const isParty = text(/^[a-z][a-z0-9-]*$/);
export const isTime = text(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);
export const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
export const isAscending = (times) => isSorted(times, less);
const isDraw = (value) => text(/^d[0-9]{2}-[0-9]{4}-[0-9]{2}-[0-9]{2}$/)(value) && isMonday(value.slice(4));
const isOfficer = text(/^[a-z0-9-]+\/[0-9a-f]{8}$/);
const isSignature = text(/^(?:[A-Za-z0-9+/]{86}==)?$/);
const isValue = text(/^(?:none|0|[1-9][0-9]{0,14})$/);
const isText = text(/^[\x20-\x7e]*$/);
const isBeginning = text(/^(?:[!-~]+ [1-9][0-9]* [A-Za-z0-9+/]{43}=)?$/);
const orEmpty = (right) => (value) => value === "" || right(value);
const listOf = (right) => (value) =>
  Array.isArray(value) && value.every(right) && isSorted(value, less);
const isCauses = (value) => listOf((one) => isCount(one) && one > 0)(value) && value.length > 0;
const isDistrict = (value) => isCount(value) && value >= 1 && value <= 99;

const because = isCauses;
const ticket = { ticket: isHash };
const draw = { draw: isDraw };
const place = { ...ticket, ...draw, time: isTime };
const party = { monday: isMonday, party: isParty };
const officer = { officer: isOfficer };

export const FORMS = {
  log_opened: { origin: isText, continues: isBeginning },
  rules_proposed: { from: isMonday, hash: isHash, rules: isObject, ...officer },
  rules_agreed: { hash: isHash, ...officer, because },
  rules_signed: { ...party, hash: isHash, sig: isSignature, because },
  rules_announced: { from: isMonday, hash: isHash, rules: isObject },
  monday_opened: {
    ...draw, rules_hash: isHash, seats: listOf(isTime), why: words("", "holiday", "late"),
  },
  monday_closed: { ...draw, why: words("holiday", "closure", "late") },
  monday_not_held: draw,
  monday_ended: draw,
  monday_held: { ...draw, by: words("mayor", "deputy") },
  line_closed: { monday: isMonday },
  reveals_closed: { monday: isMonday, revealed: listOf(isParty), silent: listOf(isParty) },
  commitment: { ...party, commitment: isHash, sig: isSignature },
  reveal: { ...party, value: isHash },
  value: { ...party, day: isDay, value: isValue, sig: isSignature },
  value_stands: { monday: isMonday, day: isDay, value: isValue, because },
  freeze: { ...draw, pool_root: isHash, rows: isCount, file: isHash, because },
  draw: { ...draw, seed: isHash, seated: isCount, standby: isCount, file: isHash, because },
  objection: {
    ...draw, ...ticket, number: isCount,
    outcome: words("changed", "wronged", "listed", "as_logged"), because,
  },
  filed: {
    ...ticket, district: isDistrict, by: words("citizen", "desk", "phone"),
    level: words("typed", "matched", "verified"), prefers: isName,
  },
  redirected: { old: isHash, new: isHash, district: isDistrict, ...officer, because },
  taken_out: {
    ...ticket,
    why: words(
      "info_asked", "declined", "answered", "lapsed", "settled", "displaced", "accepted",
      "withdrawn",
    ),
    officer: orEmpty(isOfficer),
  },
  taken_in: { ...ticket, why: words("given", "objected", "insisted", "undone"), because },
  monday_excluded: { ...ticket, monday: isMonday },
  monday_included: { ...ticket, monday: isMonday },
  verified: { ...ticket, by: words("sso", "desk") },
  lane_asked: { case: text(/^[0-9a-f]{16}$/), lane: isName },
  lane_judged: { case: text(/^[0-9a-f]{16}$/), verdict: words("yes", "no"), ...officer },
  lane_granted: { ...ticket, lane: isName, because },
  contested: { ...ticket, because },
  contest_judged: { ...ticket, verdict: words("yes", "no"), ...officer, because },
  weeks_back: { ...ticket, waited: isCount, because },
  seat_given_up: { ...place, why: words("citizen", "moved"), until: orEmpty(isMonday) },
  seat_confirmed: place,
  offer_accepted: place,
  offer_refused: place,
  free_wanted: { ...ticket, ...draw },
  taken_free: place,
  present: { ...ticket, ...draw, by: words("citizen", "reception") },
  offered: { ...place, ends: isMoment, because },
  stood_in: { ...place, because },
  not_received: { ...place, because },
  not_called: { ...place, because },
  seat_lapsed: place,
  offer_unanswered: place,
  met: place,
  meeting_recorded: {
    ...place, began: isMoment, ended: isMoment, source: words("live", "tablet", "paper"),
    outcome: words("orders", "refused"), ...officer, because,
  },
  arrival: { ...place, ...officer },
  arrival_undone: { ...place, ...officer, because },
  no_show: { ...place, ...officer },
  no_show_undone: { ...place, ...officer, because },
  came_late: { ...place, ...officer, because },
  skip: { ...ticket, ...draw, reason: isName, ...officer },
  outage: { from: isMoment, until: isMoment },
  audited: { size: isCount, findings: isCount, report: isHash },
  books_differ: { ...draw, report: isHash },
  audience_off_system: { ...draw, count: isCount, by: words("mayor", "deputy"), corrects: isCount },
};

// The keys of a body that are missing, superfluous or malformed.
export function wrongKeys(kind, body) {
  const form = FORMS[kind];
  const all = new Set([...Object.keys(form), ...Object.keys(body)]);
  return [...all].filter((key) => !Object.hasOwn(form, key) || !Object.hasOwn(body, key) || !form[key](body[key]));
}
