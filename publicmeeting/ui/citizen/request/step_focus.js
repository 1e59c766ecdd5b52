// Another step is another page for users of a screen reader or keyboard: the title names it, and
// the focus goes to its heading, also if the press that opened it has gone with what it answered. On
// the first step of a visit the focus is left to the browser.
// When she goes on, the first step is written into the address that she leaves, so that «back»
// leads to it and not to the furthest step.

import { useEffect, useRef } from "react";

export function StepFocus({ step, title }) {
  const before = useRef(0);
  useEffect(() => {
    document.title = title;
    const heading = document.querySelector("main h1");
    const isLost = document.activeElement === document.body;
    if (before.current && (before.current !== step || isLost) && heading) {
      heading.tabIndex = -1;
      heading.focus();
    }
    before.current = step;
  }, [step, title]);
  useEffect(() => {
    if (step !== 1) return undefined;
    const leave = ({ target }) => {
      if (!location.search && target.closest(".foot button"))
        history.replaceState(history.state, "", "?step=1");
    };
    document.addEventListener("click", leave, true);
    return () => document.removeEventListener("click", leave, true);
  }, [step]);
  return null;
}
