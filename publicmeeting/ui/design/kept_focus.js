// Keeps the focus when a press removes the pressed element. Otherwise users of a keyboard or screen
// reader lose their place. The focus goes to the element's line, to the line that replaced it, or
// to the part around it; a second Enter presses nothing there. If the page moves the focus itself,
// this script does not interfere. An element that somebody else's change removes moves no focus,
// because this user has pressed nothing.

import { useEffect } from "react";

const PART = "details, form, section, article, aside, dialog, main";
const MOMENT = 150; // ms

const isLost = () => !document.activeElement || document.activeElement === document.body;
const isThere = (one) => one.isConnected && one.getClientRects().length > 0;

function partsAround(control) {
  const parts = [];
  for (let one = control.closest(PART); one; one = one.parentElement.closest(PART)) parts.push(one);
  return parts;
}

function placeOf(control) {
  const line = control.closest("li") ?? control.closest(".row");
  const list = line?.parentElement;
  const at = list ? [...list.children].indexOf(line) : 0;
  return { control, line, list, at, parts: partsAround(control) };
}

function nextTo({ line, list, at, parts }) {
  if (line && isThere(line)) return line;
  const lines = list?.isConnected ? list.children : [];
  if (lines.length) return lines[Math.min(at, lines.length - 1)];
  const part = parts.find(isThere) ?? document.querySelector("main");
  return part?.matches("details") ? part.querySelector("summary") : part;
}

function goOn(place) {
  const next = nextTo(place);
  if (!next) return;
  if (!next.matches("summary, [tabindex]")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

export function KeptFocus() {
  useEffect(() => {
    let place = null;
    let late = 0;
    const press = ({ target, submitter }) => {
      const control = submitter ?? target.closest("button, a, summary, input, select");
      place = control && placeOf(control);
    };
    const goElsewhere = ({ target }) => {
      if (target !== place?.control) place = null;
    };
    const look = () => {
      if (!place || !isLost() || isThere(place.control)) return;
      clearTimeout(late);
      late = setTimeout(() => {
        if (place && isLost()) goOn(place);
      }, MOMENT);
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ["open", "hidden"] });
    const hears = { click: press, submit: press, focusin: goElsewhere };
    for (const [name, hear] of Object.entries(hears)) document.addEventListener(name, hear, true);
    return () => {
      clearTimeout(late);
      watch.disconnect();
      for (const [name, hear] of Object.entries(hears)) document.removeEventListener(name, hear, true);
    };
  }, []);
  return null;
}
