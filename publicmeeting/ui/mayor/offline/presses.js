// The queue of presses made without a network. The browser stores them in order until the server
// has answered, and sends them one at a time. A refused press stops the queue, because the presses
// after it may depend on it. Only a press that another tablet has overtaken, or whose day is over,
// does not stop it: it is shown until the user deletes it.

import { CALL_IN, Keeping, OVERTAKEN, PAUSES, WRITTEN, cityNow, post, wait } from "../../ink/pad/keeping.js";
import { Shelf, isPress, nextTurn, pressName, store, storedPresses } from "../../ink/pad/shelf.js";

const ROOM_TRIES = 5; // a form that the page holds back may first have to end the meeting before
const NOT_NOW = [401, 403, 404];
export const NOT_HIS = ["not_your_role", "not_found"]; // nobody can accept what was written for it any more

export const isOvertaken = (press) => press.act === WRITTEN || OVERTAKEN.includes(press.key);

export class Presses {
  // `changed()` is called at every change of the list.
  constructor(owner, changed) {
    this.owner = owner;
    this.changed = changed;
    this.alive = true;
    this.running = null;
    this.sending = 0; // the `at` of the press that is being sent
    this.lost = ""; // the key of the reason why nothing can be sent: signed out, or another account signed in
    this.hasDropped = false;
    this.follow = (event) => isPress(event.key) && changed();
    window.addEventListener("storage", this.follow);
  }

  // All tabs share the storage.
  all() {
    return storedPresses(this.owner);
  }

  put(press) {
    store.put(pressName(this.owner, press.at), press);
    this.changed();
  }

  add(press) {
    const all = this.all();
    let at = Date.now(); // identifies the press
    while (all.some((one) => one.at === at)) at += 1;
    this.put({ ...press, at, cityAt: cityNow(), turn: nextTurn(all) });
  }

  // How many presses of other officials are on this tablet; these officials must sign in to send
  // them.
  others() {
    return store.names().filter((one) => isPress(one) && !one.startsWith(pressName(this.owner, ""))).length;
  }

  // A press that the user deletes is not carried out. What was written for it is deleted only if
  // nobody can accept it any more.
  drop(press, byHand = false) {
    store.clear(pressName(this.owner, press.at));
    this.changed();
    if (!byHand) return;
    this.hasDropped = true;
    if (NOT_HIS.includes(press.key)) new Shelf(`sheet:/ink/${press.code}:${this.owner}`).empty();
  }

  mark(press, what) {
    const stored = store.get(pressName(this.owner, press.at));
    if (stored) this.put({ ...stored, ...what }); // else another tab has finished it
  }

  // One at a time in this tab and, where the browser supports it, in all tabs. A second tab waits,
  // and then sends what the first has left.
  send() {
    if (!this.running) {
      const deliver = () => this.deliver();
      const alone = navigator.locks ? navigator.locks.request(pressName(this.owner, ""), deliver) : deliver();
      this.running = Promise.resolve(alone).finally(() => {
        this.running = null;
        this.changed();
      });
      this.changed();
    }
    return this.running;
  }

  busy(at) {
    this.sending = at;
    this.changed();
  }

  async deliver() {
    for (let tries = 0; this.alive; ) {
      const press = this.all().find((one) => !isOvertaken(one));
      if (!press || navigator.onLine === false) return;
      this.busy(press.at);
      const answer = await this.sendOne(press, tries).catch(() => null);
      this.busy(0);
      if (!answer) {
        await wait(PAUSES[Math.min(tries, PAUSES.length - 1)]);
        tries += 1;
        continue;
      }
      const { state, words, key, error } = answer.content;
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
        if (press.act !== CALL_IN) this.takeAlong(press); // what is written belongs to the press that follows
      }
      tries = 0;
      if (!OVERTAKEN.includes(key)) this.drop(press);
    }
  }

  // From now on the press alone holds what was on its sheet here. A full storage has space for it
  // when the sheet's own entries are deleted.
  takeAlong({ code, page }) {
    const keeping = this.keeping(code, page);
    keeping.leaveIt();
    keeping.stop();
    for (const press of this.all()) this.put(press);
  }

  // From now on this list holds what was on a sheet that can no longer be sent, with the reason.
  leave(action, words) {
    const code = action.split("/").at(-1);
    const { add: strokes, words: texts } = this.keeping(code, 0).unsent;
    const isWritten = strokes.length || Object.values(texts).some((text) => text.trim());
    if (isWritten) this.keep(action, words, texts, strokes);
    this.takeAlong({ code, page: 0 });
  }

  keep(action, words, texts, strokes) {
    const code = action.split("/").at(-1);
    this.add({ act: WRITTEN, code, page: 0, number: "", words, texts, strokes });
  }

  keeping(code, page) {
    return new Keeping(`/ink/${code}`, page, this.owner, () => {}, () => {});
  }

  // Sends what was written for the press first. If that is refused, the server is only asked for
  // the reason. Returns null if the server has not answered, or if something else was faster: then
  // everything is tried again.
  async sendOne(press, tries) {
    const { act, code, page, at, cityAt = 0 } = press;
    const ago = Math.max(0, Math.round((Date.now() - at) / 1000));
    const { isWritten, wrong } = act === CALL_IN ? { isWritten: true } : await this.sendWritten(press, ago);
    if (wrong) return { status: 200, content: { state: "refused", words: wrong } };
    const pressed = Math.round(cityAt / 1000); // the tablet's clock may have been set since
    const body = { act, code, page, ago, pressed, owner: this.owner, asks: !isWritten };
    const { status, content } = await post("/mayor/unsent", tries, body);
    // A proxy, a slow line (408) or a network's sign-in page answers too: nothing is refused then.
    const isOfCity = status !== 408 && Boolean(content.state || content.error || content.key);
    return status >= 500 || status === 429 || !isOfCity ? null : { status, content };
  }

  // The press remembers its strokes: when the server has them, they are not on the sheet any more.
  hold({ at }, { add, words }) {
    const press = this.all().find((one) => one.at === at);
    if (!press) return;
    const { strokes = [], texts } = press;
    const ids = new Set(strokes.map(({ id }) => id));
    const fresh = add.filter(({ id }) => !ids.has(id));
    const typed = texts && Object.entries(words).some(([name, text]) => texts[name] !== text);
    if (fresh.length) this.mark(press, { strokes: [...strokes, ...fresh] });
    if (typed) this.mark(press, { texts: { ...texts, ...words } });
  }

  async sendWritten(press, ago) {
    const keeping = this.keeping(press.code, press.page);
    keeping.isForPress = true;
    keeping.ago = ago;
    this.hold(press, keeping.unsent);
    try {
      const isWritten = await keeping.send();
      await keeping.alone();
      const { refused, unsent, wrong } = keeping;
      // The press alone holds what was refused. If the official sends it again, it goes without.
      if (wrong) this.mark(press, { strokes: refused.add, isCut: true });
      else if (!isWritten) this.hold(press, unsent); // more was written while it was being sent
      return { isWritten, wrong };
    } finally {
      keeping.stop();
    }
  }

  stop() {
    this.alive = false;
    window.removeEventListener("storage", this.follow);
  }
}
