// Ignores presses of a control that has just appeared or changed under the finger. A page is drawn
// again because of the user's own press or by what others do, also in the moment before a tap: then
// another button is there, or the same one does something else. A page also scrolls by itself, as a
// list does to its first line when it is turned. For a short time after the change such a control
// takes no press. The time begins with the change, not with the press before it,
// because a slow line answers late. Whoever goes on tapping has not read it yet: it takes no press
// until he has paused.
//
// Of a double tap on a toggle only the first tap counts, even before its answer has come. The
// second tap would close what the first has opened, and the user would never see it.

import { useEffect } from "react";

const CONTROL = "button, a, summary, label";
const TOGGLE = "summary, [aria-expanded], [aria-pressed]";
const NAMES = ["href", "aria-label", "aria-expanded"];
const MOMENT = 400; // ms, too short to read a new label and press it
const SLOW_TAP = 700; // ms between the two taps of a slow hand

// Counters, icons and keyboard hints in a button are decoration and change by themselves.
const wordsOf = (node) =>
  node.nodeType === Node.TEXT_NODE ? node.data
  : node.getAttribute("aria-hidden") === "true" ? ""
  : [...node.childNodes].map(wordsOf).join("");

// Outside the window a pointer's target may be the document, which is not an element.
const controlOf = (target) => target?.closest?.(CONTROL) ?? null;

const isOver = ({ clientX: x, clientY: y }, { left, right, top, bottom }) =>
  left < x && x < right && top < y && y < bottom;

function note(element) {
  const control = controlOf(element);
  const isLink = control?.hasAttribute("href"); // a link does the same whatever its label
  const name = control && NAMES.map((key) => control.getAttribute(key)) + (isLink ? "" : wordsOf(control));
  return { control, name };
}

export function UnderFinger() {
  useEffect(() => {
    let finger = null; // where it was last
    let under = null; // the control that was there; null if unknown
    let fresh = null; // the control that takes no press for a moment
    let tapped = null;
    let tappedAt = 0;
    let late = 0;
    let frame = 0;

    const isAt = (event) => fresh?.isConnected && isOver(event, fresh.getBoundingClientRect());
    const look = () => {
      frame = 0;
      if (!finger || isAt({ clientX: finger[0], clientY: finger[1] })) return;
      if (fresh) delete fresh.dataset.fresh; // it is gone or has scrolled away: another is here
      fresh = null;
      const before = under;
      under = note(document.elementFromPoint(...finger));
      const isOther = under.control !== before?.control || under.name !== before.name;
      if (!before || !under.control || !isOther) return;
      fresh = under.control;
      fresh.dataset.fresh = "";
      settleAfter(Math.max(MOMENT, tappedAt + SLOW_TAP - performance.now()));
    };
    const settle = () => {
      if (fresh) delete fresh.dataset.fresh;
      fresh = null;
      look();
    };
    const settleAfter = (rest) => {
      clearTimeout(late);
      late = setTimeout(settle, rest);
    };
    const catchUp = () => {
      if (!frame) return;
      cancelAnimationFrame(frame);
      look();
    };
    const lookSoon = () => (frame ||= requestAnimationFrame(look));
    const watch = new MutationObserver(lookSoon);
    watch.observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
      attributeFilter: NAMES,
    });

    const move = ({ clientX, clientY, target }) => {
      catchUp();
      finger = [clientX, clientY];
      // A fresh control takes no pointer events, so what is beside it is determined afterwards.
      if (isAt({ clientX, clientY })) return;
      if (fresh) under = null;
      else if (controlOf(target) !== under?.control) under = note(target);
    };
    // A finger that scrolls presses nothing: no press has brought what comes to its place.
    const scroll = () => (finger = under = null);
    const press = (event) => {
      catchUp();
      if (!event.detail) return; // a press by keyboard counts no taps
      const control = controlOf(event.target);
      // The press goes through it to what lies below, such as the photo under its delete button.
      const isNew = fresh && (control === fresh || isAt(event));
      if (isNew) settleAfter(SLOW_TAP);
      if (!control) return;
      const isSoon = control === tapped && event.timeStamp - tappedAt < SLOW_TAP;
      const isAgain = isSoon && control.matches(TOGGLE);
      if (!isNew && !isAgain) {
        [tapped, tappedAt] = [control, event.timeStamp];
        return;
      }
      event.stopImmediatePropagation();
      event.preventDefault();
    };
    // A key that is held down counts as one press.
    const hold = (event) => {
      if (event.repeat && event.key === "Enter" && event.target.matches(CONTROL)) event.preventDefault();
    };
    const moves = { pointerdown: move, pointermove: move, pointercancel: scroll, wheel: scroll };
    const hears = { ...moves, scroll: lookSoon, click: press, keydown: hold };
    for (const [name, hear] of Object.entries(hears)) addEventListener(name, hear, true);
    return () => {
      watch.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(late);
      for (const [name, hear] of Object.entries(hears)) removeEventListener(name, hear, true);
    };
  }, []);
  return null;
}
