// Sheets that are stored on this tablet while their page is not open. Their strokes are sent here.
// They move into the list of unsent work if the city refuses them, because they are too long or the
// visitor is not this official's any more, or if they are two weeks old. There the official reads,
// prints and deletes them. What another official has left is deleted two weeks after this tablet
// has found it here, by the city's clock.

import { Keeping, ask, pressesOn } from "../../ink/pad/keeping.js";
import { Shelf, store, storedSheets } from "../../ink/pad/shelf.js";
import { NOT_HIS } from "./presses.js";

const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;
const STAYS = 14 * DAY; // as the city's drafts, and as it remembers which strokes are on an order
const CLOCK_WAS_SET = 56 * DAY; // a sheet older than this was dated by a wrong clock
const FOUND = "found:"; // since when, by the city's clock, another official's sheet is here

export class Leftover {
  constructor(presses, words) {
    this.presses = presses;
    this.words = words;
    this.alive = true;
    this.keeping = null;
    this.running = null;
  }

  // `here` is the address of the open sheet, whose own page sends it.
  send(here) {
    this.running ??= this.sendAll(here).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async sendAll(here) {
    const sheets = storedSheets();
    await this.endOthers(sheets.filter(({ owner }) => owner !== this.presses.owner));
    for (const { name, action, owner, at } of sheets) {
      const age = Date.now() - at;
      if (owner !== this.presses.owner) continue;
      if (age < -DAY || age > CLOCK_WAS_SET) new Shelf(name).date(Date.now());
      else if (action !== here && age > MINUTE && !pressesOn(action, owner).length) {
        if (!this.alive || !(await this.sendOne(action, owner, age > STAYS))) return;
      }
    }
  }

  // A sheet on which more is written counts as found anew.
  async endOthers(sheets) {
    for (const key of store.names().filter((one) => one.startsWith(FOUND))) {
      if (!sheets.some(({ name }) => key === FOUND + name)) store.clear(key);
    }
    if (!sheets.length) return;
    const [{ action, owner }] = sheets;
    const answer = await ask(`${action}?owner=${encodeURIComponent(owner)}`, 0).catch(() => null);
    const now = answer?.date; // not `cityNow`: the tablet's clock may have been set since an earlier answer
    if (!now || !this.alive) return;
    for (const { name, at } of sheets) {
      const found = store.get(FOUND + name);
      if (found?.at !== at) store.note(FOUND + name, { at, since: now });
      else if (now - found.since > STAYS) new Shelf(name).empty();
    }
  }

  // Returns false if nothing else can be sent now, because nobody or another official is signed in.
  // Only the answer to `open` is about this official for certain. Texts wait for their page: an
  // older text would replace a newer one unseen.
  async sendOne(action, owner, isOld) {
    let refusal = null;
    const note = ({ state, key = "" }) => {
      if (state === "lost") refusal = key;
    };
    const keeping = (this.keeping = new Keeping(action, 0, owner, note, () => {}));
    keeping.unsent.words = {};
    // The city may not remember any more that these strokes are on an order, and would add them again.
    if (isOld) Object.assign(keeping.unsent, { add: [], drop: [] });
    await keeping.open();
    const isRefused = NOT_HIS.includes(refusal);
    if (refusal === null) await keeping.send();
    keeping.stop();
    if (!this.alive || (refusal !== null && !isRefused)) return false;
    if (isRefused || isOld) this.presses.leave(action, this.words);
    else if (keeping.refused.add.length) this.presses.keep(action, keeping.wrong, {}, keeping.refused.add);
    return true;
  }

  stop() {
    this.alive = false;
    this.keeping?.stop();
  }
}
