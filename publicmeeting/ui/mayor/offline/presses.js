// What was pressed without a network, in its order: kept in this browser until the city has answered,
// sent one at a time. A press that is refused stops the queue: what was pressed after it may rest on it.

import { Keeping } from "../../ink/pad/keeping.js";
import { Shelf } from "../../ink/pad/shelf.js";

const PAUSES = [1, 2, 4, 8, 15]; // seconds before the second, third, … try; then always the last
const ROOM_TRIES = 5; // a form held by the page itself may be ending the meeting before
const NOT_NOW = [401, 403, 404];
const NOT_HIS = ["not_your_role", "not_found"]; // what was written for it is taken by nobody any more
const NAMED = "presses:";

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export class Presses {
  // `heard()` is called whenever the list has changed.
  constructor(owner, heard) {
    this.owner = owner;
    this.name = `${NAMED}${owner}`;
    this.heard = heard;
    this.alive = true;
    this.running = null;
    this.lost = ""; // the key of why nothing can be sent now: signed out, another signed in
    this.hasDropped = false;
    this.memory = [];
    this.follow = (event) => event.key?.startsWith(NAMED) && heard();
    window.addEventListener("storage", this.follow);
  }

  // The store is every tab's; where it is full or forbidden the list lives as long as the page.
  all() {
    if (this.memory.length) return this.memory;
    try {
      return JSON.parse(localStorage.getItem(this.name)) ?? [];
    } catch {
      return [];
    }
  }

  put(list) {
    this.memory = [];
    try {
      if (list.length) localStorage.setItem(this.name, JSON.stringify(list));
      else localStorage.removeItem(this.name);
    } catch {
      this.memory = list;
    }
    this.heard();
  }

  add(press) {
    this.put([...this.all(), { ...press, at: Date.now() }]);
  }

  // How many of other officials lie on this tablet, who are to sign in for them.
  others() {
    try {
      const names = Object.keys(localStorage).filter((one) => one.startsWith(NAMED) && one !== this.name);
      return names.reduce((sum, one) => sum + (JSON.parse(localStorage.getItem(one))?.length ?? 0), 0);
    } catch {
      return 0;
    }
  }

  // By hand it is dropped undone, and with it what was written for it and nobody will take.
  drop(press, byHand = false) {
    this.put(this.all().filter((one) => one.at !== press.at));
    if (!byHand) return;
    this.hasDropped = true;
    if (!NOT_HIS.includes(press.key)) return;
    const shelf = new Shelf(`sheet:/ink/${press.code}:${this.owner}`);
    const { add, drop, words } = shelf.read();
    for (const one of add) shelf.clear("add", one.id);
    for (const id of drop) shelf.clear("drop", id);
    for (const name of Object.keys(words)) shelf.clear("words", name);
  }

  mark(press, what) {
    this.put(this.all().map((one) => (one.at === press.at ? { ...one, ...what } : one)));
  }

  // One at a time in this tab, and in all tabs of this browser where it can be helped: whoever comes
  // second waits, and sends what the first has left.
  send() {
    if (!this.running) {
      const deliver = () => this.deliver();
      const alone = navigator.locks ? navigator.locks.request(this.name, deliver) : deliver();
      this.running = Promise.resolve(alone).finally(() => {
        this.running = null;
        this.heard();
      });
      this.heard();
    }
    return this.running;
  }

  async deliver() {
    for (let tries = 0; this.alive; ) {
      const [press] = this.all();
      if (!press || navigator.onLine === false) return;
      const answer = await this.sendOne(press).catch(() => null);
      if (!answer) {
        await wait(PAUSES[Math.min(tries, PAUSES.length - 1)]);
        tries += 1;
        continue;
      }
      const { state, words, key, error } = answer.said;
      this.lost = NOT_NOW.includes(answer.status) ? (key ?? "session_ended") : "";
      if (this.lost) return;
      if (state !== "done" && state !== "before") {
        if (key === "room_taken" && tries < ROOM_TRIES) {
          await wait(PAUSES[tries]);
          tries += 1;
          continue;
        }
        return this.mark(press, { words: words ?? error ?? String(answer.status), key });
      }
      tries = 0;
      this.drop(press);
    }
  }

  // What was written for it goes first; where that is refused the city is only asked why. Null where
  // it has not answered, or where something else was a moment earlier: all of it again.
  async sendOne({ act, code, page, at }) {
    const keeping = new Keeping(`/ink/${code}`, page, this.owner, () => {}, () => {});
    let isWritten;
    try {
      isWritten = await keeping.send();
    } finally {
      keeping.stop();
    }
    const ago = Math.max(0, Math.round((Date.now() - at) / 1000));
    const answer = await fetch("/mayor/unsent", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ act, code, page, ago, owner: this.owner, asks: !isWritten }),
    });
    if (answer.status >= 500 || answer.status === 429) return null;
    return { status: answer.status, said: await answer.json().catch(() => ({})) };
  }

  stop() {
    this.alive = false;
    window.removeEventListener("storage", this.follow);
  }
}
