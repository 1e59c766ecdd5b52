// Finds a row, recomputes its draw and, if asked, its whole past. Nothing typed leaves this page:
// only whole files are fetched, the same for everybody.

import { createElement as h, useEffect, useRef, useState } from "react";
import { verifyHistory } from "./history.js";
import { Outcome, persian, said, sign } from "./outcome.js";
import { codesIn } from "./receipt.js";
import { read, verifyDraw } from "./verify.js";

const TICKET = /^[0-9a-f]{64}$/;

async function file(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return read(await answer.text());
}

// The hand of the page gets a moment before the sums begin, so that the press is seen.
const breathe = () => new Promise((done) => setTimeout(done, 30));

export function DrawChecker({ words, months, findings, reply, refused, asking, onObject }) {
  const asked = useRef({});
  const [district, setDistrict] = useState("");
  const [draws, setDraws] = useState([]);
  const [draw, setDraw] = useState("");
  const [ticket, setTicket] = useState("");
  const [busy, setBusy] = useState("");
  const [trouble, setTrouble] = useState("");
  const [error, setError] = useState("");
  const [result, setResult] = useState(null);
  const [size, setSize] = useState(0);
  const head = useRef(null);

  // A receipt's QR, or a link of ours: #d=6&t=TICKET&draw=…; browsers send none of it.
  function take(text) {
    const kept = new URLSearchParams(text.slice(text.indexOf("#") + 1));
    if (!kept.get("d") && !kept.get("t")) return false;
    asked.current.draw = kept.get("draw") || "";
    if (kept.get("t")) setTicket(kept.get("t"));
    choose(kept.get("d") || "");
    return true;
  }

  useEffect(() => {
    const kept = sessionStorage.getItem("row"); // put there by the head of the page
    sessionStorage.removeItem("row");
    if (kept) take(kept);
  }, []);

  // The list has been put right: what stands below is of the one before.
  useEffect(() => {
    if (reply?.changed && ticket) check();
  }, [reply?.first]);

  async function choose(number) {
    setDistrict(number);
    setDraws([]);
    setDraw("");
    setResult(null);
    setTrouble("");
    if (!number) return;
    try {
      const listed = await file(`/verify/draws.json?district=${Number(number)}`);
      setDraws(listed);
      if (!listed.length) setTrouble(words.none);
      const wanted = listed.find((one) => one.draw === asked.current.draw);
      const newest = listed.find((one) => one.state === "drawn") || listed[0];
      setDraw((wanted || newest)?.draw || "");
    } catch {
      setTrouble(words.offline);
    }
  }

  async function check(event) {
    event?.preventDefault();
    const typed = ticket.trim().toLowerCase();
    setError("");
    setTrouble("");
    if (typed && !TICKET.test(typed)) {
      setError(words.broken);
      return document.getElementById("ticket").focus();
    }
    if (!draw) return;
    setBusy(words.loading);
    try {
      const drawn = await file(`/verify/draws/${draw}.json`);
      setBusy(words.working);
      await breathe();
      const { findings: faults } = verifyDraw(drawn);
      if (drawn?.draw !== draw) faults.push({ finding: "malformed", place: "draw" });
      setResult({ file: drawn, ticket: typed, faults, history: null });
      file(`/verify/size.json?district=${Number(district)}`).then(
        (told) => setSize(told.bytes),
        () => setSize(0),
      );
      setTimeout(() => head.current?.focus(), 0);
    } catch (fault) {
      setTrouble(fault instanceof SyntaxError ? words.unreadable : words.offline);
    }
    setBusy("");
  }

  async function past() {
    setBusy(words.loading);
    setTrouble("");
    try {
      const files = [];
      for (const one of draws) files.push(await file(`/verify/draws/${one.draw}.json`));
      const log = await file("/verify/log-all.json");
      setBusy(words.working);
      await breathe();
      const { findings: faults, missing } = verifyHistory(files, log);
      setResult({ ...result, history: { faults, missing } });
      setTimeout(() => head.current?.focus(), 0);
    } catch (fault) {
      setTrouble(fault instanceof SyntaxError ? words.unreadable : words.offline);
    }
    setBusy("");
  }

  async function scan(event) {
    const [picture] = event.target.files;
    event.target.value = "";
    if (!picture) return;
    setError("");
    try {
      if (!(await codesIn(picture)).some(take)) setError(words.unseen);
    } catch (fault) {
      setError(fault instanceof TypeError ? words.offline : words.unseen); // no reader came
    }
  }

  const words_of = (one) => {
    const [, month, day] = one.monday.split("-").map(Number);
    return `${persian(day)} ${months[month - 1]} · ${words.states[one.state]}`;
  };

  return h(
    "div",
    { className: "grid gap-6" },
    h(
      "form",
      { className: "grid gap-4", onSubmit: check },
      choice("district", words.district, district, choose, [
        ["", "—"],
        ...Array.from({ length: 22 }, (_, at) => [at + 1, said(words.name, { district: at + 1 })]),
      ]),
      draws.length > 0 &&
        choice(
          "draw",
          words.draw,
          draw,
          (chosen) => (setDraw(chosen), setResult(null)),
          draws.map((one) => [one.draw, words_of(one)]),
        ),
      h(
        "div",
        { className: "field" },
        h("label", { htmlFor: "ticket", className: "field-label" }, words.ticket),
        h(
          "div",
          { className: "input-box" },
          h("input", {
            id: "ticket",
            className: "input",
            dir: "ltr",
            value: ticket,
            maxLength: 300,
            autoComplete: "off",
            autoCapitalize: "none",
            spellCheck: false,
            "aria-describedby": "ticket-hint ticket-error",
            "aria-invalid": error ? "true" : "false",
            onChange: (event) => take(event.target.value) || setTicket(event.target.value),
          }),
        ),
        h(
          "div",
          { id: "ticket-error", role: "alert" },
          error && h("p", { className: "error" }, sign("flag"), h("span", null, error)),
        ),
        h("div", { className: "hint" }, h("span", { id: "ticket-hint" }, words.hint)),
      ),
      h(
        "label",
        { className: "btn btn-secondary" },
        sign("camera"),
        h("span", null, words.scan),
        h("input", { type: "file", accept: "image/*", className: "sr-only", onChange: scan }),
      ),
      h(
        "button",
        {
          type: "submit",
          className: "btn btn-primary",
          "aria-disabled": draw && !busy ? "false" : "true",
          disabled: Boolean(busy),
        },
        h("span", null, busy || (result ? words.again : words.go)),
      ),
      h(
        "div",
        { role: "alert" },
        trouble && h("p", { className: "notice notice-brick" }, h("b", null, trouble)),
      ),
    ),
    h(
      "div",
      { role: "alert" },
      refused && h("p", { className: "notice notice-brick" }, h("b", null, refused)),
      reply?.first &&
        h(
          "p",
          { className: `notice notice-${reply.tone}` },
          h("b", null, reply.first),
          ` ${reply.rest}`,
        ),
    ),
    result &&
      h(Outcome, { result, words, findings, head, busy, size, past, asking, object: onObject }),
  );
}

function choice(id, label, value, change, options) {
  return h(
    "div",
    { className: "field" },
    h("label", { htmlFor: id, className: "field-label" }, label),
    h(
      "div",
      { className: "input-box" },
      h(
        "select",
        { id, className: "input", value, onChange: (event) => change(event.target.value) },
        options.map(([key, word]) => h("option", { key, value: key }, word)),
      ),
      h("span", { className: "select-sign" }, sign("forward", "icon icon-sm")),
    ),
  );
}
