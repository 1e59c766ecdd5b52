// The sheet for handwriting: strokes in pixels of the sheet, drawn sharply on any screen. With an
// `action` every stroke is saved as it is written; with a `name` all strokes are a field of a form.

import { createElement as h, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Hand } from "./hand.js";
import { Keeping, holdUntilKept, keepWords, putWords } from "./keeping.js";
import { isOnlyInMemory } from "./shelf.js";
import { countDots, drawStroke, inkText, lowest, touches } from "./strokes.js";

const RUBBER = 14; // radius of the eraser, in pixels of the sheet
const MORE = 3; // lines
const UNDER = 44; // pixels of the screen for the controls below the lines
const BEGINS = 3000; // milliseconds in which the server says that it issues what was sent

const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (n) => n.toString(16).padStart(2, "0")).join("");

const sign = (name) =>
  h("svg", { className: "icon icon-sm shown", "aria-hidden": "true" }, h("use", { href: `#i-${name}` }));

const filled = (strokes, line) => Math.floor(lowest(strokes) / line) + 1;

// As many lines as are visible under the letterhead, if the paper scrolls by itself.
function fitting(canvas, line, width) {
  const view = canvas.closest("[role=region]");
  if (!view || !canvas.clientWidth) return 0;
  const room = view.getBoundingClientRect().bottom - canvas.getBoundingClientRect().top - UNDER;
  return Math.floor((room * width) / canvas.clientWidth / line);
}

// The strokes of one sheet and its undo history; survives redrawing of the page.
function newSheet() {
  return { strokes: [], done: [], current: null, drawn: 0, rubbed: null, tool: "blue" };
}

export function InkPad(props) {
  const { action, page, width, line, nib, lines, deepest, most } = props;
  const { tools, form, end, name, start, words } = props;
  // A sheet whose owner is not known yet is not written on: the next official could send its ink.
  const live = props.live && (!action || Boolean(props.owner));
  const [, setTick] = useState(0);
  const [high, setHigh] = useState(lines);
  const [status, setStatus] = useState("");
  const [held, setHeld] = useState(false);
  const [error, setError] = useState("");
  const [lost, setLost] = useState(""); // why nothing reaches the server; shown in every way of writing
  const [place, setPlace] = useState(null);
  const [isSent, setSent] = useState(false); // the form, a moment ago
  const isIssuing = isSent || Boolean(props.busy);
  const canvas = useRef(null);
  const box = useRef(null);
  const keeping = useRef(null);
  const sheet = useRef(null);
  if (!sheet.current) sheet.current = newSheet();
  const size = useRef([width, lines * line]);
  // A sheet that is not being written on is as high as on the composed sheet.
  size.current = [width, (live ? high : filled(sheet.current.strokes, line)) * line];
  const callback = useRef(null);
  callback.current = props.onChange; // the input keeps the callbacks of the first drawing
  const redraw = () => setTick((tick) => tick + 1);

  function brush() {
    const at = canvas.current;
    const context = at.getContext("2d");
    const scale = at.width / width;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const roles = getComputedStyle(at);
    const colour = (role) => roles.getPropertyValue(role).trim();
    return { context, colours: { blue: colour("--pen"), black: colour("--paperink") }, rule: colour("--paperline") };
  }

  // Redraws everything: ruled lines first, then the strokes in order.
  function paint() {
    const at = canvas.current;
    if (!at || !at.clientWidth) return;
    const dense = Math.min(window.devicePixelRatio || 1, 3);
    const across = Math.round(at.clientWidth * dense);
    const down = Math.round((across * size.current[1]) / width);
    if (at.width !== across || at.height !== down) [at.width, at.height] = [across, down];
    const { context, colours, rule } = brush();
    context.clearRect(0, 0, ...size.current);
    context.fillStyle = rule;
    for (let y = line; y <= size.current[1]; y += line) context.fillRect(0, y - 2, width, 2);
    for (const one of sheet.current.strokes) drawStroke(context, one, nib, colours[one.colour]);
    sheet.current.drawn = 0;
  }

  const changed = () => {
    redraw();
    if (callback.current) callback.current(sheet.current.strokes.length);
  };

  function take(strokes, saved = true) {
    sheet.current.strokes.push(...strokes);
    if (!saved) keeping.current?.add(strokes);
  }

  function drop(strokes) {
    setError("");
    const gone = new Set(strokes.map((one) => one.id));
    sheet.current.strokes = sheet.current.strokes.filter((one) => !gone.has(one.id));
    keeping.current?.drop([...gone]);
  }

  // What happens when the hand uses the pen or the eraser.
  const acts = {
    begin(dot, turned) {
      const now = sheet.current;
      setStatus("");
      if (turned || now.tool === "rubber") {
        now.rubbed = { at: dot, gone: [] };
        return acts.rub(dot);
      }
      if (countDots(now.strokes) >= most) return setError(words.full);
      now.current = { id: newId(), colour: now.tool, dots: [dot] };
      now.drawn = 0;
    },
    move(dots) {
      const now = sheet.current;
      if (now.rubbed) return dots.forEach(acts.rub);
      if (!now.current) return;
      now.current.dots.push(...dots);
      const { context, colours } = brush();
      now.drawn = drawStroke(context, now.current, nib, colours[now.current.colour], now.drawn, false);
    },
    rub(dot) {
      const { rubbed, strokes } = sheet.current;
      const hit = strokes.filter((one) => touches(one, rubbed.at, dot, RUBBER));
      rubbed.at = dot;
      if (!hit.length) return;
      rubbed.gone.push(...hit);
      drop(hit);
      paint();
    },
    end() {
      const now = sheet.current;
      if (now.rubbed) {
        if (now.rubbed.gone.length) now.done.push({ back: now.rubbed.gone });
        now.rubbed = null;
        return changed();
      }
      if (!now.current) return;
      const one = now.current;
      const { context, colours } = brush();
      drawStroke(context, one, nib, colours[one.colour], now.drawn);
      now.current = null;
      now.done.push({ away: [one] });
      take([one], false);
      changed();
    },
    cancel() {
      sheet.current.current = null;
      if (sheet.current.rubbed) acts.end();
      paint();
    },
    rests: () => setStatus(words.rests),
  };

  // The city adds no erased stroke again, because its request may arrive after the erasing. So it is
  // a new stroke, also in what can still be undone.
  function putBack(strokes) {
    const fresh = new Map(strokes.map((one) => [one.id, { ...one, id: newId() }]));
    const renewed = (list) => list?.map((one) => fresh.get(one.id) ?? one);
    for (const one of sheet.current.done) Object.assign(one, { away: renewed(one.away), back: renewed(one.back) });
    take([...fresh.values()], false);
  }

  function undo() {
    const last = sheet.current.done.pop();
    if (!last) return;
    if (last.away) drop(last.away);
    else putBack(last.back);
    paint();
    changed();
  }

  function pick(tool) {
    sheet.current.tool = tool;
    redraw();
  }

  function grow() {
    setHigh((now) => Math.min(now + MORE, deepest));
    setTimeout(() => box.current?.lastElementChild?.scrollIntoView({ block: "end" }), 50);
  }

  // What has been written here before the server answered stays, as does the stroke that the pen
  // is writing now.
  function lay(strokes) {
    sheet.current.strokes = strokes;
    const room = action ? fitting(canvas.current, line, width) : 0;
    const more = strokes.length && filled(strokes, line) + 1;
    setHigh((now) => Math.min(Math.max(lines, room, now, more), deepest));
    repaint();
  }

  function repaint() {
    paint();
    if (sheet.current.current) acts.move([]);
    changed();
  }

  // The sheet is being left while the pen writes: what it has written is stored for this sheet.
  function leave() {
    const { current } = sheet.current;
    sheet.current.current = null;
    if (current) take([current], false);
  }

  // The same sheet was changed in another tab or on another device. What is being written here
  // continues, and undo still works.
  function show(strokes) {
    sheet.current.strokes = strokes;
    setHigh((now) => Math.max(now, Math.min(strokes.length && filled(strokes, line) + 1, deepest)));
    repaint();
  }

  function follow({ add, drop, words: typed }) {
    const gone = new Set([...drop, ...add.map((one) => one.id)]);
    show([...sheet.current.strokes.filter((one) => !gone.has(one.id)), ...add]);
    putWords(typed);
  }

  useEffect(() => {
    const hand = new Hand(canvas.current, () => size.current, acts);
    const seen = new ResizeObserver(() => requestAnimationFrame(paint)); // its height follows its width
    seen.observe(canvas.current);
    setPlace(document.getElementById(tools));
    return () => {
      hand.rest();
      seen.disconnect();
    };
  }, []);

  // The order has the texts that were pressed. Until the answer nothing is typed into them, because
  // it would be on no order.
  useEffect(() => {
    if (!isIssuing) return undefined;
    const fields = props.saved.flatMap((field) => [...document.getElementsByName(field)]);
    const open = fields.filter((one) => !one.readOnly);
    for (const one of open) one.readOnly = true;
    return () => open.forEach((one) => (one.readOnly = false));
  }, [isIssuing]);

  useEffect(() => setSent(false), [props.busy]);

  useEffect(() => {
    if (!form) return undefined;
    let watch;
    const sent = ({ target }) => {
      if (target.id !== form) return;
      setSent(true);
      clearTimeout(watch);
      watch = setTimeout(setSent, BEGINS, false); // a lost press must not close the fields
    };
    document.addEventListener("submit", sent);
    return () => {
      document.removeEventListener("submit", sent);
      clearTimeout(watch);
    };
  }, [form]);

  useEffect(paint, [high, live]);

  // Drawn for the first time: before this it has no width.
  useEffect(() => {
    if (live && action) setHigh((now) => Math.max(now, fitting(canvas.current, line, width)));
  }, [live]);

  // Scrolls the part being worked on into view, but not at first, when the sheet starts at its
  // head.
  const shown = useRef(props.way);
  useEffect(() => {
    if (shown.current && props.way !== shown.current) {
      document.getElementById(`part-${props.way}`)?.scrollIntoView({ block: "nearest" });
    }
    shown.current = props.way;
  }, [props.way]);

  useEffect(() => {
    Object.assign(sheet.current, newSheet(), { tool: sheet.current.tool });
    if (!action) return lay(start ? JSON.parse(start).strokes.map((one) => ({ ...one, id: newId() })) : []);
    repaint(); // nothing of another sheet stays in sight while the server is asked for this one
    if (!props.owner) return undefined;
    const report = ({ state, error: wrong }) => {
      if (state === "waiting") setStatus(isOnlyInMemory() ? words.unstored : words.waiting);
      else if (state !== undefined) setStatus((now) => ([words.waiting, words.unstored].includes(now) ? "" : now));
      if (state !== undefined) setLost(state === "lost" ? wrong || "" : "");
      if (wrong !== undefined && state !== "lost") setError(wrong || "");
    };
    const kept = (keeping.current = new Keeping(action, page, props.owner, report, follow));
    kept.open().then((strokes) => kept.alive && lay(strokes ?? kept.over([])));
    // If the session has ended meanwhile, what is written stays in sight: who does not see it writes
    // it again.
    const back = () => !document.hidden && kept.open().then((strokes) => kept.alive && strokes && show(strokes));
    document.addEventListener("visibilitychange", back);
    window.addEventListener("pagehide", leave);
    const loose = [
      holdUntilKept(form, end, kept, setHeld),
      keepWords(kept, props.saved),
      () => document.removeEventListener("visibilitychange", back),
      () => window.removeEventListener("pagehide", leave),
    ];
    return () => {
      leave();
      kept.stop();
      loose.forEach((one) => one());
    };
  }, [action, page, props.owner, start]);

  const { strokes, done, tool } = sheet.current;
  const kinds = ["blue", "black", "rubber"].map((kind) =>
    h(
      "button",
      { key: kind, type: "button", "aria-pressed": tool === kind, onClick: () => pick(kind), className: "chip ink-tool" },
      kind !== "rubber" && h("span", { className: `ink-drop ink-${kind}`, "aria-hidden": "true" }),
      words[kind],
    ),
  );
  const bar = h(
    "div",
    { key: "tools", role: "group", "aria-label": words.tools, className: "flex gap-1", hidden: !live },
    kinds,
    h(
      "button",
      { type: "button", "aria-label": words.undo, "aria-disabled": !done.length, onClick: undo, className: "chip ink-tool" },
      sign("undo"),
    ),
  );
  const shownLine = held ? words[held] : lost || (isIssuing ? words.issuing : "");
  const text = name ? inkText(strokes, width, line) : "";
  return h(
    "div",
    { ref: box, className: "ink", hidden: !live && !strokes.length },
    place && createPortal([bar, h("p", { key: "held", role: "status", className: "ink-held" }, shownLine)], place),
    h("canvas", {
      ref: canvas,
      dir: "ltr",
      role: "img",
      "aria-label": strokes.length ? words.written : words.empty,
      "data-live": live ? "" : undefined,
      "data-strokes": strokes.length,
    }),
    name && h("input", { type: "hidden", name, value: text, form, readOnly: true }),
    h(
      "div",
      { className: "ink-under" },
      h("p", { role: "status" }, status),
      error && h("p", { role: "alert", className: "text-brick" }, error),
      live && action && high < deepest && h("button", { type: "button", onClick: grow, className: "btn btn-quiet" }, sign("plus"), words.more),
    ),
  );
}
