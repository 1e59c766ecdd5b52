// A form takes the place of the button that opens it, and gives it back; the answer takes the place
// of both. The focus would be gone with what was pressed: whoever goes by keyboard or hears the page
// goes on with what came instead.

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
