// Whether a signed receipt is one of this log and of her ticket; nothing is believed that the note
// itself does not say.

import { NoteError, openReceipt, parseKey, parseNote } from "../../shell/proofs/note.js";

const SHOWN = 16; // hex of the root, as on paper

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// What a receipt says once its signature is found right: {seq, mark, key}. NoteError for one that
// is not of this log, this key, this number or this ticket.
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
