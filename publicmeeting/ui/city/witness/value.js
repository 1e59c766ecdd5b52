// A witness's secret value: made here, kept here, and shown from here. Only its commitment leaves
// this browser before the draw. Works on plain http: getRandomValues does, crypto.subtle does not.

import { createElement as h, useEffect, useRef, useState } from "react";
import { sha } from "../../../shell/photo_sender/sha256.js";

const HEX = /[0-9a-f]{64}/g;

const place = (party, monday) => `publicmeeting/witness/${party}/${monday}`;

// A browser may forbid storage: then the value lives as long as the page, and the paper.
function stored(party, monday) {
  try {
    return localStorage.getItem(place(party, monday)) || "";
  } catch {
    return "";
  }
}

function store(party, monday, value) {
  try {
    localStorage.setItem(place(party, monday), value);
    return true;
  } catch {
    return false;
  }
}

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http has no clipboard: the old way needs a field with the text in it.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const button = (kind, word, press, more = {}) =>
  h("button", { type: "button", className: `btn btn-${kind}`, onClick: press, ...more },
    h("span", null, word));

export function KeptValue(props) {
  const { party, monday, mode, commitment, words, onCommit, onShow } = props;
  const [value, setValue] = useState("");
  const [safe, setSafe] = useState(false); // copied or downloaded: it will be there on Wednesday
  const [told, setTold] = useState("");
  const [typed, setTyped] = useState("");
  const [sent, setSent] = useState(false);
  const file = useRef(null);

  const promise = (secret) => sha("publicmeeting/commit/v1", party, secret);
  const fits = (secret) => secret !== "" && promise(secret) === commitment;
  const found = (text) => (text.toLowerCase().match(HEX) || []).find(fits) || "";

  useEffect(() => {
    setValue(stored(party, monday));
    setSafe(false);
    setSent(false);
    setTold("");
  }, [party, monday, mode]);

  function make() {
    const fresh = random();
    setValue(fresh);
    setSafe(false);
    setSent(false);
    setTold(store(party, monday, fresh) ? words.stored : words.unstored);
  }

  async function keepCopy() {
    await copy(value);
    setSafe(true);
    setTold(words.copied);
  }

  function keepFile() {
    const lines = [party, monday, value, promise(value), ""];
    download(`publicmeeting-${party}-${monday}.txt`, lines.join("\n"));
    setSafe(true);
    setTold(words.downloaded);
  }

  function commit() {
    setSent(true);
    onCommit(monday, promise(value));
  }

  function show(secret) {
    store(party, monday, secret);
    setSent(true);
    onShow(monday, secret);
  }

  async function read(event) {
    const [chosen] = event.target.files;
    if (chosen) look(await chosen.slice(0, 100000).text());
    event.target.value = "";
  }

  function look(text) {
    setTyped(text);
    setTold(text === "" || found(text) ? "" : words.differs);
  }

  const secret = h("p", { className: "witness-value", dir: "ltr", tabIndex: 0,
    "aria-label": words.value }, value);
  const keep = h("div", { className: "flex flex-wrap gap-2" },
    button("secondary", words.download, keepFile), button("secondary", words.copy, keepCopy));
  const status = h("p", { role: "status", className: "text-ink2 empty:hidden" }, told);
  const part = (...content) => h("div", { className: "grid justify-items-start gap-3" }, ...content);

  if (mode === "make" && !value) return part(button("primary", words.make, make), status);
  if (mode === "make")
    return part(
      h("p", null, words.keep), secret, keep, status,
      h("div", { className: "flex flex-wrap gap-2" },
        button("primary", safe ? words.commit : words.first, safe ? commit : undefined,
          { "aria-disabled": !safe || sent }),
        button("quiet", words.again, make)),
    );
  if (mode === "keep")
    return fits(value)
      ? part(h("p", null, words.here), secret, keep, status)
      : part(h("p", null, words.elsewhere));
  if (fits(value))
    return part(secret, button("primary", words.show, () => show(value), { "aria-disabled": sent }));
  const id = `value-${monday}`;
  return part(
    h("p", null, words.bring),
    h("label", { htmlFor: id, className: "field-label" }, words.paste),
    h("textarea", { id, dir: "ltr", rows: 3, value: typed, className: "input witness-paste",
      spellCheck: false, autoComplete: "off", onChange: (event) => look(event.target.value) }),
    h("input", { ref: file, type: "file", accept: ".txt,text/plain", className: "sr-only",
      tabIndex: -1, "aria-hidden": true, onChange: read }),
    button("secondary", words.open, () => file.current.click()),
    status,
    button("primary", words.show, found(typed) ? () => show(found(typed)) : undefined,
      { "aria-disabled": !found(typed) || sent }),
  );
}
