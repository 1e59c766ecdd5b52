// What was pressed without a network, in its order: kept in this browser until the city has answered,
// sent one at a time. A press that is refused stops the queue: what was pressed after it may rest on it.
// Only what another tablet has decided otherwise, or a day that is over, stops nothing: it is shown until it is dropped by hand.

import { Keeping, OVERTAKEN } from "../../ink/pad/keeping.js";
import { Shelf } from "../../ink/pad/shelf.js";

const PAUSES = [1, 2, 4, 8, 15]; // seconds before the second, third, … try; then always the last
const ROOM_TRIES = 5; // a form held by the page itself may be ending the meeting before
const NOT_NOW = [401, 403, 404];
export const NOT_HIS = ["not_your_role", "not_found"]; // what was written for it is taken by nobody any more
const NAMED = "presses:";

export const isOvertaken = (press) => OVERTAKEN.includes(press.key);

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export class Presses {
  // `heard()` is called whenever the list has changed.
  constructor(owner, heard) {
    this.owner = owner;
    this.name = `${NAMED}${owner}`;
    this.heard = heard;
    this.alive = true;
    this.running = null;
    this.sending = 0; // the `at` of the press that is with the city now
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

  // By hand it is dropped undone; what was written for it goes only where nobody will take it any more.
  drop(press, byHand = false) {
    this.put(this.all().filter((one) => one.at !== press.at));
    if (!byHand) return;
    this.hasDropped = true;
    if (NOT_HIS.includes(press.key)) new Shelf(`sheet:/ink/${press.code}:${this.owner}`).empty();
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

  busy(at) {
    this.sending = at;
    this.heard();
  }

  async deliver() {
    for (let tries = 0; this.alive; ) {
      const press = this.all().find((one) => !isOvertaken(one));
      if (!press || navigator.onLine === false) return;
      this.busy(press.at);
      const answer = await this.sendOne(press).catch(() => null);
      this.busy(0);
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
        this.mark(press, { words: words ?? error ?? String(answer.status), key });
        if (!OVERTAKEN.includes(key)) return;
        if (press.act !== "call_in") this.takeAlong(press); // what is written is for what comes after
      }
      tries = 0;
      if (!OVERTAKEN.includes(key)) this.drop(press);
    }
  }

  // What lay on its sheet here lies with the press alone from now on. A store that was full has room
  // for it once the sheet's is empty.
  takeAlong({ code, page }) {
    const keeping = this.keeping(code, page);
    keeping.leaveIt();
    keeping.stop();
    this.put(this.all());
  }

  keeping(code, page) {
    return new Keeping(`/ink/${code}`, page, this.owner, () => {}, () => {});
  }

  // What was written for it goes first; where that is refused the city is only asked why. Null where
  // it has not answered, or where something else was a moment earlier: all of it again.
  async sendOne(press) {
    const { act, code, page, at } = press;
    const ago = Math.max(0, Math.round((Date.now() - at) / 1000));
    const isWritten = act === "call_in" || (await this.sendWritten(press, ago));
    const answer = await fetch("/mayor/unsent", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ act, code, page, ago, owner: this.owner, asks: !isWritten }),
    });
    if (answer.status >= 500 || answer.status === 429) return null;
    return { status: answer.status, said: await answer.json().catch(() => ({})) };
  }

  // Its strokes are remembered with it: on its sheet they are nobody's once the city has them.
  async sendWritten(press, ago) {
    const keeping = this.keeping(press.code, press.page);
    keeping.isForPress = true;
    keeping.ago = ago;
    const { add } = keeping.unsent;
    if (add.length && !press.strokes) this.mark(press, { strokes: add });
    try {
      return await keeping.send();
    } finally {
      keeping.stop();
    }
  }

  stop() {
    this.alive = false;
    window.removeEventListener("storage", this.follow);
  }
}
