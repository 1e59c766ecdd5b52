// Reads JSON, and writes its canonical form, which all verifiers must share.

// JSON.parse, except that a number which other languages could read differently becomes a value
// that no check accepts. Throws SyntaxError for a text that is not JSON, such as a file cut in
// half.
export function read(text) {
  const isExact = (token) => /^-?\d+$/.test(token) && Number.isSafeInteger(Number(token));
  const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
  JSON.parse(text);
  return JSON.parse(text.replace(token, (one) => (one[0] === '"' || isExact(one) ? one : "1e999")));
}

const DEEPEST = 200; // levels of nested lists and objects

function keysIn(value, deepest) {
  if (!deepest) throw new SyntaxError("too deep");
  if (typeof value !== "object" || value === null) return 0;
  const inside = Object.values(value);
  return inside.reduce((sum, one) => sum + keysIn(one, deepest - 1), isObject(value) ? inside.length : 0);
}

// The same for a whole file. It also rejects duplicate keys, of which other readers take the other
// one.
export function readFile(text) {
  const value = read(text);
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length;
  if (written !== keysIn(value, DEEPEST)) throw new SyntaxError("a key twice");
  return value;
}

export const own = (holder, key) =>
  Object.prototype.hasOwnProperty.call(holder, key) ? holder[key] : undefined;
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// Python and every database compare by code points; JavaScript compares by UTF-16 code units.
function byCodePoint(one, other) {
  const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
  for (let i = 0; i < one.length && i < other.length; i++) {
    const order = rank(one.charCodeAt(i)) - rank(other.charCodeAt(i));
    if (order) return order;
  }
  return one.length - other.length;
}

// Throws for values that two languages could write in two ways.
export function canonical(value) {
  if (typeof value === "string" && /\p{Cs}/u.test(value)) throw new RangeError("half a letter");
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new RangeError("a number");
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort(byCodePoint);
  return `{${keys.map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
}

export function isCanonical(value) {
  try {
    return isObject(value) && Boolean(canonical(value));
  } catch {
    return false;
  }
}
