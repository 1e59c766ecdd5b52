// The keyboard of a desk. A digit presses the button of its action, "/" moves to the search field,
// arrow down from there to the first line found, j and k open the next and the previous line of the
// list, Escape closes the form, Ctrl+Enter sends it. Letters are read by key position, so that a
// Persian layout works too.
//
// A scanner types like a person: digits and Enter. If the page has a field for a scanner, a digit
// typed outside every field starts a scan there, and presses no button.

import { useEffect } from "react";

const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";
const WRITING = "input, textarea, select, dialog";
const MOST = 20000; // ms until the buttons are back: a slow line answers late
const FIELD = "input:not([type=file]), textarea, select";

const byId = (id) => document.getElementById(id);

function digitOf(key) {
  if (key.length !== 1) return "";
  return PERSIAN.includes(key) ? String(PERSIAN.indexOf(key)) : key;
}

// If the list has a case beside it, the next line opens. In a list that fills its page, the focus
// moves from line to line.
function step(by) {
  const beside = besideCase();
  const lines = beside.length ? beside : doors();
  const here = document.activeElement?.closest(".row");
  const at = beside.length
    ? lines.findIndex((one) => one.getAttribute("aria-current") === "true")
    : lines.findIndex((one) => one.closest(".row") === here);
  const line = lines[at < 0 ? 0 : at + by];
  if (beside.length) show(line);
  return act(line, beside.length ? "click" : "focus");
}

// A pressed line gets no focus, so the browser does not bring it into sight.
const show = (line) => line?.scrollIntoView({ block: "nearest" });

const besideCase = () => [...document.querySelectorAll(".desk-list .rows a.row")];

// The first control of each line: the line itself if it is a link.
function doors() {
  return [...document.querySelectorAll("#desk-lines .row")]
    .map((line) => (line.matches("a") ? line : line.querySelector("button, a")))
    .filter(Boolean);
}

function act(element, how) {
  if (!element) return false;
  element[how]();
  return true;
}

function forAll(event) {
  if (event.key === "Escape") return closeForm();
  if (event.key === "Enter" && event.ctrlKey) return sendForm(event.target);
  return false;
}

// The list answers after the typing. Until then its first line is another case, which Enter would
// open, and its citizen reads on her page who opened it.
const isFound = (field) => (field.closest("[data-found]")?.dataset.found ?? "") === field.value;

// Letters are typed in the search field, so none of them leads out of it, and Escape empties it.
function fromSearch(event) {
  const field = event.target;
  if (field.id !== "find") return false;
  if (event.key === "ArrowDown")
    return !isFound(field) || act(besideCase()[0] ?? doors()[0], "focus");
  return event.code === "Slash" && !field.value; // pressed again, out of habit
}

// A note is saved when its field is left.
function closeForm() {
  const button = byId("cancel-step");
  if (button) document.activeElement?.blur();
  return act(button, "click");
}

// Not from a field outside the form, where the user searches or scans.
function sendForm(from) {
  const button = byId("send-step");
  if (from.matches?.(FIELD) && from.form !== button?.form) return false;
  return act(button, "click");
}

function forReaders(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.target.closest?.(WRITING)) return false;
  if (event.code === "Slash") return act(byId("find") || byId("seek"), "focus");
  if (event.code === "KeyJ") return step(1);
  if (event.code === "KeyK") return step(-1);
  const digit = digitOf(event.key);
  if (!/^[0-9]$/.test(digit)) return false;
  const scanned = byId("seek");
  if (!scanned) return act(byId(`key-${digit}`), "click");
  scanned.focus(); // the digit itself is then typed there
  return false;
}

// A form replaces the buttons of a case, or stands above the lines of a list. When it is closed, the
// focus returns to the button, or the field of a scanner, that opened it.
let opener = "";

function giveBack({ target }) {
  const button = target.closest("button");
  if (/^(key|step)-/.test(button?.id)) opener = button.id;
  if (button?.id !== "cancel-step") return;
  const watch = new MutationObserver(() => {
    if (!byId(opener) || byId("cancel-step")) return;
    watch.disconnect();
    // Another script may have put the lost focus on a part around the buttons (`kept_focus.js`).
    if (document.activeElement.contains(byId(opener))) byId(opener).focus();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), MOST);
}

// In a window for one of both, list and case replace each other, and the page begins at its top.
// The way back leads to the place of the list that was left. After a decision the next case is
// opened by a link, which brings its line into sight.
let place = 0;

function keepPlace({ target }) {
  const link = target.closest("a");
  if (!link?.href) return;
  if (link.matches(".desk-list a.row")) place = window.scrollY;
  if (link.id === "next-case") show(besideCase().find((line) => line.href === link.href));
  if (!link.matches(".desk-detail a.back")) return;
  const watch = new MutationObserver(() => {
    if (!besideCase()[0]?.offsetParent) return;
    watch.disconnect();
    requestAnimationFrame(() => window.scrollTo(0, place));
  });
  watch.observe(document.body, { attributes: true, childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), MOST);
}

function follow(event) {
  giveBack(event);
  keepPlace(event);
}

function scan({ target }) {
  if (target.querySelector("#seek")) opener = "seek";
}

function press(event) {
  if (event.repeat || event.isComposing) return;
  if (forAll(event) || fromSearch(event) || forReaders(event)) event.preventDefault();
}

export function DeskKeys() {
  useEffect(() => {
    document.addEventListener("keydown", press);
    document.addEventListener("click", follow, true);
    document.addEventListener("submit", scan, true);
    return () => {
      document.removeEventListener("keydown", press);
      document.removeEventListener("click", follow, true);
      document.removeEventListener("submit", scan, true);
    };
  }, []);
  return null;
}
