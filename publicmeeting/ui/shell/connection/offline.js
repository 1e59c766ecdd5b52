// The line about the connection: above the page's bottom bar, or at the window's edge. On a phone
// it lies over the page. On a page with columns that scroll separately it is in the column with the
// buttons, which makes space for it.
//
// While the connection is lost, every press that needs the server is accepted once. Its button says
// that it waits, and further presses of it do only what needs no server, such as opening a dialog.
// It is carried out when the connection is back: a form is then sent with its current content; a
// plain press is kept in the framework's own queue.

import { createElement as h, useContext, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { EventLoopContext, eventLoop } from "$/utils/context-registry";
import { forget, mark, watchConnection } from "./redelivery.js";
import { isTwice, mayPressAgain } from "./twice.js";

const BARS = ".foot-sticky, .tablet-foot, .decision, .deciding > :last-child";
const FRAMES = ".desk, .tablet";
const MAIN = "#page-text"; // if there is no bar; a narrow desk draws only its list
const LIST = ".desk-list";
const MARGIN = 48; // px from a bar's last button to the window's edge
const AGAIN_MS = 3000;
const SLOW_MS = 1000;
const REPEATS = 1; // of one press: a wrong code that arrives twice costs two of her five attempts
const TYPED = "input:not([type=hidden])";
const NARROW = 128; // px: too narrow for a sentence, which would cover the next button
const SHORT = "…";
const PARTS = ".chip, .row, .tile"; // presses of these are carried out in order, however often
const GONE_ON = "gone on"; // the browser follows the answer, or shows it
const LOST = "lost"; // no answer came
const BROKEN = "broken"; // the server failed
const LATER = "later"; // the server asks for a retry later

const held = new Map(); // button -> the form it sends, or null for a plain press
const queued = new Set(); // parts that were pressed and show it
let isLost = false;
let isPassing = false;
let isWatching = false;
let say = () => {};
let words = "";
let sending = "";
let failed = "";

// If two buttons of one form are pressed, the last one counts: the second of two submissions would
// be refused.
function hold(button, form) {
  const isAgain = held.has(button);
  forget(form ?? button);
  for (const other of [...held.keys()])
    if (button.form && other !== button && other.form === button.form) release(other);
  held.set(button, form);
  if (isAgain) return;
  button.dataset.waits = words;
  button.dataset.name = button.getAttribute("aria-label") ?? "";
  button.setAttribute("aria-label", words);
  say(words);
}

function release(button) {
  const { name } = button.dataset;
  if (name) button.setAttribute("aria-label", name);
  else button.removeAttribute("aria-label");
  delete button.dataset.waits;
  delete button.dataset.name;
  held.delete(button);
}

// On a slow line, nothing else shows for seconds that a press was accepted.
function showSlow(button, isSlow) {
  const isFree = !button.dataset.waits && button.getAttribute("aria-busy") !== "true";
  if (isSlow ? !isFree : ![sending, SHORT].includes(button.dataset.waits)) return;
  if (isSlow) button.dataset.waits = button.offsetWidth < NARROW ? SHORT : sending;
  else delete button.dataset.waits;
  say(isSlow ? sending : "");
}

function send(button, form) {
  release(button);
  if (!form?.isConnected) return;
  isPassing = true;
  form.requestSubmit(button.isConnected ? button : undefined);
  isPassing = false;
}

// The framework's own events, such as the one that opens a dialog, run in the browser.
const isOfServer = (event) => event?.name && !event.name.startsWith("_");
const needsServer = (events) => [events].flat(Infinity).some(isOfServer);

function showQueued(part) {
  if (!part) return;
  part.dataset.waits = words;
  queued.add(part);
  say(words);
}

function carryOut() {
  say("");
  for (const part of queued) delete part.dataset.waits;
  queued.clear();
  for (const [button, form] of [...held]) send(button, form);
}

// Every event of the page passes here, so that presses that need the server are known without a
// list of buttons.
function watchPresses() {
  if (isWatching) return;
  isWatching = true;
  let ask = eventLoop.addEvents;
  const take = (...all) => {
    const press = window.event;
    const submits = press?.type === "submit";
    const pressed = submits ? press.submitter : press?.type === "click" && press.target.closest?.(".btn");
    mark(all[0], submits ? press.target : pressed, submits ? pressed : press?.target?.closest?.("button"));
    if (!isLost || isPassing || !needsServer(all[0])) return ask(...all);
    if (!pressed) {
      if (press?.type === "click") showQueued(press.target.closest?.(PARTS));
      return ask(...all);
    }
    const isAgain = held.has(pressed);
    // A button may have an event of its own and send a form as well. Both are carried out.
    if (!isAgain || submits) hold(pressed, submits ? press.target : null);
    if (submits) return undefined;
    if (!isAgain) return ask(...all);
    const [events, ...more] = all;
    const own = [events].flat(Infinity).filter((event) => !isOfServer(event));
    return own.length ? ask(own, ...more) : undefined;
  };
  Object.defineProperty(eventLoop, "addEvents", { get: () => take, set: (next) => (ask = next) });
}

const answers = () => fetch("/live", { cache: "no-store" }).then(() => true, () => false);
const rest = () => new Promise((then) => setTimeout(then, AGAIN_MS));

// The browser would replace the page, and what was typed, with its own error page. If only the
// socket is lost and pages can still be loaded, the form is sent at once.
async function keepForm(event) {
  const { target: form, submitter: button } = event;
  if (isPassing || event.defaultPrevented || form.method !== "post" || !button) return;
  const isThere = !isLost && navigator.onLine;
  const isTyped = form.querySelector(TYPED) !== null;
  if (isThere && isTwice(event)) return event.preventDefault();
  if (isThere && !isTyped) return;
  event.preventDefault();
  if (held.has(button)) return;
  report("");
  let answer = isThere ? await post(form, button) : LOST;
  for (let left = isThere ? REPEATS : REPEATS + 1; answer !== GONE_ON; left -= 1) {
    if (!left || answer === LATER) return giveUp(button);
    if (answer === BROKEN) await showWaiting(button, rest());
    else if (!(await waitForNetwork(form, button))) return;
    if (!isTyped) return send(button, form);
    if (!form.isConnected) return;
    answer = await post(form, button);
  }
}

// Resolves to false if another button of the form was pressed meanwhile.
async function waitForNetwork(form, button) {
  hold(button, form);
  while (!(await answers()) && held.has(button)) await rest();
  const isHeld = held.has(button);
  if (isHeld) release(button);
  say("");
  return isHeld;
}

async function showWaiting(button, wait) {
  showSlow(button, true);
  await wait;
  showSlow(button, false);
}

function report(sentence) {
  const place = document.getElementById("trouble");
  if (place) place.textContent = sentence;
}

// The page and what was typed stay, and the button can be pressed again at once.
function giveUp(button) {
  showSlow(button, false);
  mayPressAgain();
  report(failed);
}

// The page is left only after the answer. A redirect says where to go; any other answer, such as
// the page of a proof of work, is shown by the browser. The connection may fail while the answer
// arrives, so every form may arrive twice, and both arrivals lead to the same page.
async function post(form, button) {
  const slow = setTimeout(showSlow, SLOW_MS, button, true);
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.append(button.name, button.value);
  const enough = new AbortController();
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: enough.signal });
    enough.abort(); // navigation loads the page itself
    const { redirected, url, status, headers } = answer;
    if (!redirected && headers.has("Retry-After")) return LATER;
    if (!redirected && status >= 500) return BROKEN;
    if (redirected) location.assign(url);
    else send(button, form);
    return GONE_ON;
  } catch {
    return LOST;
  } finally {
    clearTimeout(slow);
  }
}

function comesBack() {
  mayPressAgain();
  for (const button of document.querySelectorAll("[data-waits]")) showSlow(button, false);
}

// A text is saved at a pause in typing. If the page is hidden or left before the pause, the text is
// saved as if the field lost the focus.
function saveTyped() {
  const typing = document.activeElement;
  if (typing?.matches("input, textarea"))
    typing.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

const saveIfHidden = () => document.hidden && saveTyped();

// If a decision's form is open, its bar is inside the form. Older browsers have no selector for
// that.
const boxes = (selector) =>
  [...document.querySelectorAll(selector)]
    .filter((one) => !one.matches(".decision") || !one.querySelector(".deciding"))
    .map((one) => one.getBoundingClientRect())
    .filter((box) => box.height);

// Officials' frames are either grids of the window's height or scroll as a whole.
function hasColumns() {
  const frame = document.querySelector(FRAMES);
  return frame !== null && getComputedStyle(frame).display === "grid";
}

function place(stack) {
  const edge = window.innerHeight;
  const inColumn = hasColumns();
  const bars = boxes(BARS)
    .filter((bar) => bar.bottom > edge - MARGIN && (inColumn || bar.top > edge / 2))
    .sort((one, other) => one.top - other.top);
  const top = bars.length ? bars[0].top : edge;
  const column = inColumn ? (bars[0] ?? boxes(MAIN)[0] ?? boxes(LIST)[0]) : undefined;
  const seen = window.visualViewport;
  const typing = seen?.scale === 1 ? edge - seen.offsetTop - seen.height : 0;
  const height = stack.getBoundingClientRect().height;
  const look = document.documentElement.style;
  look.setProperty("--lift", `${Math.max(edge - top, typing)}px`);
  look.setProperty("--thumb", `${height}px`);
  const wide = document.documentElement.clientWidth;
  stack.classList.toggle("in-column", column !== undefined);
  look.setProperty("--column-start", column ? `${wide - column.right}px` : "");
  look.setProperty("--column-end", column ? `${column.left}px` : "");
  return height;
}

function uncover(stack) {
  const focused = document.activeElement;
  if (!focused?.matches("input, textarea, select, button, a")) return;
  const over = stack.getBoundingClientRect();
  const under = focused.getBoundingClientRect();
  if (over.height && under.bottom > over.top && under.top < over.bottom)
    focused.scrollIntoView({ block: "center" });
}

export function AtThumb({ waits, sends, fails, children }) {
  const [trouble, line] = children;
  const stack = useRef(null);
  const lost = useContext(EventLoopContext)[1].length > 0;
  const [said, setSaid] = useState("");
  const { pathname } = useLocation();

  // The next page has neither the form nor what was typed.
  useEffect(() => {
    if (document.getElementById("trouble")?.textContent === fails) report("");
  }, [pathname]);

  useEffect(() => {
    words = waits;
    sending = sends;
    failed = fails;
    say = setSaid;
    watchPresses();
    watchConnection(showSlow);
    document.addEventListener("submit", keepForm);
    window.addEventListener("pageshow", comesBack);
    document.addEventListener("visibilitychange", saveIfHidden);
    // Captured, so that it runs before the framework closes its socket.
    window.addEventListener("pagehide", saveTyped, { capture: true });
    return () => document.removeEventListener("submit", keepForm);
  }, []);

  useEffect(() => {
    const had = isLost;
    isLost = lost;
    if (had && !lost) carryOut();
  }, [lost]);

  useEffect(() => {
    const one = stack.current;
    let height = 0;
    const follow = () => {
      const before = height;
      height = place(one);
      if (height > before) uncover(one);
    };
    // In the next animation frame: moving it into its column changes its own size, which a
    // ResizeObserver reports as an error within the same frame.
    const sizes = new ResizeObserver(() => requestAnimationFrame(follow));
    sizes.observe(one);
    const move = () => height && follow();
    const focus = () => height && requestAnimationFrame(() => uncover(one));
    document.addEventListener("scroll", move, { capture: true, passive: true });
    document.addEventListener("focusin", focus);
    window.addEventListener("resize", move);
    window.visualViewport?.addEventListener("resize", move);
    return () => {
      sizes.disconnect();
      document.removeEventListener("scroll", move, { capture: true });
      document.removeEventListener("focusin", focus);
      window.removeEventListener("resize", move);
      window.visualViewport?.removeEventListener("resize", move);
    };
  }, []);

  return h(
    "div",
    { ref: stack, className: "at-thumb no-print" },
    trouble,
    h("div", { role: "status" }, lost && line),
    h("div", { role: "status", className: "sr-only" }, said),
  );
}
