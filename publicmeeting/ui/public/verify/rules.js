// Rules: proposed, agreed to, signed by a witness, announced. The database owner can invent two
// officers as easily as one, but not a witness's signature.

import { parseKey } from "../../../shell/proofs/note.js";
import { sha256 } from "../../../shell/photos/sha256.js";
import { refuseUnless } from "./book.js";
import { canonical, isObject, own } from "./canonical.js";
import { isCount, isName, isParty, isTime } from "./forms.js";
import { requireWitness } from "./line.js";
import { areDays, isBorder, isTooLong, isTooShort, isWeaker } from "./week.js";

const isText = (value) => typeof value === "string";
const isFew = (value) => isCount(value) && value <= 366;
const isPlain = (value) =>
  isText(value) || isCount(value) ||
  (typeof value === "object" && value !== null && Object.values(value).every(isPlain));
const has = (value, forms) =>
  isObject(value) && Object.entries(forms).every(([key, right]) => right(own(value, key)));
const listOf = (right) => (value) => Array.isArray(value) && value.every(right);

function isKey(text) {
  try {
    return isText(text) && /^[!-~]+$/.test(text) && Boolean(parseKey(text));
  } catch {
    return false;
  }
}

// Without any of these it could not be decided whether a version weakens something.
const atClock = (value) => has(value, { at: isBorder });
const inWeek = (value) => has(value, { days_before: isFew, at: isBorder });
const MOMENTS = [
  "opens", "filing_closes", "freeze", "objections_until", "reveals_from", "reveals_until", "answer_by",
  "standby_until",
];
const WEEK = Object.fromEntries(MOMENTS.map((name) => [name, inWeek]));
const isWitness = (value) => has(value, { party: isParty, org: isText, vkey: isKey, url: isText });
const MORE = {
  slot_minutes: isFew,
  offers: (value) => has(value, { hours: isFew, from: isTime, until: isBorder }),
  week: (value) => has(value, { ...WEEK, value_from: atClock, value_until: atClock }),
  log: (value) => has(value, { origin: isText, keys: listOf(isKey) }),
  witnesses: listOf(isWitness),
  late_value: (value) =>
    has(value, { kind: (kind) => ["published", "dice"].includes(kind), days: areDays, session: isTime }),
};
const isWindow = (pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isBorder);
const areNamed = (table, right) =>
  isObject(table) && Object.entries(table).every(([name, one]) => isName(name) && right(one));
const areRules = (rules) =>
  isPlain(rules) && has(rules, MORE) && isCount(rules.version) &&
  areNamed(rules.lanes, isCount) && areNamed(rules.windows, isWindow);

// The proposal that an entry names, with its hash.
function proposalOf(book, { because, hash }) {
  const found = because.length === 1 && book.proposals.get(because[0]);
  refuseUnless(found && found.hash === hash, "cause_wrong");
  return found;
}

// A version that weakens the draw needs a second officer, and a signature of a witness of the
// version before.
function lookForSecond(book, { from, hash, rules }, before) {
  if (!before || !isWeaker(before.rules, rules)) return;
  const fitting = [...book.proposals.values()].filter(
    (one) => one.from === from && one.hash === hash && one.before === before,
  );
  const hasWitnesses = (before.rules.witnesses || []).length > 0;
  if (!fitting.some((one) => one.isAgreed)) book.find("rules_alone");
  else if (hasWitnesses && !fitting.some((one) => one.isSigned)) book.find("rules_unsigned");
}

export const RULES_STEPS = {
  rules_proposed(book, { from, hash, rules, officer }) {
    const before = book.rules.at(-1);
    refuseUnless(before);
    refuseUnless(areRules(rules), "malformed");
    refuseUnless(sha256(canonical(rules)) === hash, "rules_hash_differs");
    book.proposals.set(book.seq, { from, hash, officer, before });
  },

  rules_agreed(book, body) {
    const proposal = proposalOf(book, body);
    refuseUnless(proposal.officer !== body.officer, "by_wrong");
    proposal.isAgreed = true;
  },

  rules_signed(book, body) {
    const proposal = proposalOf(book, body);
    const { monday, party, hash, sig } = body;
    refuseUnless(proposal.from === monday, "cause_wrong");
    requireWitness(book, proposal.before.rules.witnesses || [], ["rules_signed", monday, party, hash], sig);
    proposal.isSigned = true;
  },

  rules_announced(book, { from, hash, rules }) {
    refuseUnless(areRules(rules), "malformed");
    refuseUnless(sha256(canonical(rules)) === hash, "rules_hash_differs");
    refuseUnless(![...book.mondays.keys()].some((monday) => monday >= from), "rules_late");
    const before = book.rules.at(-1);
    book.firstRules ??= book.now;
    book.rules.push({ seq: book.seq, from, rules, hash });
    if (rules.log.origin !== book.origin) book.find("note_malformed");
    if (isTooShort(rules)) book.find("rules_short");
    if (isTooLong(rules)) book.find("rules_long");
    lookForSecond(book, { from, hash, rules }, before);
  },
};
