// Browser storage for what the server does not have yet. Each stroke and each word has its own key,
// so that two tabs of one sheet never delete each other's.

const KINDS = ["add", "drop", "words"];
const NAME = /^(sheet:(\/ink\/[^:]+):([^:]*)):(?:add|drop|words):/;

// Returns every sheet of which something is stored, and when it was last written.
export function storedSheets() {
  const sheets = new Map();
  try {
    for (const key of Object.keys(localStorage)) {
      const [, name, action, owner] = NAME.exec(key) ?? [];
      if (!name) continue;
      const at = Number(JSON.parse(localStorage.getItem(key))?.at) || 0;
      sheets.set(name, { name, action, owner, at: Math.max(at, sheets.get(name)?.at ?? 0) });
    }
  } catch {}
  return [...sheets.values()];
}

export class Shelf {
  constructor(name) {
    this.name = name;
  }

  at(kind, key) {
    return `${this.name}:${kind}:${key}`;
  }

  // If storage is full or forbidden, the value is still in memory and being sent.
  put(kind, key, value) {
    try {
      localStorage.setItem(this.at(kind, key), JSON.stringify({ value, at: Date.now() }));
    } catch {}
  }

  // With a value, delete the key only if it still has that value: another tab may have written a
  // newer one.
  clear(kind, key, value) {
    try {
      const at = this.at(kind, key);
      const there = value === undefined || JSON.parse(localStorage.getItem(at))?.value === value;
      if (there) localStorage.removeItem(at);
    } catch {}
  }

  // Dates everything, because the tablet's clock was wrong.
  date(at) {
    try {
      for (const name of Object.keys(localStorage).filter((one) => one.startsWith(`${this.name}:`)))
        localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), at }));
    } catch {}
  }

  // Deletes and returns everything, because it has been moved elsewhere or belongs to nobody any
  // more.
  empty() {
    const { add, drop, words } = this.read();
    for (const one of add) this.clear("add", one.id);
    for (const id of drop) this.clear("drop", id);
    for (const name of Object.keys(words)) this.clear("words", name);
    return { add, drop, words };
  }

  // Returns everything in the order in which it was written, from all tabs.
  read() {
    const found = { add: [], drop: [], words: {} };
    try {
      const all = Object.keys(localStorage).flatMap((name) => {
        const kind = KINDS.find((one) => name.startsWith(this.at(one, "")));
        return kind ? [{ kind, name, ...JSON.parse(localStorage.getItem(name)) }] : [];
      });
      for (const { kind, name, value } of all.sort((one, other) => one.at - other.at)) {
        if (kind === "words") found.words[name.slice(this.at(kind, "").length)] = value;
        else found[kind].push(value);
      }
    } catch {}
    return found;
  }
}
