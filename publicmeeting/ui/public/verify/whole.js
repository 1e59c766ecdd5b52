// Audits the whole log of this site: what is wrong in it, and what can be counted in it.

import { utf8 } from "../../../shell/photos/sha256.js";
import {
  bundlePath, isSame, readBundle, TILE, tileWidth,
} from "../../../shell/proofs/merkle.js";
import { fromText, openCheckpoint, parseKey, toBase64 } from "../../../shell/proofs/note.js";
import { Audit } from "./audit.js";
import { dayOf } from "./week.js";

const LEAST = 4; // bundles between two progress reports

async function bytesOf(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new TypeError(String(answer.status));
  return new Uint8Array(await answer.arrayBuffer());
}

// {size, found, figures, witnesses}; `before` is what this browser saw last, {origin, size, root,
// keys}, or nothing. Throws TypeError if the network fails, NoteError for a wrong signature.
export async function auditSite(now, note, before, tell) {
  const keys = (before?.keys ?? now.keys).map(parseKey);
  const { size, root } = openCheckpoint(utf8(note), now.origin, keys);
  const audit = new Audit(now.origin);
  const sizes = (fromText(await bytesOf("/log/notes")).match(/\d+/g) || []).map(Number);
  const cosigned = sizes.filter((one) => one <= size);
  audit.expect([...cosigned, before?.size ?? 0]);
  const count = Math.ceil(size / TILE);
  for (let index = 0; index < count; index++) {
    const width = tileWidth(0, index, size);
    const entries = readBundle(await bytesOf(`/log/${bundlePath(index, width)}`), width);
    if (!entries) throw new TypeError("bundle");
    for (const entry of entries) audit.read(entry);
    if (index % LEAST === 0) tell(audit.tree.size, size);
  }
  if (!isSame(audit.tree.root, root)) audit.book.find("root_differs", { seq: 0 });
  if (before) compare(audit, before, size);
  for (const one of cosigned) audit.note(await bytesOf(`/log/note/${one}`));
  if (!cosigned.length) audit.note(utf8(note));
  const found = audit.finish();
  return { size, found, figures: figuresOf(audit.book), witnesses: witnessesOf(audit.book) };
}

// The witnesses named by the rules of the next Monday. Those that the site names are only its
// claim.
function witnessesOf({ now, mondays, rules }) {
  const ahead = [...mondays.values()].filter(({ week }) => week.day > dayOf(now));
  const [next] = ahead.sort((one, other) => one.week.day - other.week.day);
  return (next ?? rules.at(-1))?.rules.witnesses ?? [];
}

function compare({ book, roots }, before, size) {
  const about = { seq: before.size };
  if (before.origin !== book.origin) book.find("log_rewritten", about);
  else if (before.size > size) book.find("log_cut", about);
  else if (toBase64(roots.get(before.size)) !== before.root) book.find("log_rewritten", about);
}

// What the pages count from the log alone: seats by reason, debts by cause, weeks carried to
// another district, acts undone.
function figuresOf(book) {
  const figures = { line: 0, debt: 0, lane: 0, carried: book.carried, undone: 0, debts: {} };
  for (const { drawn } of book.draws.values())
    for (const { why } of drawn?.seated || []) figures[why.split(":")[0]]++;
  for (const entry of book.entries) {
    if (!entry) continue;
    const { kind, body } = entry;
    if (kind === "taken_in" && body.why === "undone") figures.undone++;
    if (kind === "objection" && body.outcome === "changed") figures.undone++;
    const cause = kind === "not_received" ? book.entries[body.because.at(-1)]?.kind : "";
    const owed = cause || (kind === "objection" && body.outcome === "wronged" ? kind : "");
    if (owed) figures.debts[owed] = (figures.debts[owed] || 0) + 1;
  }
  return figures;
}
