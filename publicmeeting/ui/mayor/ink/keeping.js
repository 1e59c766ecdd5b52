// Stores what is written until the server has it, and retries as long as that takes. The browser
// stores it under the visitor's code and an anonymous mark of the writer, and only what has not
// arrived yet. Other tabs of the same sheet receive it as it is written.

import { Shelf, storedPresses } from "./shelf.js";

export const PAUSES = [1, 2, 4, 8, 15]; // seconds before the second, third, … try; then always the last
const TYPING = 700; // milliseconds after the last letter
const FOLLOWING = 3000; // milliseconds after which a tab itself sends what another tab has written

const LIMITS = [20, 40, 80, 120]; // seconds for the first, second, … try; then always the last
const DOTS = 3000; // of the strokes in one request: a slow line delivers them within the limit

export const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// Waits until the browser reports a network. The browser may be wrong, so the wait has a limit.
const network = () =>
  navigator.onLine === false
    ? Promise.race([
        new Promise((done) => window.addEventListener("online", done, { once: true })),
        wait(60),
      ])
    : Promise.resolve();

// How far the city's clock is ahead of the tablet's, in milliseconds, as its last answer showed: the
// tablet's own clock may be wrong by days.
let ahead = null;
export const cityNow = () => (ahead === null ? 0 : Date.now() + ahead);

// Sends a request and reads its JSON, both within a limit: a line that hangs reports no error, and
// the queue would wait for it without end. The server may carry it out nevertheless, so whatever is
// sent must be safe to repeat.
export async function ask(address, tries, options = {}) {
  const limit = new AbortController();
  const seconds = LIMITS[Math.min(tries, LIMITS.length - 1)];
  const watch = setTimeout(() => limit.abort(), seconds * 1000);
  try {
    const answer = await fetch(address, { ...options, signal: limit.signal });
    const content = (await answer.json().catch(() => null)) ?? {};
    const read = { status: answer.status, ok: answer.ok, content };
    const date = Date.parse(answer.headers.get("date") ?? "");
    if (!date || !decides(read)) return read;
    ahead = date - Date.now();
    return { ...read, date }; // in milliseconds, by the city's clock
  } finally {
    clearTimeout(watch);
  }
}

export const post = (address, tries, body) =>
  ask(address, tries, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const nothing = () => ({ add: [], drop: [], words: {} });
const isEmpty = (one) => !one.add.length && !one.drop.length && !Object.keys(one.words).length;
const count = ({ add, drop, words }) => add.length + drop.length + Object.keys(words).length;
const copyOf = ({ add, drop, words }) => ({ add: [...add], drop: [...drop], words: { ...words } });
// What goes in one request: the first strokes with at most `DOTS` dots, and everything else.
const portionOf = ({ add, drop, words }) => {
  let dots = 0;
  const first = add.filter((one, at) => (dots += one.dots.length) <= DOTS || at === 0);
  return copyOf({ add: first, drop, words });
};
// One part of it, so that a stroke that the city refuses takes no other with it.
const firstOf = ({ add, drop, words }) => {
  if (drop.length) return { ...nothing(), drop: [...drop] };
  if (add.length) return { ...nothing(), add: add.slice(0, 1) };
  return { ...nothing(), words: Object.fromEntries(Object.entries(words).slice(0, 1)) };
};
const joined = (one, other) => ({
  add: [...one.add, ...other.add],
  drop: [...one.drop, ...other.drop],
  words: { ...one.words, ...other.words },
});
const without = (strokes, ids) => strokes.filter((one) => !ids.has(one.id));
const idsOf = (strokes) => new Set(strokes.map((one) => one.id));

// Statuses of the city's own refusals that leave everything here until the writer is back: signed
// out, or another official is signed in.
const SIGNED_OUT = 401;
const NOT_NOW = [SIGNED_OUT, 403, 404];

// Whether this answer is the city's word about what was sent. A proxy, a slow line (408) or a
// network's sign-in page answers too; then nothing has arrived and nothing is refused.
const decides = ({ status, ok, content }) =>
  ok ? Number.isInteger(content.page) : status < 500 && ![408, 429].includes(status) && Boolean(content.error || content.page);

// Refusals after which a retry is useless: another tablet was faster, or the day was over.
export const OVERTAKEN = ["sheet_issued", "ended_otherwise", "day_ended"];

// Acts of the list of unsent work that end no meeting.
export const CALL_IN = "call_in";
export const WRITTEN = "written"; // no press: a sheet that can no longer be sent

// The presses of this tablet that end this meeting and have not reached the server. What was
// written for such a press belongs to its own sheet only, in whichever tab it is stored.
export function pressesOn(action, owner) {
  return storedPresses(owner).filter((one) => ![CALL_IN, WRITTEN].includes(one.act) && `/ink/${one.code}` === action);
}

// A request that hangs may arrive after the one that repeats it. The server takes no text of this
// page that is older than the one it has.
const TAB = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
let turns = 0;

const shown = new Map(); // sheet and page → its texts
const sending = new Set(); // every Keeping of this page that is sending

export class Keeping {
  // `report({ state, error, key })`: state is "", "waiting" or "lost". `followed({ add, drop, words })`
  // receives what another tab has changed on the sheet, and what is on no sheet any more.
  constructor(action, page, owner, report, followed) {
    this.action = action;
    this.page = page;
    this.owner = owner; // the server refuses requests with another official's cookie
    this.isForPress = false; // then what is written belongs to this sheet or stays here
    this.ago = 0; // seconds since the press for which this is sent; page 0 stands for the page at that time
    this.report = report;
    this.followed = followed;
    this.alive = true;
    this.running = null;
    this.opening = null;
    this.hurry = () => {}; // ends the pause before the next try
    this.going = nothing(); // what is being sent now
    this.elsewhere = nothing(); // what another tab has delivered while this tab was sending it too
    this.refused = nothing(); // what the city has refused for good, and why
    this.wrong = "";
    const name = `sheet:${action}:${owner}`;
    this.shelf = new Shelf(name);
    const [pressed] = pressesOn(action, owner).filter((one) => !OVERTAKEN.includes(one.key));
    this.unsent = !pressed || pressed.page === page ? this.shelf.read() : nothing();
    this.isOpen = false;
    this.since = nothing(); // changes of the sheet while the server was asked for it
    this.others = window.BroadcastChannel && new BroadcastChannel(name);
    if (this.others) this.others.onmessage = ({ data }) => this.hear(data);
  }

  // The texts of this sheet as this document has shown them last. A page to which the mayor comes
  // back begins with those that it was loaded with before, until the server has answered.
  get shown() {
    return shown.get(`${this.shelf.name}:${this.page}`);
  }

  set shown(words) {
    shown.set(`${this.shelf.name}:${this.page}`, { ...this.shown, ...words });
  }

  // Returns what the server has of this sheet, together with what has not reached it yet; null if
  // nobody is signed in any more, for whom the server would answer.
  open() {
    this.opening ??= this.read().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  async read() {
    this.isOpen = false;
    this.since = copyOf(this.unsent); // it may arrive after the server has read the sheet
    for (let tries = 0; this.alive; tries += 1) {
      try {
        await network();
        const address = `${this.action}?owner=${encodeURIComponent(this.owner)}`;
        const answer = await ask(address, tries, { headers: { Accept: "application/json" } });
        const { page, strokes, words, error, key } = answer.content;
        if (answer.ok && decides(answer)) {
          if (page === this.page) {
            this.shown = { ...words, ...this.since.words, ...this.unsent.words };
            this.followed({ ...nothing(), words: this.shown });
          }
          if (page !== this.page && this.isPressed) {
            this.unsent = nothing(); // the press includes it
            this.since = nothing();
          }
          this.page = page;
          this.report({ state: "" });
          this.send();
          return this.over(strokes);
        }
        if (decides(answer)) {
          this.report({ state: "lost", error, key });
          const alone = this.over([]);
          return answer.status === SIGNED_OUT ? null : alone;
        }
        this.report({ state: "waiting" });
      } catch {
        this.report({ state: "waiting" });
      }
      await wait(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
    return [];
  }

  over(strokes) {
    this.isOpen = true;
    const fresh = [...without(this.since.add, idsOf(this.unsent.add)), ...this.unsent.add];
    const gone = new Set([...this.since.drop, ...this.unsent.drop]);
    return without([...without(strokes, idsOf(fresh)), ...fresh], gone);
  }

  add(strokes) {
    this.take(strokes);
    this.tell({ add: strokes });
    this.send();
  }

  drop(ids) {
    this.leave(ids);
    this.tell({ drop: ids });
    this.send();
  }

  word(name, value, now = false) {
    this.write({ [name]: value });
    this.tell({ words: { [name]: value } });
    if (now) this.send();
    else this.sendAfter(TYPING);
  }

  take(strokes) {
    const ids = idsOf(strokes);
    for (const list of this.isOpen ? [this.unsent] : [this.unsent, this.since]) {
      list.add = [...without(list.add, ids), ...strokes];
      list.drop = list.drop.filter((id) => !ids.has(id));
    }
    for (const one of strokes) this.shelf.put("add", one.id, one);
    for (const id of ids) this.shelf.clear("drop", id);
  }

  leave(gone) {
    const ids = new Set(gone);
    for (const list of this.isOpen ? [this.unsent] : [this.unsent, this.since]) {
      list.add = without(list.add, ids);
      list.drop = [...list.drop.filter((id) => !ids.has(id)), ...ids];
    }
    for (const id of ids) {
      this.shelf.put("drop", id, id);
      this.shelf.clear("add", id);
    }
  }

  write(words) {
    for (const list of this.isOpen ? [this.unsent] : [this.unsent, this.since]) Object.assign(list.words, words);
    this.shown = words;
    for (const [name, value] of Object.entries(words)) this.shelf.put("words", name, value);
  }

  tell(what) {
    this.others?.postMessage({ page: this.page, ...nothing(), ...what });
  }

  // This tab also delivers what another tab writes, until that tab reports that the server has it.
  // The other tab may be closed before, and what is visible here must be on the order that is
  // pressed here.
  hear({ page, add, drop, words, arrived, gone }) {
    if (!this.alive || page !== this.page) return; // the server informs the page about another sheet
    if (gone) return this.goes(gone);
    if (arrived) {
      this.elsewhere = joined(this.elsewhere, arrived);
      return this.forget(arrived, this.going);
    }
    this.take(add);
    this.leave(drop);
    this.write(words);
    this.sendAfter(FOLLOWING);
    if (this.isOpen) this.followed({ add, drop, words });
  }

  // These strokes are on no sheet any more. The answer to `open` may come later, and adds what was
  // unsent when it was asked for.
  goes(ids) {
    this.since.add = without(this.since.add, new Set(ids));
    this.followed({ ...nothing(), drop: ids });
  }

  sendAfter(pause) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.send(), pause);
  }

  // The meeting was ended here, on this sheet.
  get isPressed() {
    return pressesOn(this.action, this.owner).some((one) => one.page === this.page);
  }

  get isKept() {
    return isEmpty(this.unsent) && !this.running;
  }

  // One request at a time. Resolves to true when everything has arrived and nothing was refused.
  send() {
    if (!this.running) {
      sending.add(this);
      this.running = this.deliver().finally(() => {
        this.running = null;
        this.going = nothing(); // every request has been answered
        this.elsewhere = nothing();
        sending.delete(this);
      });
    }
    return this.running;
  }

  // Resolves when nothing else on this page is being sent for this sheet, or after a while. A press
  // that ends the meeting waits for it: what the page has begun to send belongs to the same sheet.
  async alone() {
    const others = [...sending].filter((one) => one !== this && one.shelf.name === this.shelf.name);
    for (const one of others) one.hurry();
    const all = Promise.allSettled(others.map((one) => one.running));
    if (others.length) await Promise.race([all, wait(PAUSES.at(-1))]);
  }

  async deliver() {
    this.refused = nothing();
    this.wrong = "";
    let isPart = false; // after a refusal its parts are sent one by one
    for (let tries = 0; this.alive && !isEmpty(this.unsent); ) {
      try {
        if (navigator.onLine === false) {
          this.report({ state: "waiting" });
          await network();
          if (!this.alive || isEmpty(this.unsent)) break;
        }
        // Read now and not before the wait: an old text that is sent later would replace the newer
        // one that another tab or the press without a network has sent.
        const going = (this.going = isPart ? firstOf(this.unsent) : portionOf(this.unsent));
        turns += 1;
        const sheet = { page: this.page, ago: this.ago, owner: this.owner, tab: TAB, turn: turns };
        const answer = await post(this.action, tries, { ...sheet, ...going });
        const { page, gone, issued = [], error, key } = answer.content;
        if (decides(answer)) {
          if (answer.status === 409 && page) {
            // The order has these texts: only the answer to an earlier request was lost.
            const words = issued.map((name) => [name, going.words[name]]);
            this.forget({ ...nothing(), words: Object.fromEntries(words) });
            this.forget(this.elsewhere); // it is on that sheet
            this.elsewhere = nothing();
            if (this.isForPress || this.isPressed) {
              const ids = new Set(gone); // the city has them: only the answer was lost
              this.forget({ ...nothing(), add: this.unsent.add.filter((one) => ids.has(one.id)) });
              this.report({ state: "" });
              return this.isForPress && isEmpty(this.unsent);
            }
            this.report({ state: "" });
            this.page = page; // that sheet has been issued: this goes to the next one
            continue;
          }
          if (NOT_NOW.includes(answer.status)) {
            this.report({ state: "lost", error, key });
            return false;
          }
          tries = 0;
          const isWhole = !isPart;
          isPart = !answer.ok;
          if (isPart && isWhole && count(going) > 1) continue;
          if (isPart) {
            this.refused = joined(this.refused, going);
            this.wrong = error;
          }
          this.going = nothing();
          this.forget(going);
          this.tell({ arrived: going });
          if (gone) {
            this.goes(gone); // erased, or on the order of an earlier sheet
            this.tell({ gone });
          }
          this.report({ state: "", error: this.wrong });
          continue;
        }
        this.report({ state: "waiting" });
      } catch {
        this.report({ state: "waiting" });
      }
      await this.pause(tries);
      tries += 1;
    }
    return isEmpty(this.unsent) && !this.wrong; // a press must not pass over what was refused
  }

  pause(tries) {
    const hurried = new Promise((done) => (this.hurry = done));
    return Promise.race([wait(PAUSES[Math.min(tries, PAUSES.length - 1)]), hurried]);
  }

  // Removes what has arrived. Text written meanwhile stays. If another tab has delivered, what this
  // tab is sending (`but`) stays too, because it may arrive later.
  forget(arrived, but = nothing()) {
    const moving = new Set([...but.add.map((one) => one.id), ...but.drop]);
    const added = new Set([...idsOf(arrived.add)].filter((id) => !moving.has(id)));
    const dropped = new Set(arrived.drop.filter((id) => !moving.has(id)));
    const typed = Object.entries(arrived.words).filter(([name]) => !(name in but.words));
    this.unsent.add = without(this.unsent.add, added);
    this.unsent.drop = this.unsent.drop.filter((id) => !dropped.has(id));
    for (const id of added) this.shelf.clear("add", id);
    for (const id of dropped) this.shelf.clear("drop", id);
    for (const [name, value] of typed) {
      if (this.unsent.words[name] === value) delete this.unsent.words[name];
      this.shelf.clear("words", name, value);
    }
  }

  // The press includes all of it now, so no tab sends it any more.
  leaveIt() {
    const arrived = this.shelf.empty();
    this.unsent = nothing();
    this.tell({ arrived });
  }

  // A request under way ends first: the other tabs hear of it, and this page shows nothing of it.
  stop() {
    this.alive = false;
    this.report = this.followed = () => {};
    Promise.resolve(this.running).finally(() => this.others?.close());
    clearTimeout(this.typing);
  }
}

// If a form, or the button `end`, is pressed before everything has arrived, it waits and is then
// sent once. The server must know what is on the sheet before it asks about ending the meeting
// without it.
export function holdUntilKept(id, end, keeping, report) {
  let waits = false;
  let free = false;
  const hold = async (event) => {
    const { type, target, submitter } = event;
    const held = type === "submit" ? target : target.closest?.("button");
    if (!held || held.id !== (type === "submit" ? id : end) || free) return;
    if (keeping.isKept && navigator.onLine !== false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waits) return;
    waits = true;
    report(type);
    keeping.hurry();
    const arrived = (await keeping.send()) && (await network(), keeping.alive);
    waits = false;
    report("");
    if (!arrived || !held.isConnected) return;
    free = true;
    if (type === "submit") held.requestSubmit(submitter);
    else held.click();
    free = false;
  };
  const presses = end ? ["submit", "click"] : ["submit"];
  for (const one of presses) document.addEventListener(one, hold, true);
  return () => presses.forEach((one) => document.removeEventListener(one, hold, true));
}

export function putWords(words) {
  for (const [name, value] of Object.entries(words)) {
    for (const field of document.getElementsByName(name)) {
      if (field.value !== value) field.value = value; // else the cursor would move
    }
  }
}

// Stores fields of these names as they are typed.
export function keepWords(keeping, names) {
  const name = (event) => (names.includes(event.target.name) ? event.target.name : "");
  const typed = (event) => name(event) && keeping.word(name(event), event.target.value);
  const left = (event) => {
    if (name(event) && keeping.unsent.words[name(event)] !== undefined) keeping.send();
  };
  putWords({ ...keeping.shown, ...keeping.unsent.words });
  document.addEventListener("input", typed);
  document.addEventListener("focusout", left);
  return () => {
    document.removeEventListener("input", typed);
    document.removeEventListener("focusout", left);
  };
}
