// Returns to the place of a list. The browser scrolls a page back to where it was left, but at the
// mayor's table and at desks a part of the page scrolls by itself. The link over the mayor's table
// to the list from which the page was opened goes back to it, so its filter and place stay.
//
// A window that becomes lower, by a keyboard on the screen or because a tablet is turned, keeps the
// field in which somebody writes in view.

import { useEffect } from "react";
import { useLocation } from "react-router";

const PARTS = [".tablet-main", ".desk-list", ".desk-wide"];
const MOST = 20_000; // ms, in which a list is read again
const ACTS = ["keydown", "pointerdown", "wheel"];

const places = new Map(); // entry of the history → part → how far it was scrolled
const pages = []; // path of each entry
let stop = null; // ends a return

const index = () => history.state?.idx ?? 0;
const entry = () => `${index()} ${location.href}`;

function scrolled({ target }) {
  const part = !stop && PARTS.find((one) => target.matches?.(one));
  if (part) places.set(entry(), { ...places.get(entry()), [part]: target.scrollTop });
}

// The list is drawn in several steps, and grows to its length with the last of them.
function wentBack() {
  stop?.();
  const place = places.get(entry());
  if (!place) return;
  const put = () => {
    for (const [part, top] of Object.entries(place)) {
      const element = document.querySelector(part);
      if (element && Math.abs(element.scrollTop - top) > 1) element.scrollTop = top;
    }
  };
  const watch = new MutationObserver(put);
  const late = setTimeout(() => stop?.(), MOST);
  stop = () => {
    watch.disconnect();
    clearTimeout(late);
    for (const act of ACTS) removeEventListener(act, stop, true);
    stop = null;
  };
  for (const act of ACTS) addEventListener(act, stop, true);
  watch.observe(document.body, { childList: true, subtree: true });
}

function pressed(event) {
  const link = event.target.closest?.(".tablet-head a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.search || pages[index() - 1] !== link.pathname) return;
  event.preventDefault();
  event.stopPropagation();
  history.back();
}

function turned() {
  requestAnimationFrame(() => {
    const field = document.activeElement;
    if (field?.matches("input, textarea, select")) field.scrollIntoView({ block: "nearest" });
  });
}

// For all pages once: a page that comes may be drawn before the one that goes is removed, which would
// take the same listeners away.
if (typeof document !== "undefined") {
  document.addEventListener("scroll", scrolled, true);
  document.addEventListener("click", pressed, true);
  addEventListener("popstate", wentBack, true);
  addEventListener("resize", turned);
}

export function KeptPlace() {
  const { key, pathname } = useLocation();
  useEffect(() => {
    pages[index()] = location.pathname;
  }, [key, pathname]);
  return null;
}
