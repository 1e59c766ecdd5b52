// The log's tree: RFC 9162 (section 2.1) over SHA-256, and its C2SP tiles (tlog-tiles). Hashes are
// Uint8Array of 32 bytes, sizes and indexes plain numbers below 2^53.

import { digest } from "../photos/sha256.js";

export const HASH = 32;
export const TILE = 256;
const LEVELS = 8; // levels of the tree in one level of tiles

export function isSame(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const leafHash = (data) => digest(joined([0], data));
const nodeHash = (left, right) => digest(joined([1], left, right));

// A tree to which leaves are added one by one; its root is known at every size.
export class GrowingTree {
  constructor() {
    this.size = 0;
    this.peaks = []; // roots of complete subtrees, largest first
  }

  append(hash) {
    let top = hash;
    for (let rest = this.size; rest % 2; rest = (rest - 1) / 2) top = nodeHash(this.peaks.pop(), top);
    this.peaks.push(top);
    this.size++;
  }

  get root() {
    if (!this.size) return digest(new Uint8Array());
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

export function treeRoot(hashes) {
  const tree = new GrowingTree();
  for (const hash of hashes) tree.append(hash);
  return tree.root;
}

const isEven = (value) => value % 2 === 0;
const half = (value) => Math.floor(value / 2);
const isSize = (value) => Number.isSafeInteger(value) && value >= 0;
const areHashes = (path) => Array.isArray(path) && path.every((one) => one?.length === HASH);

// RFC 9162, section 2.1.3.2.
export function verifyInclusion(leaf, index, size, path, root) {
  if (![index, size].every(isSize) || index >= size || !areHashes(path)) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const hash of path) {
    if (sn === 0) return false;
    if (!isEven(fn) || fn === sn) {
      r = nodeHash(hash, r);
      while (isEven(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else r = nodeHash(r, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && isSame(r, root);
}

// RFC 9162, section 2.1.4.2: verifies that the tree of `size` and `root` is a prefix of the newer
// one. An empty tree is a prefix of every other.
export function verifyConsistency(size, root, newSize, newRoot, path) {
  const roots = consistencyRoots(size, root, newSize, path);
  if (size === 0 || !roots) return Boolean(roots);
  return isSame(roots[0], root) && isSame(roots[1], newRoot);
}

// Returns the roots of both trees that such a path leads to, so that a reader sees which one it
// misses; null if no path exists between these sizes.
export function consistencyRoots(size, root, newSize, path) {
  if (![size, newSize].every(isSize) || size > newSize || !areHashes(path)) return null;
  if (size === 0 || size === newSize) return path.length ? null : [root, root];
  const isWhole = 2 ** Math.round(Math.log2(size)) === size;
  const proof = isWhole ? [root, ...path] : path;
  if (!proof.length) return null;
  let [fn, sn] = [size - 1, newSize - 1];
  while (!isEven(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [proof[0], proof[0]];
  for (const hash of proof.slice(1)) {
    if (sn === 0) return null;
    if (!isEven(fn) || fn === sn) {
      [fr, sr] = [nodeHash(hash, fr), nodeHash(hash, sr)];
      while (isEven(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = nodeHash(sr, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? [fr, sr] : null;
}

// `1234067` is `x001/x234/067`.
function numbered(index) {
  const digits = String(index);
  const whole = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g);
  return whole.map((group, at) => (at < whole.length - 1 ? `x${group}` : group)).join("/");
}

const partly = (width) => (width < TILE ? `.p/${width}` : "");
export const tilePath = (level, index, width) => `tile/${level}/${numbered(index)}${partly(width)}`;
export const bundlePath = (index, width) => `tile/entries/${numbered(index)}${partly(width)}`;

// Number of hashes (or entries) that the tile `index` of a level has in a tree of `size`.
export function tileWidth(level, index, size) {
  const count = Math.floor(size / 2 ** (LEVELS * level));
  return Math.max(0, Math.min(TILE, count - index * TILE));
}

// The hashes of a tile; null if it has too few or too many bytes.
export function readTile(bytes, width) {
  if (bytes.length !== width * HASH) return null;
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH, (at + 1) * HASH));
}

// The entries of a bundle as bytes; null if it is truncated or has another number of entries.
export function readBundle(bytes, width) {
  const entries = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length) return null;
    const end = at + 2 + ((bytes[at] << 8) | bytes[at + 1]);
    if (end > bytes.length) return null;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries.length === width ? entries : null;
}

// Computes proofs from tiles. `read(path)` returns a tile's bytes or a promise; each tile is
// requested once. The tiles are not trusted: the result must still be compared with a signed root.
// Throws RangeError for a tile that is too short or too long.
export class Tiles {
  constructor(size, read) {
    this.size = size;
    this.read = read;
    this.held = new Map();
  }

  async tile(level, index) {
    const width = tileWidth(level, index, this.size);
    const path = tilePath(level, index, width);
    if (!this.held.has(path)) this.held.set(path, Promise.resolve(this.read(path)));
    const hashes = readTile(await this.held.get(path), width);
    if (!hashes) throw new RangeError(path);
    return hashes;
  }

  // The root over leaves `from` to `to`, a complete subtree or one that ends with the tree.
  async subtree(from, to) {
    const count = to - from;
    const height = Math.ceil(Math.log2(count));
    if (2 ** height === count) {
      const level = Math.floor(height / LEVELS);
      const width = 2 ** (height - level * LEVELS);
      const first = from / 2 ** (level * LEVELS);
      const hashes = await this.tile(level, Math.floor(first / TILE));
      return treeRoot(hashes.slice(first % TILE, (first % TILE) + width));
    }
    const middle = from + 2 ** (height - 1);
    return nodeHash(await this.subtree(from, middle), await this.subtree(middle, to));
  }

  async inclusion(index, from = 0, to = this.size) {
    if (to - from === 1) return [];
    const middle = from + 2 ** (Math.ceil(Math.log2(to - from)) - 1);
    if (index < middle)
      return [...(await this.inclusion(index, from, middle)), await this.subtree(middle, to)];
    return [...(await this.inclusion(index, middle, to)), await this.subtree(from, middle)];
  }

  async consistency(size, from = 0, to = this.size, isBeginning = true) {
    if (size === 0 || (size === to && isBeginning)) return [];
    if (size === to) return [await this.subtree(from, to)];
    const middle = from + 2 ** (Math.ceil(Math.log2(to - from)) - 1);
    if (size <= middle)
      return [
        ...(await this.consistency(size, from, middle, isBeginning)),
        await this.subtree(middle, to),
      ];
    return [...(await this.consistency(size, middle, to, false)), await this.subtree(from, middle)];
  }
}
