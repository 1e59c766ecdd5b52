// Rules: proposed, agreed to, signed by a witness, announced. Whoever owns the database writes two
// officers as easily as one; a witness's signature he cannot.

import { sha256 } from "../../../shell/photo_sender/sha256.js";
import { refuseUnless } from "./book.js";
import { canonical, isObject } from "./canonical.js";
import { isCount, isName } from "./forms.js";
import { requireWitness } from "./line.js";
import { isBorder, isTooLong, isTooShort, isWeaker } from "./week.js";

const isWindow = (pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isBorder);
const areNamed = (table, right) =>
  isObject(table) && Object.entries(table).every(([name, one]) => isName(name) && right(one));
const areRules = ({ version, lanes, windows }) =>
  isCount(version) && areNamed(lanes, isCount) && areNamed(windows, isWindow);

// The one that an entry names, with its hash.
function proposalOf(book, { because, hash }) {
  const found = because.length === 1 && book.proposals.get(because[0]);
  refuseUnless(found && found.hash === hash, "cause_wrong");
  return found;
}

// A version that weakens the draw is agreed to by a second officer, and signed by a witness of the
// one before.
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
    if (isTooShort(rules)) book.find("rules_short");
    if (isTooLong(rules)) book.find("rules_long");
    lookForSecond(book, { from, hash, rules }, before);
  },
};
