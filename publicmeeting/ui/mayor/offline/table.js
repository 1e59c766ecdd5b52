// The mayor's day at the table without a network. What the pages have shown since this tab was
// opened (the day's list and the opened cases) is kept in memory only, until the tab is closed.
// What is written and pressed here is stored in the browser (`keeping.js`, `presses.js`) and sent
// later.

import { createElement as h, useContext, useEffect, useReducer, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { EventLoopContext } from "$/utils/context-registry";
import { CALL_IN, Keeping } from "../../ink/pad/keeping.js";
import { Leftover } from "./leftover.js";
import { Presses, isOvertaken } from "./presses.js";
import { Unsent, fill, persian } from "./unsent.js";

const TEXTS = ["text", "promise", "refusal"];
const known = { owner: "", day: null, at: "", cases: new Map() };

function learn({ owner, day, clock, table, initial, code }) {
  if (owner && owner !== known.owner) Object.assign(known, { owner, day: null, cases: new Map() });
  if (day?.is_today) Object.assign(known, { day, at: clock });
  if (!code || !table?.title) return;
  const texts = Object.fromEntries(TEXTS.map((name) => [name, initial[name] ?? ""]));
  const before = known.cases.get(code);
  known.cases.set(code, { table, page: initial.page, texts: before?.page === initial.page ? before.texts : texts });
}

// Where each visitor is, as far as this tablet knows: from what the server has shown and what was
// pressed since.
function standing(unsent) {
  const presses = unsent.filter((one) => !isOvertaken(one));
  const guests = known.day?.guests ?? [];
  let inside = known.day?.in_room?.code ?? "";
  const ended = new Set();
  for (const { act, code } of presses) {
    if (act === CALL_IN) inside = code;
    else {
      ended.add(code);
      if (inside === code) inside = "";
    }
  }
  const called = new Set(presses.map((one) => one.code));
  const waiting = guests.filter((one) => one.is_here && !called.has(one.code));
  const next = waiting.find((one) => !one.is_late) ?? waiting[0]; // by time, late visitors last
  return { guests, inside: ended.has(inside) ? "" : inside, ended, next };
}

export function OfflineTable(props) {
  const { words } = props;
  const isLost = useContext(EventLoopContext)[1].length > 0;
  const [, redraw] = useReducer((tick) => tick + 1, 0);
  const [chosen, setChosen] = useState("");
  const [hadUnsent, setHadUnsent] = useState(false);
  const [thumb, setThumb] = useState(null);
  const presses = useRef(null);
  const leftover = useRef(null);
  const sheet = useRef("");
  sheet.current = props.code && `/ink/${props.code}`; // its own page sends it
  const box = useRef(null);
  learn(props);

  useEffect(() => setThumb(document.querySelector(".at-thumb")), []);

  // Registers the service worker for pages that are opened without a network
  // (`web/routes/unsent.py`). There is none on plain http.
  useEffect(() => {
    navigator.serviceWorker?.register("/mayor/no-network.js").catch(() => {});
  }, []);

  useEffect(() => {
    if (!props.owner) return undefined;
    const queue = (presses.current = new Presses(props.owner, redraw));
    const left = (leftover.current = new Leftover(queue, words.left));
    const go = () => {
      if (queue.all().length) queue.send();
      left.send(sheet.current);
    };
    go();
    window.addEventListener("online", go);
    redraw();
    return () => {
      window.removeEventListener("online", go);
      queue.stop();
      left.stop();
    };
  }, [props.owner]);

  useEffect(() => {
    if (isLost) return;
    if (presses.current?.all().length) presses.current.send();
    leftover.current?.send(sheet.current);
  }, [isLost]);

  // The fields of this table begin with what is typed on the page itself.
  useEffect(() => {
    const typed = ({ target }) => {
      const one = known.cases.get(props.code);
      if (one && TEXTS.includes(target.name)) one.texts[target.name] = target.value;
    };
    document.addEventListener("input", typed);
    return () => document.removeEventListener("input", typed);
  }, [props.code]);

  const unsent = presses.current?.all() ?? [];
  const isLeft = unsent.length > 0 || presses.current?.others() > 0;
  useEffect(() => {
    if (unsent.length) setHadUnsent(true);
  }, [unsent.length]);

  const open = () => {
    const { inside, next } = standing(unsent);
    setChosen(props.code || inside || next?.code || "");
    box.current.showModal();
  };
  const press = (act, code, written = {}) => {
    const guest = known.day?.guests.find((one) => one.code === code);
    const page = known.cases.get(code)?.page ?? 0;
    presses.current.add({ act, code, page, number: guest?.tile.text ?? known.cases.get(code)?.table.tile.text ?? "", ...written });
    if (act !== CALL_IN) {
      const { next } = standing(presses.current.all());
      setChosen(next?.code ?? "");
    }
    if (!isLost) presses.current.send();
  };

  const isShown = isLost && props.owner && (known.day || known.cases.size > 0);
  // In one band with the line about the lost connection, which names the rest.
  const line = h(
    "div",
    { className: "offline-line" },
    h("p", { role: "status" }, unsent.length ? fill(words.unsent, { count: persian(unsent.length) }) : ""),
    h("button", { type: "button", className: "btn btn-secondary btn-sm", onClick: open }, words.open),
  );
  const table = h(
    "dialog",
    { ref: box, className: "zoom", "aria-label": words.title },
    h(
      "div",
      { className: "flex flex-wrap items-center justify-between gap-4 p-4" },
      h("h2", { className: "text-h2" }, words.title),
      known.at && h("p", { className: "text-meta text-ink2" }, fill(words.since, { time: known.at })),
      h("form", { method: "dialog" }, h("button", { className: "btn btn-secondary btn-sm" }, words.close)),
      h("p", { role: "status", className: "notice notice-glaze w-full empty:hidden" }, isLost ? "" : words.back_again),
    ),
    h(
      "div",
      { className: "zoom-body offline-parts" },
      h(
        "div",
        { className: "grid content-start gap-4" },
        h(List, { unsent, words, chosen, choose: setChosen }),
        isLeft && h(Unsent, { presses: presses.current, unsent, words, isLost }),
      ),
      h(Visitor, { key: chosen, code: chosen, unsent, words, press, owner: props.owner, isHere: chosen === props.code }),
    ),
  );
  return h(
    "div",
    { className: "grid gap-2 empty:hidden" },
    thumb && isShown && createPortal(line, thumb),
    createPortal(table, document.body),
    !isLost && isLeft && h(Unsent, { presses: presses.current, unsent, words, isLost }),
    !unsent.length && hadUnsent && !presses.current?.hasDropped && !isLost && h("p", { role: "status", className: "notice notice-glaze" }, words.all_sent),
  );
}

function List({ unsent, words, chosen, choose }) {
  const { guests, inside, ended } = standing(unsent);
  const kind = ({ code, tile }) => (inside === code ? "now" : ended.has(code) ? "glazed" : tile.kind);
  const meta = ({ code, time, state }) => [time, ended.has(code) ? words.ended : state].filter(Boolean).join("\u00a0· ");
  const row = (one) =>
    h(
      "li",
      { key: one.code },
      h(
        "button",
        {
          type: "button",
          "aria-pressed": chosen === one.code,
          onClick: () => choose(one.code),
          className: `row w-full text-start ${chosen === one.code ? "row-chosen" : ""}`,
        },
        h("span", { className: `tile t-${kind(one)} size-11 shrink-0` }, one.tile.text),
        h(
          "span",
          { className: "row-body" },
          h("span", { className: "row-title block" }, one.name),
          h("span", { className: "row-meta block" }, meta(one)),
        ),
      ),
    );
  return h("ul", { "aria-label": words.list, className: "rows" }, guests.map(row));
}

function Visitor({ code, unsent, words, press, owner, isHere }) {
  const { inside, ended, next, guests } = standing(unsent);
  const guest = guests.find((one) => one.code === code);
  const opened = known.cases.get(code);
  const table = opened?.table;
  if (!code || (!guest && !table)) return h("p", { className: "text-ink2" }, words.no_next);
  const isInside = code === inside || (!known.day && table?.inside && !ended.has(code));
  return h(
    "section",
    { className: "grid content-start gap-4" },
    h("h3", { className: "text-h2" }, guest?.name || table?.name),
    h("p", { className: "text-meta text-ink2" }, table?.line || guest?.line),
    table
      ? h(
          "div",
          { className: "grid gap-2" },
          h("p", { className: "whitespace-pre-line" }, h("strong", null, table.title, ". "), table.text),
          h("p", { className: "text-meta text-ink2" }, table.about),
          table.briefs.map((one, at) => h("p", { key: at, className: "whitespace-pre-line" }, one.by, ": ", one.text)),
          table.earlier.map((one, at) => h("p", { key: `e${at}`, className: "text-meta" }, one.head, ": ", one.line, " ", one.stage)),
        )
      : h("p", { className: "text-ink2" }, h("strong", null, guest.title, ". "), words.not_opened),
    ended.has(code) && h("p", { role: "status", className: "notice notice-glaze" }, words.ended),
    isInside && h(Sheet, { code, opened, words, press, owner, isHere }),
    !isInside && !inside && next?.code === code &&
      h("button", { type: "button", className: "btn btn-primary btn-lg", onClick: () => press("call_in", code) }, words.call_in),
    !isInside && !ended.has(code) && inside &&
      h("p", { className: "text-ink2" }, fill(words.inside, { number: guests.find((one) => one.code === inside)?.tile.text })),
  );
}

// The same sheet as on the page: its text is stored and sent by the same `keeping.js`.
function Sheet({ code, opened, words, press, owner, isHere }) {
  const keeping = useRef(null);
  const [texts, setTexts] = useState(() => ({ ...opened?.texts }));
  const [units, setUnits] = useState(null);
  const [isRefusing, setRefusing] = useState(false);
  const [error, setError] = useState("");
  useEffect(() => {
    const one = (keeping.current = new Keeping(`/ink/${code}`, opened?.page ?? 0, owner, () => {}, () => {}));
    setTexts((now) => ({ ...now, ...one.unsent.words }));
    return () => one.stop();
  }, [code]);

  const write = (name, value) => {
    setTexts((now) => ({ ...now, [name]: value }));
    setError("");
    if (opened) opened.texts[name] = value;
    keeping.current.word(name, value);
  };
  const choices = opened?.table.units ?? [...known.cases.values()][0]?.table.units ?? [];
  const picked = units ?? opened?.units ?? choices.filter((one) => opened && one.suggested).slice(0, 1).map((one) => one.value);
  const pick = (unit) => {
    const now = picked.includes(unit) ? picked.filter((one) => one !== unit) : [...picked, unit];
    if (opened) opened.units = now;
    setUnits(now);
    setError("");
    keeping.current.word("units", now.join(",") || "-");
  };
  const end = () => {
    const isDrawn = isHere && document.querySelector("canvas[data-strokes]:not([data-strokes='0'])");
    if (!texts.text?.trim() && !isDrawn) return setError(words.need_order);
    if (opened && !picked.length) return setError(words.need_unit);
    const { text = "", promise = "" } = texts;
    return press("end", code, { texts: { text, promise }, isDrawn: Boolean(isDrawn) });
  };
  const refuse = () => {
    const { refusal = "" } = texts;
    return refusal.trim() ? press("refuse", code, { texts: { refusal } }) : setError(words.need_reason);
  };

  const line = (name, label) =>
    h(
      "label",
      { className: "grid gap-1" },
      h("span", { className: "font-semibold" }, label),
      h("input", { value: texts[name] ?? "", className: "input", onChange: (event) => write(name, event.target.value) }),
    );
  const area = (name, label, rows) =>
    h(
      "label",
      { className: "grid gap-1" },
      h("span", { className: "font-semibold" }, label),
      h("textarea", {
        rows,
        value: texts[name] ?? "",
        maxLength: words.most,
        "aria-describedby": "offline-error",
        className: "input",
        onChange: (event) => write(name, event.target.value),
      }),
    );
  const wrong = h("p", { id: "offline-error", role: "alert", className: "text-brick font-semibold empty:hidden" }, error);
  if (isRefusing)
    return h(
      "div",
      { className: "grid gap-3" },
      area("refusal", words.refuse_label, 3),
      wrong,
      h(
        "div",
        { className: "flex flex-wrap gap-1" },
        h("button", { type: "button", className: "btn btn-danger", onClick: refuse }, words.refuse_do),
        h("button", { type: "button", className: "btn btn-secondary", onClick: () => setRefusing(false) }, words.back),
      ),
    );
  return h(
    "div",
    { className: "grid gap-3" },
    area("text", words.order, 5),
    h("p", { className: "text-meta text-ink2" }, words.order_hint),
    line("promise", words.promise),
    choices.length > 0 &&
      h(
        "div",
        { role: "group", "aria-label": words.units, className: "grid gap-1" },
        h("p", { className: "font-semibold" }, words.units),
        h(
          "div",
          { className: "chips" },
          choices.map((one) =>
            h(
              "button",
              { key: one.value, type: "button", className: "chip", "aria-pressed": picked.includes(one.value), onClick: () => pick(one.value) },
              one.label,
            ),
          ),
        ),
        h("p", { className: "text-meta text-ink2" }, words.units_hint),
      ),
    wrong,
    h("button", { type: "button", className: "btn btn-primary btn-lg", onClick: end }, words.end),
    h("button", { type: "button", className: "btn btn-secondary", onClick: () => setRefusing(true) }, words.refuse),
  );
}
