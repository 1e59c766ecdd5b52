// Reading JSON, and its one canonical form, as every verifier must have them.

// JSON.parse, but a number other languages could read otherwise becomes one no check accepts.
// Throws SyntaxError for a text that is no JSON, such as a file cut in half.
export function read(text) {
  const isExact = (token) => /^-?\d+$/.test(token) && Number.isSafeInteger(Number(token));
  const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
  JSON.parse(text);
  return JSON.parse(text.replace(token, (one) => (one[0] === '"' || isExact(one) ? one : "1e999")));
}

const DEEPEST = 200; // lists and objects in each other

function keysIn(value, deepest) {
  if (!deepest) throw new SyntaxError("too deep");
  if (typeof value !== "object" || value === null) return 0;
  const inside = Object.values(value);
  return inside.reduce((sum, one) => sum + keysIn(one, deepest - 1), isObject(value) ? inside.length : 0);
}

// The same for a file that comes whole: of a key that is there twice other readers take the other one.
export function readFile(text) {
  const value = read(text);
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length;
  if (written !== keysIn(value, DEEPEST)) throw new SyntaxError("a key twice");
  return value;
}

export const own = (holder, key) =>
  Object.prototype.hasOwnProperty.call(holder, key) ? holder[key] : undefined;
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// Python and every database compare by code point, JavaScript by half of one.
function byCodePoint(one, other) {
  const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
  for (let i = 0; i < one.length && i < other.length; i++) {
    const order = rank(one.charCodeAt(i)) - rank(other.charCodeAt(i));
    if (order) return order;
  }
  return one.length - other.length;
}

// Throws for what two languages could write in two ways.
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
