// What was pressed without a network, in its order: kept in this browser until the city has answered,
// sent one at a time. A press that is refused stops the queue: what was pressed after it may rest on it.

import { Keeping } from "../../ink/pad/keeping.js";

const PAUSES = [1, 2, 4, 8, 15]; // seconds before the second, third, … try; then always the last
const ROOM_TRIES = 5; // a form held by the page itself may be ending the meeting before
const NOT_NOW = [401, 403, 404];

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export class Presses {
  // `heard()` is called whenever the list has changed.
  constructor(owner, heard) {
    this.owner = owner;
    this.name = `presses:${owner}`;
    this.heard = heard;
    this.alive = true;
    this.running = null;
    this.isLost = false;
    this.memory = [];
    this.follow = (event) => event.key === this.name && heard();
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

  drop(press) {
    this.put(this.all().filter((one) => one.at !== press.at));
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
      this.isLost = NOT_NOW.includes(answer.status);
      if (this.isLost) return;
      const { state, words, key } = answer.said;
      if (state === "refused") {
        if (key === "room_taken" && tries < ROOM_TRIES) {
          await wait(PAUSES[tries]);
          tries += 1;
          continue;
        }
        return this.mark(press, { words });
      }
      tries = 0;
      this.drop(press);
    }
  }

  // What was written for it goes first; null where the city has not answered.
  async sendOne({ act, code, page, at }) {
    const keeping = new Keeping(`/ink/${code}`, page, this.owner, () => {}, () => {});
    try {
      if (!(await keeping.send())) return { status: NOT_NOW[0] };
    } finally {
      keeping.stop();
    }
    const ago = Math.max(0, Math.round((Date.now() - at) / 1000));
    const answer = await fetch("/mayor/unsent", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ act, code, page, ago, owner: this.owner }),
    });
    if (answer.status >= 500 || answer.status === 429) return null;
    return { status: answer.status, said: await answer.json() };
  }

  stop() {
    this.alive = false;
    window.removeEventListener("storage", this.follow);
  }
}
