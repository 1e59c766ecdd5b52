// A form takes the place of the button that opens it, and gives it back; the answer takes the place
// of both. The focus would be gone with what was pressed: whoever goes by keyboard or hears the page
// goes on with what came instead. Of a double tap on a button that opens a form the first counts: the
// second would close what the first has opened, and whoever taps so would never see it.

import { useEffect, useRef } from "react";

const DOUBLE_TAP = 700; // ms

export function FormFocus({ form, answer }) {
  const before = useRef(form);
  const isPressed = useRef(false);
  useEffect(() => {
    let tapped = null;
    let at = 0;
    const press = (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      isPressed.current = true;
      // A press by keyboard counts no taps.
      const isTap = event.detail > 0 && button.hasAttribute("aria-expanded");
      if (isTap && button === tapped && event.timeStamp - at < DOUBLE_TAP) {
        event.stopImmediatePropagation();
      } else if (isTap) {
        tapped = button;
        at = event.timeStamp;
      }
    };
    document.addEventListener("click", press, true);
    return () => document.removeEventListener("click", press, true);
  }, []);
  useEffect(() => {
    const closed = before.current;
    before.current = form;
    if (!isPressed.current || document.activeElement !== document.body) return;
    const next =
      (answer && document.querySelector("[data-answer]")) ||
      document.querySelector(form ? "form[data-step], [data-step] textarea" : `[data-opens="${closed}"]`);
    if (!next) return;
    isPressed.current = false;
    if (next.matches("form, div")) next.tabIndex = -1;
    next.focus();
  }, [form, answer]);
  return null;
}
