// Ed25519 verification of RFC 8032 in plain BigInt. It gives the same answer in every browser,
// including those without Ed25519 in crypto.subtle and pages on plain http. It only verifies and
// must never handle a secret key, because BigInt operations do not take constant time.

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const ROUNDS = 80;

const mod = (value, modulus = P) => {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
};

function power(base, exponent) {
  let result = 1n;
  for (let left = exponent, square = mod(base); left > 0n; left >>= 1n, square = (square * square) % P)
    if (left & 1n) result = (result * square) % P;
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n);

// FIPS 180-4, SHA-512; its constants are the fractions of roots of primes.
function root(value, degree) {
  let guess = 1n << 80n;
  for (;;) {
    const next = ((degree - 1n) * guess + value / guess ** (degree - 1n)) / degree;
    if (next >= guess) return guess;
    guess = next;
  }
}
const primes = [];
for (let one = 2; primes.length < ROUNDS; one++)
  if (primes.every((prime) => one % prime)) primes.push(one);
const word = (value) => BigInt.asUintN(64, value);
const fraction = (prime, degree) => word(root(BigInt(prime) << (64n * degree), degree));
const K = primes.map((prime) => fraction(prime, 3n));
const START = primes.slice(0, 8).map((prime) => fraction(prime, 2n));
const turn = (value, by) => (value >> by) | word(value << (64n - by));

export function sha512(bytes) {
  const padded = new Uint8Array((((bytes.length + 16) >> 7) + 1) << 7);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) << 3n);
  const state = [...START];
  for (let at = 0; at < padded.length; at += 128) {
    const w = [];
    for (let i = 0; i < 16; i++) w.push(view.getBigUint64(at + 8 * i));
    for (let i = 16; i < ROUNDS; i++) {
      const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
      const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
      w.push(word(w[i - 16] + s0 + w[i - 7] + s1));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < ROUNDS; i++) {
      const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
      const t1 = h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
      const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, word(d + t1), c, b, a, word(t1 + t2)];
    }
    [a, b, c, d, e, f, g, h].forEach((one, i) => (state[i] = word(state[i] + one)));
  }
  const made = new DataView(new ArrayBuffer(64));
  state.forEach((one, i) => made.setBigUint64(8 * i, one));
  return new Uint8Array(made.buffer);
}

// Points in extended coordinates [X, Y, Z, T], x = X/Z, y = Y/Z, T = XY/Z.
const ZERO = [0n, 1n, 1n, 0n];

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * mod(t1 * t2));
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function double([x, y, z]) {
  const a = mod(x * x);
  const b = mod(y * y);
  const h = a + b;
  const e = h - mod((x + y) * (x + y));
  const g = a - b;
  const f = mod(2n * z * z) + g;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

const little = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function encode([x, y, z]) {
  const inverse = power(z, P - 2n);
  const bytes = new Uint8Array(32);
  for (let i = 0, rest = mod(y * inverse); i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
  bytes[31] |= Number(mod(x * inverse) & 1n) << 7;
  return bytes;
}

// Returns null for bytes that are not a point.
function decode(bytes) {
  const sign = bytes[31] >> 7;
  const y = little(bytes) & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
  if (mod(v * x * x) !== u) x = mod(x * ROOT_OF_MINUS_1);
  if (mod(v * x * x) !== u) return null;
  if (x === 0n && sign) return null;
  if (Number(x & 1n) !== sign) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

const BASE = decode(Uint8Array.from({ length: 32 }, (_, at) => (at ? 0x66 : 0x58)));

// Whether `signature` (64 bytes) is a signature of `message` by `key` (32 bytes); false for
// malformed input. Uses the equation without the cofactor, as OpenSSL and Go do.
export function verifyEd25519(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const point = decode(key);
  const s = little(signature.subarray(32));
  if (!point || s >= ORDER) return false;
  const first = signature.subarray(0, 32);
  const hashed = new Uint8Array(64 + message.length);
  hashed.set(first);
  hashed.set(key, 32);
  hashed.set(message, 64);
  const k = mod(little(sha512(hashed)), ORDER);
  const minus = [mod(-point[0]), point[1], point[2], mod(-point[3])];
  const both = add(BASE, minus);
  let sum = ZERO;
  for (let bit = 252n; bit >= 0n; bit--) {
    sum = double(sum);
    const [ofBase, ofKey] = [(s >> bit) & 1n, (k >> bit) & 1n];
    if (ofBase || ofKey) sum = add(sum, ofBase && ofKey ? both : ofBase ? BASE : minus);
  }
  return encode(sum).every((byte, at) => byte === first[at]);
}
