// Signed notes of the log (C2SP signed-note, tlog-checkpoint, tlog-cosignature): checkpoints,
// receipts, and who signed them. Every error is a NoteError whose `code` is that of a finding.

import { digest, utf8 } from "../photos/sha256.js";
import { verifyEd25519 } from "./ed25519.js";
import { HASH } from "./merkle.js";

export const ED25519 = 1;
export const COSIGNATURE = 4;
const ID = 4; // bytes of a key's id before every signature
const TIME = 8;
const MOST_BYTES = 1_000_000;
const MOST_SIGNATURES = 100;

export class NoteError extends Error {
  constructor(code, what = "") {
    super(`${code} ${what}`.trim());
    this.code = code;
  }
}

export const fromText = (bytes) => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NoteError("note_malformed", "utf-8");
  }
};

// Decodes standard base64 in canonical form; null for any other text.
export function fromBase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
}

export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

const isName = (name) => name !== "" && !/[\s+]/u.test(name);
const isNumber = (text) => /^(?:0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(Number(text));

export function keyId(name, type, key) {
  return digest(Uint8Array.of(...utf8(name), 0x0a, type, ...key)).subarray(0, ID);
}

const toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// `name+id+base64` → {name, id (hex), type, key}. NoteError `key_unknown` for a key of another type
// than these two, or with a wrong id.
export function parseKey(text) {
  const [, name = "", id = "", written = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) || [];
  const bytes = fromBase64(written);
  const type = bytes?.[0];
  const key = bytes?.subarray(1);
  if (!isName(name) || ![ED25519, COSIGNATURE].includes(type) || key.length !== HASH)
    throw new NoteError("key_unknown", text);
  if (toHex(keyId(name, type, key)) !== id) throw new NoteError("key_unknown", text);
  return { name, id, type, key };
}

export const formKey = (name, type, key) =>
  `${name}+${toHex(keyId(name, type, key))}+${toBase64(Uint8Array.of(type, ...key))}`;

// The text of a note, with its last line feed, and its signatures {name, id, bytes}, not yet
// verified.
export function parseNote(note) {
  const whole = typeof note === "string" ? note : fromText(note);
  const end = whole.lastIndexOf("\n\n");
  if (end < 0 || whole.length > MOST_BYTES || /[\x00-\x09\x0b-\x1f]/.test(whole))
    throw new NoteError("note_malformed");
  const lines = whole.slice(end + 2).split("\n");
  if (lines.pop() !== "" || !lines.length || lines.length > MOST_SIGNATURES)
    throw new NoteError("note_malformed", "signatures");
  const signatures = lines.map((line) => {
    const [, name = "", written = ""] = /^— (\S+) (\S+)$/u.exec(line) || [];
    const bytes = fromBase64(written);
    if (!isName(name) || !bytes || bytes.length <= ID) throw new NoteError("note_malformed", line);
    return { name, id: toHex(bytes.subarray(0, ID)), bytes: bytes.subarray(ID) };
  });
  return { text: whole.slice(0, end + 1), signatures };
}

// What a witness signs: `text` is the note's.
export const cosigned = (text, time) => utf8(`cosignature/v1\ntime ${time}\n${text}`);

// The time in a cosignature, in seconds: any number that a witness has signed.
const timeOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, TIME).getBigUint64(0);

function isSigned({ type, key }, text, bytes) {
  if (type === ED25519) return verifyEd25519(key, utf8(text), bytes);
  if (bytes.length !== TIME + 64) return false;
  return verifyEd25519(key, cosigned(text, timeOf(bytes)), bytes.subarray(TIME));
}

// The text of a note and its signers: [{key, time}], each known key once, in the order of the note.
// `time` is null for the log's own signature. Unknown signatures are ignored. NoteError
// `signature_wrong` for an invalid signature of a known key.
export function openNote(note, keys) {
  const { text, signatures } = parseNote(note);
  const signed = [];
  for (const { name, id, bytes } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (!key || signed.some((one) => one.key === key)) continue;
    if (!isSigned(key, text, bytes)) throw new NoteError("signature_wrong", name);
    signed.push({ key, time: key.type === COSIGNATURE ? Number(timeOf(bytes)) : null });
  }
  return { text, signed };
}

function wrongUnless(right, what) {
  if (!right) throw new NoteError("note_malformed", what);
}

function sizeAndRoot(size, written) {
  const root = fromBase64(written);
  wrongUnless(isNumber(size) && root?.length === HASH, "size and root");
  return { size: Number(size), root };
}

// The text of a checkpoint: origin, size, root, and no more lines.
export function parseCheckpoint(text) {
  const lines = text.split("\n");
  wrongUnless(lines.length === 4 && lines[3] === "" && lines[0] !== "", "checkpoint");
  return { origin: lines[0], ...sizeAndRoot(lines[1], lines[2]) };
}

const RECEIPT = "/receipt/v1";

// The text of a receipt: `ORIGIN/receipt/v1`, the entry as the log has it, size and root.
function parseReceipt(text) {
  const lines = text.split("\n");
  wrongUnless(lines.length === 5 && lines[4] === "" && lines[0].endsWith(RECEIPT), "receipt");
  const origin = lines[0].slice(0, -RECEIPT.length);
  return { origin, entry: lines[1], ...sizeAndRoot(lines[2], lines[3]) };
}

// Verifies a checkpoint signed by one of the city's keys, with the cosignatures of witnesses:
// {origin, size, root, text, stamps: [{key, time}]}. `keys` are parsed keys of the city and of
// witnesses. NoteError `key_unknown` if no city key signed, `note_malformed` for another origin.
export function openCheckpoint(note, origin, keys) {
  const { text, signed } = openNote(note, keys);
  const found = parseCheckpoint(text);
  wrongUnless(found.origin === origin, "origin");
  if (!signed.some(({ key }) => key.type === ED25519 && key.name === origin))
    throw new NoteError("key_unknown", origin);
  return { ...found, text, stamps: signed.filter(({ time }) => time !== null) };
}

// Verifies a receipt signed by one of the city's keys: {origin, entry, size, root, note}. It does
// not prove that the entry is in the tree of that size; that needs the inclusion proof.
export function openReceipt(note, origin, keys) {
  const { text, signed } = openNote(note, keys);
  const found = parseReceipt(text);
  wrongUnless(found.origin === origin, "origin");
  if (!signed.some(({ key }) => key.type === ED25519 && key.name === origin))
    throw new NoteError("key_unknown", origin);
  return { ...found, note: typeof note === "string" ? note : fromText(note) };
}
