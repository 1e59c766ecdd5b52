// What lies in this browser until the city has it: each stroke and each word by itself, so that two
// tabs of one sheet never put away what the other one wrote.

const KINDS = ["add", "drop", "words"];

export class Shelf {
  constructor(name) {
    this.name = name;
  }

  at(kind, key) {
    return `${this.name}:${kind}:${key}`;
  }

  // A full or forbidden store: it is still in memory, and on its way.
  put(kind, key, value) {
    try {
      localStorage.setItem(this.at(kind, key), JSON.stringify({ value, at: Date.now() }));
    } catch {}
  }

  // With a value only if it is still that one: another tab may have written a newer.
  clear(kind, key, value) {
    try {
      const at = this.at(kind, key);
      const there = value === undefined || JSON.parse(localStorage.getItem(at))?.value === value;
      if (there) localStorage.removeItem(at);
    } catch {}
  }

  // What lies in another place by now, or is nobody's any more.
  empty() {
    const { add, drop, words } = this.read();
    for (const one of add) this.clear("add", one.id);
    for (const id of drop) this.clear("drop", id);
    for (const name of Object.keys(words)) this.clear("words", name);
    return { add, drop, words };
  }

  // All of it in the order of its writing, whichever tab it comes from.
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
