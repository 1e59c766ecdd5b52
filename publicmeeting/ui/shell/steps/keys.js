// The keyboard of a desk. A digit presses the button of that action, "/" goes to the search field,
// j and k open the next and the previous line of the list, Escape closes the form, Ctrl+Enter sends
// it. Letters are read by their place, so that a Persian layout works as well.

import { useEffect } from "react";

const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";
const WRITING = "input, textarea, select, dialog";

const byId = (id) => document.getElementById(id);

function digitOf(key) {
  if (key.length !== 1) return "";
  return PERSIAN.includes(key) ? String(PERSIAN.indexOf(key)) : key;
}

// Beside a list the next line opens; a list that fills its page leads the focus from line to line.
function step(by) {
  const beside = [...document.querySelectorAll(".desk-list .rows a.row")];
  const lines = beside.length ? beside : [...document.querySelectorAll("#desk-lines a.row")];
  const at = beside.length
    ? lines.findIndex((one) => one.getAttribute("aria-current") === "true")
    : lines.indexOf(document.activeElement);
  return act(lines[at < 0 ? 0 : at + by], beside.length ? "click" : "focus");
}

function act(element, how) {
  if (!element) return false;
  element[how]();
  return true;
}

function forAll(event) {
  if (event.key === "Escape") return act(byId("cancel-step"), "click");
  if (event.key === "Enter" && event.ctrlKey) return act(byId("send-step"), "click");
  return false;
}

function forReaders(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.target.closest?.(WRITING)) return false;
  if (event.code === "Slash") return act(byId("find") || byId("seek"), "focus");
  if (event.code === "KeyJ") return step(1);
  if (event.code === "KeyK") return step(-1);
  const digit = digitOf(event.key);
  return /^[1-9]$/.test(digit) && act(byId(`key-${digit}`), "click");
}

function press(event) {
  if (event.repeat || event.isComposing) return;
  if (forAll(event) || forReaders(event)) event.preventDefault();
}

export function DeskKeys() {
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return null;
}
