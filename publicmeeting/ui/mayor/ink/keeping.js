// What is written is kept here until the city has it, and sent again for as long as that takes.
// In this browser it lies under the visitor's code and a mark of the writer's that names nobody,
// and only what has not arrived yet.

const PAUSES = [1, 2, 4, 8, 15]; // seconds before the second, third, … try; then always the last
const TYPING = 700; // milliseconds after the last letter

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// Until the browser believes in a network again; it may be wrong, so not for ever.
const network = () =>
  navigator.onLine === false
    ? Promise.race([
        new Promise((done) => window.addEventListener("online", done, { once: true })),
        wait(60),
      ])
    : Promise.resolve();

const nothing = () => ({ add: [], drop: [], words: {} });
const isEmpty = (one) => !one.add.length && !one.drop.length && !Object.keys(one.words).length;

export class Keeping {
  // `told({ state, error })`: state is "", "waiting" or "lost".
  constructor(action, page, owner, told) {
    this.action = action;
    this.page = page;
    this.told = told;
    this.name = `sheet:${action}:${owner}`;
    this.alive = true;
    this.running = null;
    this.unsent = this.recall();
  }

  recall() {
    try {
      return { ...nothing(), ...JSON.parse(localStorage.getItem(this.name) || "{}") };
    } catch {
      return nothing();
    }
  }

  remember() {
    try {
      if (isEmpty(this.unsent)) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, JSON.stringify(this.unsent));
    } catch {
      // A full or forbidden store: it is still in memory, and on its way.
    }
  }

  // What the city has of this sheet, with what has not reached it yet.
  async open() {
    for (let tries = 0; this.alive; tries += 1) {
      try {
        await network();
        const answer = await fetch(this.action, { headers: { Accept: "application/json" } });
        if (answer.ok) {
          const { page, strokes } = await answer.json();
          this.page = page;
          this.told({ state: "" });
          this.send();
          return this.over(strokes);
        }
        if (answer.status < 500) return this.over([]);
      } catch {
        this.told({ state: "waiting" });
      }
      await wait(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
    return [];
  }

  over(strokes) {
    const fresh = new Set(this.unsent.add.map((one) => one.id));
    const gone = new Set(this.unsent.drop);
    return [...strokes.filter((one) => !fresh.has(one.id)), ...this.unsent.add].filter(
      (one) => !gone.has(one.id),
    );
  }

  add(strokes) {
    const ids = new Set(strokes.map((one) => one.id));
    this.unsent.add.push(...strokes);
    this.unsent.drop = this.unsent.drop.filter((id) => !ids.has(id));
    this.remember();
    this.send();
  }

  drop(ids) {
    const gone = new Set(ids);
    this.unsent.add = this.unsent.add.filter((one) => !gone.has(one.id));
    this.unsent.drop.push(...ids);
    this.remember();
    this.send();
  }

  word(name, value, now = false) {
    this.unsent.words[name] = value;
    this.remember();
    clearTimeout(this.typing);
    if (now) this.send();
    else this.typing = setTimeout(() => this.send(), TYPING);
  }

  get isKept() {
    return isEmpty(this.unsent) && !this.running;
  }

  // One at a time; resolves true when all has arrived.
  send() {
    if (!this.running) {
      this.running = this.deliver().finally(() => {
        this.running = null;
      });
    }
    return this.running;
  }

  async deliver() {
    for (let tries = 0; this.alive && !isEmpty(this.unsent); ) {
      const { add, drop, words } = this.unsent;
      const going = { add: [...add], drop: [...drop], words: { ...words } };
      try {
        if (navigator.onLine === false) this.told({ state: "waiting" });
        await network();
        const answer = await fetch(this.action, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ page: this.page, ...going }),
        });
        if (answer.status < 500) {
          const said = await answer.json().catch(() => ({}));
          if (answer.status === 409 && said.page) {
            this.page = said.page; // that sheet is an order by now: this goes to the next one
            continue;
          }
          if (answer.status === 401 || answer.status === 403) {
            this.told({ state: "lost", error: said.error });
            return false; // signed out: it stays here until somebody is signed in again
          }
          this.forget(going);
          this.told({ state: "", error: answer.ok ? "" : said.error });
          tries = 0;
          continue;
        }
      } catch {
        this.told({ state: "waiting" });
      }
      await wait(PAUSES[Math.min(tries, PAUSES.length - 1)]);
      tries += 1;
    }
    return isEmpty(this.unsent);
  }

  // Take out what was sent; what came while it was under way stays.
  forget(sent) {
    const added = new Set(sent.add);
    const dropped = new Set(sent.drop);
    const { add, drop, words } = this.unsent;
    this.unsent = {
      add: add.filter((one) => !added.has(one)),
      drop: drop.filter((id) => !dropped.has(id)),
      words: Object.fromEntries(
        Object.entries(words).filter(([name, value]) => sent.words[name] !== value),
      ),
    };
    this.remember();
  }

  stop() {
    this.alive = false;
    clearTimeout(this.typing);
  }
}

// A form that is pressed before everything has arrived waits for it and is then sent once.
export function holdUntilKept(id, keeping, told) {
  let waits = false;
  let free = false;
  const hold = async (event) => {
    const form = event.target;
    if (form.id !== id || free) return;
    if (keeping.isKept && navigator.onLine !== false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waits) return;
    waits = true;
    told(true);
    const arrived = (await keeping.send()) && (await network(), keeping.alive);
    waits = false;
    told(false);
    if (!arrived || !form.isConnected) return;
    free = true;
    form.requestSubmit(event.submitter);
    free = false;
  };
  document.addEventListener("submit", hold, true);
  return () => document.removeEventListener("submit", hold, true);
}

// Fields of these names are kept as they are typed.
export function keepWords(keeping, names) {
  const name = (event) => (names.includes(event.target.name) ? event.target.name : "");
  const typed = (event) => name(event) && keeping.word(name(event), event.target.value);
  const left = (event) => {
    if (name(event) && keeping.unsent.words[name(event)] !== undefined) keeping.send();
  };
  for (const [one, value] of Object.entries(keeping.unsent.words)) {
    for (const field of document.getElementsByName(one)) field.value = value;
  }
  document.addEventListener("input", typed);
  document.addEventListener("focusout", left);
  return () => {
    document.removeEventListener("input", typed);
    document.removeEventListener("focusout", left);
  };
}
