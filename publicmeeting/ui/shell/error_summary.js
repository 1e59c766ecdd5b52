// What is wrong in a form after it was pressed: one field has the focus itself, several are listed at
// the form's head, and the list has it.
//
// Read from the page: a form that could stand at several places has no reference of Reflex, and a
// form knows its labels and errors already.

import { createElement as h, useEffect, useRef, useState } from "react";

const CONTROL = "textarea, select, input:not([type=hidden]), button";

const formOf = (element) => element.closest("form") ?? element.parentElement;

// A control may stand outside its form, as a sheet above the form that sends it.
function fieldOf(error) {
  const line = error.closest("[id$='-error']");
  const name = line.id.replace(/-error$/, "");
  const box = line.parentElement;
  const named = document.getElementById(name);
  const label =
    document.querySelector(`label[for="${name}"]`) ??
    document.getElementById(`${name}-label`) ??
    box.querySelector(".field-label");
  return {
    line,
    name,
    control: named?.matches(CONTROL) ? named : box.querySelector(CONTROL),
    label: label?.textContent ?? "",
    text: error.textContent,
  };
}

// The browser scrolls to what has the focus, and the reason below it may lie under the bar still.
function lead({ line, control }) {
  control?.focus();
  if (control && document.activeElement === control) {
    line.scrollIntoView({ block: "nearest" });
    return;
  }
  line.tabIndex = -1;
  line.focus();
}

const MOMENT = 300; // ms

// Whoever is refused for the same once more stands where she was led to before: nothing changes, and
// nothing would be heard. Each reason is taken out and put back, as if it came.
function sayAgain({ line }) {
  const words = line.querySelector(".error > span")?.firstChild;
  if (!words?.data) return;
  const text = words.data;
  words.data = "";
  setTimeout(() => (words.data ||= text), MOMENT);
}

const FRESH = "fresh"; // pressed, and nobody led yet
const LED = "led"; // led, and nothing done since

export function ErrorSummary({ errors, answers, title, atOnce }) {
  const here = useRef(null);
  const pressed = useRef(atOnce ? FRESH : "");
  const leads = useRef(false);
  const seen = useRef("");
  const [wrong, setWrong] = useState([]);

  useEffect(() => {
    const form = formOf(here.current);
    // Buttons of a form that do not send it (a prepared sentence, a photo) are answered too, with the
    // errors that stand there still; those answers lead nobody away from what she is doing.
    const press = (event) => {
      const isSent = event.type === "submit" || !form.matches("form");
      if (isSent && (event.type === "submit" || event.target.closest("button"))) pressed.current = FRESH;
    };
    const goOn = (event) => {
      if (!form.contains(event.target) || event.type === "input") pressed.current = "";
    };
    form.addEventListener("submit", press, true);
    form.addEventListener("click", press, true);
    document.addEventListener("input", goOn, true);
    document.addEventListener("pointerdown", goOn, true);
    return () => {
      form.removeEventListener("submit", press, true);
      form.removeEventListener("click", press, true);
      document.removeEventListener("input", goOn, true);
      document.removeEventListener("pointerdown", goOn, true);
    };
  }, []);

  // Nobody is led away by an answer that comes without a press. What was typed just before a press
  // has an answer of its own, with the errors of the press before: who has been led by that one is
  // led again by the answer to the press. Errors that are the same as before are no new object, so
  // the number of answers says that there was one.
  useEffect(() => {
    const fields = [...formOf(here.current).querySelectorAll(".error")].map(fieldOf);
    const isNew = JSON.stringify(errors) !== seen.current;
    seen.current = JSON.stringify(errors);
    const isAnswer = pressed.current === FRESH || (pressed.current === LED && isNew);
    const isPressed = isAnswer && fields.length > 0;
    const isListed = fields.length > 1 || (!isPressed && wrong.length > 0);
    if (isPressed) {
      pressed.current = LED;
      if (!isNew) fields.forEach(sayAgain);
      leads.current = isListed;
      if (!isListed) lead(fields[0]);
    }
    setWrong(isListed ? fields : []);
  }, [errors, answers]);

  useEffect(() => {
    // At the first of all the list is still empty and hidden, and what is hidden takes no focus.
    if (!leads.current || !wrong.length) return;
    leads.current = false;
    here.current.focus();
  }, [wrong]);

  const go = (event, field) => {
    event.preventDefault();
    lead(field);
  };
  const item = (field) =>
    h(
      "li",
      { key: field.name },
      h(
        "a",
        { href: `#${field.name}`, onClick: (event) => go(event, field) },
        field.label && (field.label.endsWith("؟") ? `${field.label} ` : `${field.label}: `),
        field.text,
      ),
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
    h("ul", null, wrong.map(item)),
  );
}
