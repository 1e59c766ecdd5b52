"""A browser for the scripts of a mayor's tablet: storage, tabs, network and the city's answers."""

BROWSER = """
  const stored = new Map(), queues = new Map();
  globalThis.window = { addEventListener() {}, removeEventListener() {} };
  globalThis.localStorage = new Proxy({
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, text) => {
      if (isFull) throw new Error("full");
      stored.set(name, text);
    },
    removeItem: (name) => stored.delete(name),
  }, {
    ownKeys: () => [...stored.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
  let isFull = false, wanted = 0;
  const request = (name, ...facts) => {
    const deliver = facts.at(-1);
    if (facts.length > 1 && facts[0].ifAvailable && wanted) return Promise.resolve(deliver(null));
    wanted += 1;
    const turn = (queues.get(name) ?? Promise.resolve()).then(async () => {
      try { return await deliver({}); } finally { wanted -= 1; }
    });
    queues.set(name, turn.catch(() => {}));
    return turn;
  };
  const navigator = { onLine: true, locks: { request } };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const sent = [], answers = [];
  const done = { state: "done", words: "", key: "" }, asked = [];
  const inked = [];
  let inkIs = 200, page = 1;
  const order = {};
  globalThis.fetch = async (address, { body } = {}) => {
    if (address !== "/mayor/unsent") {
      const written = body && JSON.parse(body);
      if (written) inked.push(written);
      const isOver = written?.page && written.page !== page;
      const words = isOver ? Object.entries(written.words) : [];
      const names = words.filter(([name, text]) => text === order[name]).map(([name]) => name);
      const issued = names.length ? { issued: names } : {};
      return Response.json({ page, strokes: [], ...issued }, { status: isOver ? 409 : inkIs });
    }
    const { status = 200, ...answer } = (await answers.shift()) ?? done;
    sent.push(JSON.parse(body).code);
    asked.push(JSON.parse(body).asks);
    return Response.json(answer, { status });
  };
  const soon = (globalThis.realTimeout ??= globalThis.setTimeout);
  globalThis.setTimeout = (go) => soon(go, 2);
  const pause = () => new Promise((go) => soon(go, 2));
  const later = () => {
    let come;
    answers.push(new Promise((done) => { come = done; }));
    return come;
  };
  const tab = (owner = "owner") => new Presses(owner, () => {});
  const codes = (one) => one.all().map(({ code }) => code);
"""
"""A browser; `answers` are the city's to presses, `inkIs` and `page` its answer to ink.

`order` has the texts of the sheet that was issued.
"""

OVERTAKEN = """
  const shelf = (name) => `sheet:/ink/7:owner:${name}`, at = 1;
  const stroke = { id: "aa", colour: "blue", dots: [[1, 2, 1]] };
  stored.set(shelf("add:aa"), JSON.stringify({ value: stroke, at }));
  stored.set(shelf("words:text"), JSON.stringify({ value: "lamp", at }));
  const left = () => [...stored.keys()].filter((one) => one.startsWith("sheet:"));
  const pad = (page) => new Keeping("/ink/7", page, "owner", () => {}, () => {});
  page = 2; // another tablet has issued the sheet
  const refused = { state: "refused", words: "why", key: "sheet_issued" };
  const end = { act: "end", code: "7", page: 1, texts: { text: "lamp" } };
"""
"""A sheet with a stroke and a text that are stored; the city has issued it."""

INK = """
  // `ways` decide how the next requests to `/ink/…` are answered; without one the city takes them.
  const ways = [], took = [], city = globalThis.fetch;
  globalThis.fetch = async (address, asked = {}) => {
    const way = asked.body && address !== "/mayor/unsent" && ways.shift();
    const other = way && (await way(JSON.parse(asked.body), asked.signal));
    if (other) return other;
    const answer = await city(address, asked);
    if (answer.ok && asked.body && address !== "/mayor/unsent") took.push(JSON.parse(asked.body));
    return answer;
  };
  const page_of = (kind) => () => new Response("<html>", { status: kind });
"""
"""`ways` decide how the next requests of ink are answered, and `took` has what the city took."""
