// Lists what this tablet has still to send and what the server has refused: the reason, what was
// written for it, and how to copy or print it. Nothing is deleted here without a question.

import { createElement as h, useState } from "react";
import { CALL_IN } from "../../ink/pad/keeping.js";
import { NOT_HIS, isOvertaken } from "./presses.js";

export const persian = (text) => String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
export const fill = (pattern, facts) => pattern.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

const NIB = 4; // pixels of the sheet
const ROUND = 20;

// The strokes of one press in their own frame: a bounding box, and for each stroke its path and
// colour.
export function drawing(strokes) {
  const dots = strokes.flatMap((one) => one.dots);
  const [left, top] = [0, 1].map((at) => Math.min(...dots.map((dot) => dot[at])) - ROUND);
  const [right, bottom] = [0, 1].map((at) => Math.max(...dots.map((dot) => dot[at])) + ROUND);
  const ways = strokes.map(({ colour, dots: [first, ...rest] }) => ({
    className: `ink-stroke ink-stroke-${colour}`,
    d: `M${first[0]} ${first[1]}` + (rest.length ? rest : [first]).map(([x, y]) => `L${x} ${y}`).join(""),
  }));
  return { viewBox: [left, top, right - left, bottom - top].join(" "), width: right - left, ways };
}

function Drawing({ strokes, label }) {
  const { viewBox, width, ways } = drawing(strokes);
  return h(
    "svg",
    { viewBox, role: "img", "aria-label": label, className: "ink-left", style: { width: `min(100%, ${width / 2}px)` } },
    ways.map(({ className, d }, at) => h("path", { key: at, className, d, strokeWidth: NIB })),
  );
}

// The lines of one press, as they are shown, copied and printed.
function linesOf({ act, code, number, texts, isDrawn, strokes }, words) {
  const written = Object.entries(texts ?? {}).filter(([name, text]) => words.written[name] && text?.trim());
  return [
    number ? fill(words.line, { number, act: words.acts[act] }) : words.acts[act],
    fill(words.code, { code: persian(code) }),
    ...written.map(([name, text]) => `${words.written[name]}: ${text}`),
    ...(isDrawn || strokes?.length ? [strokes?.length ? words.drawn_here : words.drawn] : []),
  ];
}

// True if the text is in the clipboard. Otherwise it is selected, so that the user can copy it.
async function copy(lines, shown) {
  try {
    await navigator.clipboard.writeText(lines.join("\n"));
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return false;
  }
}

// The same drawing as markup, for use outside the page's own elements.
function drawn(strokes) {
  const { viewBox, width, ways } = drawing(strokes);
  const make = (kind, marks) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", kind);
    for (const [name, value] of Object.entries(marks)) one.setAttribute(name, value);
    return one;
  };
  const box = make("svg", { viewBox, class: "ink-left", style: `width: min(100%, ${width / 2}px)` });
  box.append(...ways.map(({ className, d }) => make("path", { class: className, d, "stroke-width": NIB })));
  return box;
}

// Prints only this, in the page's own font.
function print(title, presses) {
  const paper = document.createElement("section");
  paper.className = "leftover";
  const add = (kind, text) => {
    const line = document.createElement(kind);
    line.textContent = text;
    paper.append(line);
  };
  add("h1", title);
  for (const { lines: [head, ...written], strokes } of presses) {
    add("h2", head);
    for (const text of written) add("p", text);
    if (strokes?.length) paper.append(drawn(strokes));
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

const onPaper = (one, words) => ({ lines: linesOf(one, words), strokes: one.strokes });

// The question before deletion: what happens to the text written for this press.
function sureOf(one, words) {
  if (one.act === CALL_IN) return words.sure_call;
  return isOvertaken(one) || NOT_HIS.includes(one.key) ? words.sure : words.sure_stays;
}

function Press({ one, presses, words, isLost, isStopped }) {
  const [isAsking, setAsking] = useState(false);
  const [copied, setCopied] = useState("");
  const lines = linesOf(one, words);
  const isSending = presses.sending === one.at && !isLost;
  const state = isSending ? words.sending : one.words ? words.refused : words.waiting;
  const isShown = isStopped || isOvertaken(one);
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
    { role: "group", "aria-label": sureOf(one, words), className: "grid gap-2" },
    h("p", { role: "alert" }, sureOf(one, words)),
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
    one.words && !isOvertaken(one) && quiet(words.again, () => presses.send()),
    quiet(words.copy, take),
    quiet(words.print, () => print(words.paper, [onPaper(one, words)])),
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
      isShown && written.map((line) => h("p", { key: line, className: "whitespace-pre-line break-words" }, line)),
      isShown && one.strokes?.length > 0 && h(Drawing, { strokes: one.strokes, label: words.drawn_here }),
    ),
    h("p", { className: one.words ? "text-brick" : "text-meta text-ink2" }, one.words ? `${state}. ${one.words}` : state),
    one.isCut && !isSending && h("p", { className: "text-meta" }, words.again_without),
    !isSending && (isAsking ? asked : ways),
    h("p", { role: "status", className: "text-meta empty:hidden" }, copied),
  );
}

export function Unsent({ presses, unsent, words, isLost }) {
  const others = presses.others();
  const first = unsent.find((one) => !isOvertaken(one));
  const waits = first?.words ? words.stopped : first ? words.unsent_lead : words.overtaken;
  const lead = presses.lost ? words[presses.lost === "other_official" ? "other" : "lost"] : waits;
  const isStopped = Boolean(presses.lost || first?.words);
  const all = () => print(words.paper, unsent.map((one) => onPaper(one, words)));
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
        unsent.map((one) => h(Press, { key: one.at, one, presses, words, isLost, isStopped })),
      ),
    unsent.length > 1 && h("div", null, quiet(words.print_all, all)),
    others > 0 && h("p", { role: "status", className: "notice notice-neutral" }, fill(words.others, { count: persian(others) })),
  );
}
