// A form replaces the button that opens it, and the button comes back when the form closes. The
// answer replaces both. The focus would disappear with the pressed element, so it moves to what
// came in its place.

import { useEffect, useRef } from "react";

export function FormFocus({ form, answer }) {
  const before = useRef(form);
  const isPressed = useRef(false);
  useEffect(() => {
    const press = ({ target }) => {
      if (target.closest("button")) isPressed.current = true;
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
