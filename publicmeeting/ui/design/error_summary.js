// Shows what is wrong in a form after it was sent. If one field is wrong, the field itself gets the
// focus. Several are listed at the head of the form, and the list gets the focus.
//
// Labels and errors are read from the page: a form that may be drawn at several places has no
// Reflex reference, and it contains them already.

import { createElement as h, useEffect, useRef, useState } from "react";

const CONTROL = "textarea, select, input:not([type=hidden]), button";

const formOf = (element) => element.closest("form") ?? element.parentElement;

// A control may be outside its form, such as a sheet above the form that sends it.
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

// Most reasons name their field themselves.
const nameOf = ({ label, text }) =>
  !label || text.includes(label) ? "" : label.endsWith("؟") ? `${label} ` : `${label}: `;

// The browser scrolls to the focused element, but the reason below it may still be hidden by a bar.
function lead({ line, control }) {
  control?.focus();
  if (control && document.activeElement === control) {
    line.scrollIntoView({ block: "nearest" });
    return;
  }
  line.tabIndex = -1;
  line.focus();
}

// What was left empty and is filled in since makes its reason false. The server may be out of reach,
// so the reason is hidden here until the next answer. What is wrong in another way stays: only the
// server can judge it, and its reason says how to write it.
const CHOICE = "[type=radio], [type=checkbox]";
const isFilled = ({ line, control }) =>
  control.matches(CHOICE)
    ? line.parentElement.querySelector(":checked") !== null
    : control.value.trim() !== "";
const isLeftEmpty = (field) => field.control?.matches("textarea, select, input") && !isFilled(field);
const isAnswered = ({ line }) => line.hasAttribute("data-answered");
const isWrong = (field) => !isAnswered(field);
const isSame = (one) => (other) => one.line === other.line && one.text === other.text;

function showAnswered({ line, control }, isFalse) {
  line.toggleAttribute("data-answered", isFalse);
  if (control.hasAttribute("aria-invalid")) control.setAttribute("aria-invalid", `${!isFalse}`);
}

const MOMENT = 300; // ms

// After the same refusal again, the focus is already there. Nothing changes, so nothing would be
// announced. Each reason is therefore removed and put back, as if it were new.
function sayAgain({ line }) {
  const words = line.querySelector(".error > span")?.firstChild;
  if (!words?.data) return;
  const text = words.data;
  words.data = "";
  setTimeout(() => (words.data ||= text), MOMENT);
}

const FRESH = "fresh"; // pressed; the focus has not been moved yet
const LED = "led"; // the focus was moved
const actsOfUser = () => globalThis.__actsOfUser?.() ?? 0; // `ui/shell/connection/gone_on.js`

export function ErrorSummary({ errors, answers, title, atOnce }) {
  const here = useRef(null);
  const pressed = useRef(atOnce ? FRESH : "");
  const acts = useRef(actsOfUser()); // what she had done at the press, or when it was drawn
  const leads = useRef(false);
  const seen = useRef("");
  const empty = useRef([]);
  const [wrong, setWrong] = useState([]);

  useEffect(() => {
    const form = formOf(here.current);
    // Buttons that do not send the form (a template, a photo) are answered too, with the errors
    // that are still there. These answers must not move the focus.
    const press = (event) => {
      const isSent = event.type === "submit" || !form.matches("form");
      if (!isSent || !(event.type === "submit" || event.target.closest("button"))) return;
      [pressed.current, acts.current] = [FRESH, actsOfUser()];
    };
    form.addEventListener("submit", press, true);
    form.addEventListener("click", press, true);
    const answer = () => {
      for (const field of empty.current) showAnswered(field, isFilled(field));
      setWrong((listed) => (listed.some(isAnswered) ? listed.filter(isWrong) : listed));
    };
    document.addEventListener("input", answer);
    return () => {
      form.removeEventListener("submit", press, true);
      form.removeEventListener("click", press, true);
      document.removeEventListener("input", answer);
    };
  }, []);

  // An answer without a press does not move the focus. What was typed just before a press has its
  // own answer, with the errors of the press before. If that answer has moved the focus, the answer
  // to the press moves it again. Errors that have not changed are not a new object, so the number
  // of answers shows that there was one.
  useEffect(() => {
    const fields = [...formOf(here.current).querySelectorAll(".error")].map(fieldOf);
    const isNew = JSON.stringify(errors) !== seen.current;
    seen.current = JSON.stringify(errors);
    if (actsOfUser() !== acts.current) pressed.current = ""; // she has gone on
    const isAnswer = pressed.current === FRESH || (pressed.current === LED && isNew);
    const isPressed = isAnswer && fields.length > 0;
    const still = isPressed ? [] : empty.current.filter((one) => fields.some(isSame(one)));
    for (const { line } of empty.current) line.removeAttribute("data-answered");
    const others = fields.filter((field) => !still.some(isSame(field)));
    empty.current = [...still, ...others.filter(isLeftEmpty)];
    for (const field of still) showAnswered(field, isFilled(field));
    for (const field of others) if (field.control) showAnswered(field, false);
    const isListed = fields.length > 1 || (!isPressed && wrong.length > 0);
    if (isPressed) {
      pressed.current = LED;
      if (!isNew) fields.forEach(sayAgain);
      leads.current = isListed;
      if (!isListed) lead(fields[0]);
    }
    setWrong(isListed ? fields.filter(isWrong) : []);
  }, [errors, answers]);

  useEffect(() => {
    // At the first answer the list is still empty and hidden, and a hidden element cannot take the
    // focus.
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
        nameOf(field),
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
