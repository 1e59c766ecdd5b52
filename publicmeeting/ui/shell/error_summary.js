// What is wrong in a form after it was pressed: one field has the focus itself, several are listed at
// the form's head, and the list has it.
//
// Read from the page: a form that could stand at several places has no reference of Reflex, and a
// form knows its labels and errors already.

import { createElement as h, useEffect, useRef, useState } from "react";

const CONTROL = "textarea, select, input:not([type=hidden]), button";

const formOf = (element) => element.closest("form") ?? element.parentElement;
const boxOf = (error) => error.closest("[id$='-error']").parentElement;

function lead(box) {
  const control = box.querySelector(CONTROL) ?? box;
  control.focus();
}

export function ErrorSummary({ errors, title, atOnce }) {
  const here = useRef(null);
  const pressed = useRef(atOnce);
  const leads = useRef(false);
  const [wrong, setWrong] = useState([]);

  useEffect(() => {
    const form = formOf(here.current);
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
    const boxes = [...formOf(here.current).querySelectorAll(".error")].map(boxOf);
    const isPressed = pressed.current && boxes.length > 0;
    const isListed = boxes.length > 1 || (!isPressed && wrong.length > 0);
    if (isPressed) {
      pressed.current = false;
      leads.current = isListed;
      if (!isListed) lead(boxes[0]);
    }
    const found = isListed ? boxes : [];
    setWrong(
      found.map((box) => ({
        box,
        name: box.querySelector("[id$='-error']").id.replace(/-error$/, ""),
        label: box.querySelector(".field-label")?.textContent ?? "",
        says: box.querySelector(".error").textContent,
      })),
    );
  }, [errors]);

  useEffect(() => {
    if (!leads.current) return;
    leads.current = false;
    here.current.focus();
  }, [wrong]);

  const go = (event, box) => {
    event.preventDefault();
    lead(box);
  };
  const line = ({ box, name, label, says }) =>
    h(
      "li",
      { key: name },
      h("a", { href: `#${name}`, onClick: (event) => go(event, box) }, label && `${label}: `, says),
    );
  return h(
    "div",
    {
      ref: here,
      hidden: !wrong.length,
      tabIndex: -1,
      role: "group",
      "aria-label": title,
      className: "wrong-list",
    },
    h("p", null, title),
    h("ul", null, wrong.map(line)),
  );
}
