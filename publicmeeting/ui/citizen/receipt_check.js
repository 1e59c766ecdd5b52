// Checks that a signed receipt belongs to this log and to this ticket. It relies only on what the
// signed note itself says.

import { NoteError, openReceipt, parseKey, parseNote } from "../../shell/proofs/note.js";

const SHOWN = 16; // hex of the root, as on paper

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Returns {seq, mark, key} of a receipt with a valid signature. Throws NoteError if it is not of
// this log, this key, this number or this ticket.
export function checkReceipt({ seq, note }, { origin, keys, ticket }) {
  const known = keys.map(parseKey);
  const found = openReceipt(note, origin, known);
  const { seq: written, body } = JSON.parse(found.entry);
  const named = [body?.ticket, body?.old, body?.new];
  if (written !== seq || found.size < seq || !named.includes(ticket))
    throw new NoteError("note_malformed", "another entry");
  const { id } = parseNote(note).signatures.find((one) =>
    known.some((key) => key.name === one.name && key.id === one.id),
  );
  return { seq, mark: `${seq}-${hex(found.root).slice(0, SHOWN)}`, key: id };
}
