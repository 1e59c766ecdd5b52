// The button to audit the whole log, its progress, and its report in plain sentences.

import { createElement as h, useEffect, useRef, useState } from "react";
import { tick } from "./outcome.js";
import { believe, fetching, kept, storage } from "./phone.js";
import { fill, sentence } from "./words.js";

const SAID = 12;
const NOTES = [
  "cosigned_late", "unwitnessed", "late", "silent", "value_disputed", "no_late_value",
];

export function WholeLog({ texts, breaks }) {
  const [at, setAt] = useState(null);
  const [report, setReport] = useState(null);
  const [trouble, setTrouble] = useState("");
  const running = useRef(null);
  const head = useRef(null);

  useEffect(() => () => running.current?.terminate(), []);

  async function start() {
    setTrouble("");
    setReport(null);
    setAt({ done: 0, size: 0 });
    const worker = new Worker(new URL("./audit_worker.js", import.meta.url), { type: "module" });
    running.current = worker;
    worker.onmessage = ({ data }) => {
      if (data.report && !faultsOf(data.report).length) believe(storage(), data.report.witnesses);
      if (data.report) end({ report: data.report });
      else if (data.fault) end({ fault: data.fault });
      else setAt(data);
    };
    worker.onerror = () => end({ fault: "offline" });
    try {
      const fetcher = fetching();
      const now = await fetcher.json("/verify/now.json");
      const note = new TextDecoder().decode(await fetcher.get("/log/checkpoint"));
      worker.postMessage({ now, note, before: kept(storage()) }); // a stopped one does nothing
    } catch {
      if (running.current === worker) end({ fault: "offline" });
    }
  }

  function end({ report: found, fault }) {
    running.current?.terminate();
    running.current = null;
    setAt(null);
    if (fault) setTrouble(breaks[fault] ? sentence(breaks, { code: fault }) : texts.offline);
    if (found) {
      setReport(found);
      setTimeout(() => head.current?.focus(), 0);
    }
  }

  return h(
    "div",
    { className: "grid gap-4" },
    at
      ? h(
          "div",
          { className: "grid gap-2" },
          h("progress", { className: "w-full", value: at.done, max: at.size || 1, "aria-label": texts.whole }),
          h("p", { role: "status" }, fill(texts.wholeAt, at)),
          h("button", { type: "button", className: "btn btn-quiet", onClick: () => end({}) },
            h("span", null, texts.wholeStop)),
        )
      : h("button", { type: "button", className: "btn btn-secondary", onClick: start },
          h("span", null, texts.wholeAsk)),
    h("div", { role: "alert" },
      trouble && h("p", { className: "notice notice-brick" }, h("b", null, trouble))),
    report && h(Report, { report, texts, breaks, head }),
  );
}

const faultsOf = ({ found }) => found.filter(({ code }) => !NOTES.includes(code));

function Report({ report, texts, breaks, head }) {
  const { size, found, figures } = report;
  const faults = faultsOf(report);
  const notes = found.filter(({ code }) => NOTES.includes(code));
  const facts = { size, count: faults.length };
  return h(
    "section",
    { className: "grid gap-4" },
    h("h3", { className: "text-h2", tabIndex: -1, ref: head },
      fill(faults.length ? texts.wholeWrong : texts.wholeFine, facts)),
    faults.length > 0 &&
      h("div", { className: "notice notice-brick" }, h("b", null, texts.failedWhy), lines(faults, texts, breaks)),
    h("div", { className: "sheet" },
      h("div", null, h("h4", { className: "text-h3" }, texts.wholeFigures), h("ul", { className: "rows" },
        figure(texts.seatsLine, figures.line), figure(texts.seatsDebt, figures.debt),
        figure(texts.seatsLane, figures.lane), figure(texts.carried, figures.carried),
        figure(texts.undone, figures.undone))),
      Object.keys(figures.debts).length > 0 &&
        h("div", null, h("h4", { className: "text-h3" }, texts.debts), h("ul", { className: "rows" },
          Object.entries(figures.debts).map(([cause, count]) => figure(texts.debtWhy[cause] || cause, count))))),
    notes.length > 0 &&
      h("details", null, h("summary", { className: "disclosure link" }, texts.wholeNotes), lines(notes, texts, breaks)),
    h("ul", { className: "rows" }, tick(!faults.length, texts.seal, fill(texts.wholeAt, { done: size, size }))),
  );
}

const lines = (found, texts, breaks) =>
  h("ul", { className: "mt-2 grid gap-1" },
    found.slice(0, SAID).map((one, at) => h("li", { key: at, className: "break-words" }, sentence(breaks, one))),
    found.length > SAID && h("li", null, fill(texts.wholeMore, { count: found.length - SAID })));

const figure = (title, count) =>
  h("li", { key: title }, h("div", { className: "row row-static" },
    h("span", { className: "row-body" }, title), h("b", null, fill("{count}", { count }))));

