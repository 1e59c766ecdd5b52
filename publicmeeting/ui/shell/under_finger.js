// What has just come under the finger was not aimed at. A page draws itself anew by what was pressed
// on it and by what others do, also between a hand's start and its touch: then another button stands
// there, or the same one does something else. For a moment no finger finds such a control. The moment
// begins with the change, not with the press before it: a slow line answers late.
//
// Of a double tap on a toggle only the first tap counts, also before its answer has come. The second
// tap would close what the first has opened, and the person would never see it.

import { useEffect } from "react";

const CONTROL = "button, a, summary, label";
const TOGGLE = "summary, [aria-expanded], [aria-pressed]";
const NAMES = ["href", "aria-label", "aria-expanded"];
const MOMENT = 400; // ms, in which nobody has read a new word and pressed for it
const SLOW_TAP = 700; // ms between the two taps of a slow hand

// Seconds, signs and keys in a button are for the eye, and change by themselves.
const wordsOf = (node) =>
  node.nodeType === Node.TEXT_NODE ? node.data
  : node.getAttribute("aria-hidden") === "true" ? ""
  : [...node.childNodes].map(wordsOf).join("");

// Beyond the window's edge a pointer may be over the document, which is no element.
const controlOf = (target) => target?.closest?.(CONTROL) ?? null;

const isOver = ({ clientX: x, clientY: y }, { left, right, top, bottom }) =>
  left < x && x < right && top < y && y < bottom;

function note(element) {
  const control = controlOf(element);
  const isLink = control?.hasAttribute("href"); // it does the same whatever stands in it
  const name = control && NAMES.map((key) => control.getAttribute(key)) + (isLink ? "" : wordsOf(control));
  return { control, name };
}

export function UnderFinger() {
  useEffect(() => {
    let finger = null; // where it was last
    let under = null; // what stood there; null where that is not known
    let fresh = null; // what takes no press for a moment
    let tapped = null;
    let tappedAt = 0;
    let late = 0;
    let frame = 0;

    const look = () => {
      frame = 0;
      if (!finger || fresh?.isConnected) return;
      const before = under;
      under = note(document.elementFromPoint(...finger));
      const isOther = under.control !== before?.control || under.name !== before.name;
      if (!before || !under.control || !isOther) return;
      fresh = under.control;
      fresh.dataset.fresh = "";
      clearTimeout(late);
      late = setTimeout(settle, MOMENT);
    };
    const settle = () => {
      delete fresh.dataset.fresh;
      fresh = null;
      look();
    };
    const catchUp = () => {
      if (!frame) return;
      cancelAnimationFrame(frame);
      look();
    };
    const watch = new MutationObserver(() => (frame ||= requestAnimationFrame(look)));
    watch.observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
      attributeFilter: NAMES,
    });

    const move = ({ clientX, clientY, target }) => {
      catchUp();
      finger = [clientX, clientY];
      // While it is fresh no pointer finds it: what stands here is asked once that is over.
      if (fresh) under = null;
      else if (controlOf(target) !== under?.control) under = note(target);
    };
    // A finger that scrolls presses nothing: what comes to its place was not brought by a press.
    const scroll = () => (finger = under = null);
    const press = (event) => {
      catchUp();
      const control = controlOf(event.target);
      if (!control || !event.detail) return; // a press by keyboard counts no taps
      // The press falls through it on what lies below, as on the photo under its cross.
      const isNew = fresh && (control === fresh || isOver(event, fresh.getBoundingClientRect()));
      const isSoon = control === tapped && event.timeStamp - tappedAt < SLOW_TAP;
      const isAgain = isSoon && control.matches(TOGGLE);
      if (!isNew && !isAgain) {
        [tapped, tappedAt] = [control, event.timeStamp];
        return;
      }
      event.stopImmediatePropagation();
      event.preventDefault();
    };
    // A key that is held down presses once.
    const hold = (event) => {
      if (event.repeat && event.key === "Enter" && event.target.matches(CONTROL)) event.preventDefault();
    };
    const moves = { pointerdown: move, pointermove: move, pointercancel: scroll };
    const hears = { ...moves, click: press, keydown: hold };
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
