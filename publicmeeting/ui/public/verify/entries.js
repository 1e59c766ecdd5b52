// Reads entries of the log as bytes. Their canonical form is verified by encoding them again and
// comparing. Nothing else of the log is trusted before this.

import { canonical, isObject, read } from "./canonical.js";
import { fromText } from "../../../shell/proofs/note.js";

const KEYS = "at,body,kind,seq";
const MOST = 65535; // bytes
const PRINTABLE = /^[\x20-\x7e]*$/;
const DEEPEST = 200; // a limit, because languages differ in how deep their parsers go
const MOMENT = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

export const isMoment = (text) =>
  typeof text === "string" &&
  MOMENT.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString() === text.replace("Z", ".000Z");

// Whether the value consists only of printable ASCII strings, whole numbers from 0, and lists and
// objects of them.
function isPlain(value, deepest = DEEPEST) {
  if (!deepest) return false;
  const isInside = (one) => isPlain(one, deepest - 1);
  if (typeof value === "string") return PRINTABLE.test(value);
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0;
  if (Array.isArray(value)) return value.every(isInside);
  return isObject(value) && Object.entries(value).every(([key, one]) => isInside(key) && isInside(one));
}

// Returns {entry} or {code}: `malformed` for what is not an entry, `not_canonical` for one in
// another form than the canonical one. Never throws.
export function readEntry(bytes) {
  let entry, text;
  try {
    text = fromText(bytes);
    entry = read(text);
    if (!isObject(entry) || Object.keys(entry).sort().join() !== KEYS || bytes.length > MOST)
      return { code: "malformed" };
    const { at, body, kind, seq } = entry;
    if (!isMoment(at) || !isObject(body) || typeof kind !== "string" || !(seq > 0))
      return { code: "malformed" };
    if (!isPlain(entry)) return { code: "malformed" };
    return canonical(entry) === text ? { entry } : { code: "not_canonical" };
  } catch {
    return { code: "malformed" };
  }
}
