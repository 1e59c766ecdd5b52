// What is still to be sent from this tablet, and what the city has not taken: why, what was written for
// it, and how it is carried away on paper or by hand. Nothing goes from here without being asked about.

import { createElement as h, useState } from "react";

const persian = (text) => String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
const fill = (pattern, facts) => pattern.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

// The lines of one press, as they are shown, copied and printed.
export function linesOf({ act, code, number, texts, isDrawn }, words) {
  const written = Object.entries(texts ?? {}).filter(([, text]) => text?.trim());
  return [
    fill(words.line, { number, act: words.acts[act] }),
    fill(words.code, { code: persian(code) }),
    ...written.map(([name, text]) => `${words.written[name]}: ${text}`),
    ...(isDrawn ? [words.drawn] : []),
  ];
}

// True where it lies in the clipboard; else it is selected, to be copied by hand.
async function copy(lines, shown) {
  try {
    await navigator.clipboard.writeText(lines.join("\n"));
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return false;
  }
}

// Alone on the paper, in the page's own letters.
function print(title, presses) {
  const paper = document.createElement("section");
  paper.className = "leftover";
  const add = (kind, text) => {
    const line = document.createElement(kind);
    line.textContent = text;
    paper.append(line);
  };
  add("h1", title);
  for (const [head, ...written] of presses) {
    add("h2", head);
    for (const text of written) add("p", text);
  }
  document.body.append(paper);
  document.body.classList.add("prints-leftover");
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("prints-leftover");
    paper.remove();
  }, { once: true });
  window.print();
}

const quiet = (label, onClick, look = "btn-secondary") =>
  h("button", { type: "button", className: `btn ${look} btn-sm`, onClick }, label);

function Press({ one, at, presses, words, isLost, isStopped }) {
  const [isAsking, setAsking] = useState(false);
  const [copied, setCopied] = useState("");
  const lines = linesOf(one, words);
  const state = one.words ? words.refused : at || isLost || !presses.running ? words.waiting : words.sending;
  const take = async (event) => {
    const shown = event.currentTarget.closest("li").querySelector("[data-written]");
    setCopied((await copy(lines, shown)) ? words.copied : words.copy_by_hand);
  };
  const drop = () => {
    presses.drop(one, true);
    presses.send();
  };
  const asked = h(
    "div",
    { role: "group", "aria-label": words.sure, className: "grid gap-2" },
    h("p", { role: "alert" }, words.sure),
    h(
      "div",
      { className: "flex flex-wrap gap-2" },
      quiet(words.drop, drop, "btn-danger"),
      quiet(words.no, () => setAsking(false)),
    ),
  );
  const ways = h(
    "div",
    { className: "flex flex-wrap gap-2" },
    one.words && quiet(words.again, () => presses.send()),
    quiet(words.copy, take),
    quiet(words.print, () => print(words.paper, [lines])),
    quiet(words.drop, () => setAsking(true), "btn-quiet"),
  );
  const [head, ...written] = lines;
  return h(
    "li",
    { className: "row row-static flex flex-col items-stretch gap-2" },
    h(
      "div",
      { "data-written": "", className: "grid gap-1" },
      h("p", { className: "font-semibold" }, head),
      isStopped && written.map((line) => h("p", { key: line, className: "whitespace-pre-line break-words" }, line)),
    ),
    h("p", { className: one.words ? "text-brick" : "text-meta text-ink2" }, one.words ? `${state}. ${one.words}` : state),
    isStopped && (isAsking ? asked : ways),
    h("p", { role: "status", className: "text-meta empty:hidden" }, copied),
  );
}

export function Unsent({ presses, unsent, words, isLost }) {
  const others = presses.others();
  const waits = unsent[0]?.words ? words.stopped : words.unsent_lead;
  const lead = presses.lost ? words[presses.lost === "other_official" ? "other" : "lost"] : waits;
  const isStopped = Boolean(presses.lost || unsent[0]?.words);
  const all = () => print(words.paper, unsent.map((one) => linesOf(one, words)));
  const count = fill(words.unsent, { count: persian(unsent.length) });
  return h(
    "section",
    { "aria-label": words.unsent_title, className: "grid gap-1" },
    unsent.length > 0 && h("p", { role: "status", className: "font-semibold" }, count),
    unsent.length > 0 && h("p", { className: "text-meta text-ink2" }, lead),
    unsent.length > 0 &&
      h(
        "ol",
        { className: "rows" },
        unsent.map((one, at) => h(Press, { key: one.at, one, at, presses, words, isLost, isStopped })),
      ),
    isStopped && unsent.length > 1 && h("div", null, quiet(words.print_all, all)),
    others > 0 && h("p", { role: "status", className: "notice notice-neutral" }, fill(words.others, { count: persian(others) })),
  );
}
