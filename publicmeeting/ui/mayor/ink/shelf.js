// Browser storage for what the server does not have yet. Each stroke and each word has its own key,
// so that two tabs of one sheet never delete each other's.

const KINDS = ["add", "drop", "words"];
const PRESSES = "presses:";
const NAME = /^(sheet:(\/ink\/[^:]+):([^:]*)):(?:add|drop|words):/;

// If the browser's storage is full or forbidden, a value lives as long as the page. The browser then
// asks before the page is closed.
const memory = new Map();
const ask = (event) => event.preventDefault();
export const isOnlyInMemory = () => memory.size > 0;

function keepPage() {
  if (memory.size) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
}

export const store = {
  names() {
    let stored = [];
    try {
      stored = Object.keys(localStorage);
    } catch {}
    return [...new Set([...stored, ...memory.keys()])];
  },

  // Returns null for what is not there or cannot be read.
  get(name) {
    try {
      return JSON.parse(memory.get(name) ?? localStorage.getItem(name));
    } catch {
      return null;
    }
  },

  put(name, value) {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(name, text);
      memory.delete(name);
    } catch {
      memory.set(name, text);
    }
    keepPage();
  },

  // Stores what nobody misses if the storage is full; no page stays open for it.
  note(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {}
  },

  clear(name) {
    memory.delete(name);
    try {
      localStorage.removeItem(name);
    } catch {}
    keepPage();
  },
};

// The presses of one official that have not reached the server, in order. Each has its own key:
// with a full storage a tab has presses that the others do not see, and one list for all would be
// written without theirs. `turn` is their order: the tablet's clock may be set back between two.
export const pressName = (owner, at) => `${PRESSES}${owner}:${at}`;

export function storedPresses(owner) {
  const mine = store.names().filter((name) => name.startsWith(pressName(owner, "")));
  return mine.map(store.get).filter(Boolean).sort((one, other) => turnOf(one) - turnOf(other) || one.at - other.at);
}

const turnOf = (press) => press.turn ?? 0;
export const nextTurn = (presses) => 1 + Math.max(0, ...presses.map(turnOf));

export const isPress = (name) => Boolean(name?.startsWith(PRESSES));

// Returns every sheet of which something is stored, and when it was last written.
export function storedSheets() {
  const sheets = new Map();
  for (const key of store.names()) {
    const [, name, action, owner] = NAME.exec(key) ?? [];
    if (!name) continue;
    const at = Number(store.get(key)?.at) || 0;
    sheets.set(name, { name, action, owner, at: Math.max(at, sheets.get(name)?.at ?? 0) });
  }
  return [...sheets.values()];
}

export class Shelf {
  constructor(name) {
    this.name = name;
  }

  at(kind, key) {
    return `${this.name}:${kind}:${key}`;
  }

  put(kind, key, value) {
    store.put(this.at(kind, key), { value, at: Date.now() });
  }

  // With a value, delete the key only if it still has that value: another tab may have written a
  // newer one.
  clear(kind, key, value) {
    const at = this.at(kind, key);
    if (value === undefined || store.get(at)?.value === value) store.clear(at);
  }

  // Dates everything, because the tablet's clock was wrong.
  date(at) {
    for (const name of store.names().filter((one) => one.startsWith(`${this.name}:`)))
      store.put(name, { ...store.get(name), at });
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
    const all = store.names().flatMap((name) => {
      const kind = KINDS.find((one) => name.startsWith(this.at(one, "")));
      const one = kind && store.get(name);
      return one ? [{ kind, name, ...one }] : [];
    });
    for (const { kind, name, value } of all.sort((one, other) => one.at - other.at)) {
      if (kind === "words") found.words[name.slice(this.at(kind, "").length)] = value;
      else found[kind].push(value);
    }
    return found;
  }
}
