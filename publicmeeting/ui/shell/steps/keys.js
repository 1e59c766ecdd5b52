// The keys 1 to 9 press the button of that number, unless somebody is writing.

import { useEffect } from "react";

const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";
const WRITING = "input, textarea, select, dialog";

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest?.(WRITING)) return;
  const digit = event.key.length === 1 ? (PERSIAN.includes(event.key) ? PERSIAN.indexOf(event.key) : event.key) : "";
  const button = digit && document.getElementById(`key-${digit}`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

export function DigitKeys() {
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return null;
}
