// After a press that was refused at a field, the first such field has the focus and is in sight.
// By the page itself: a form that could stand at several places has no reference of Reflex.

import { createElement, useEffect, useRef } from "react";

const CONTROL = "textarea, select, button, input:not([type=hidden])";

export function FirstWrong({ errors }) {
  const here = useRef(null);
  const pressed = useRef(false);

  useEffect(() => {
    const form = here.current.parentElement;
    const press = (event) => {
      if (event.type === "submit" || event.target.closest("button")) pressed.current = true;
    };
    form.addEventListener("submit", press, true);
    form.addEventListener("click", press, true);
    return () => {
      form.removeEventListener("submit", press, true);
      form.removeEventListener("click", press, true);
    };
  }, []);

  // Nobody is led away by an answer that comes without a press, as after a ring of the bell.
  useEffect(() => {
    const error = here.current.parentElement.querySelector(".error");
    if (!pressed.current || !error) return;
    pressed.current = false;
    error.closest(".field, fieldset")?.querySelector(CONTROL)?.focus();
  }, [errors]);

  return createElement("span", { ref: here, hidden: true });
}
