// Finds a row, recomputes its draw and, on request, its whole past. Nothing typed leaves the page:
// only whole files are fetched, the same for everybody.

import { createElement as h, useEffect, useRef, useState } from "react";
import { verifyHistory } from "./history.js";
import { fill, Outcome, persian, sign } from "./outcome.js";
import { codesIn } from "./receipt.js";
import { read, verifyDraw } from "./verify.js";

const TICKET = /^[0-9a-f]{64}$/;

async function file(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return read(await answer.text());
}

// Lets the browser paint the pressed button before the computation blocks the page.
const paint = () => new Promise((done) => setTimeout(done, 30));

export function DrawChecker({ texts, months, findings, reply, refused, asking, onObject }) {
  const fromAddress = useRef({});
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
    const parameters = new URLSearchParams(text.slice(text.indexOf("#") + 1));
    if (!parameters.get("d") && !parameters.get("t")) return false;
    fromAddress.current.draw = parameters.get("draw") || "";
    if (parameters.get("t")) setTicket(parameters.get("t"));
    choose(parameters.get("d") || "");
    return true;
  }

  useEffect(() => {
    const stored = sessionStorage.getItem("row"); // put there by the head of the page
    sessionStorage.removeItem("row");
    if (stored) take(stored);
  }, []);

  // The list has been corrected: the result below belongs to the previous one.
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
      if (!listed.length) setTrouble(texts.none);
      const wanted = listed.find((one) => one.draw === fromAddress.current.draw);
      const newest = listed.find((one) => one.state === "drawn") || listed[0];
      setDraw((wanted || newest)?.draw || "");
    } catch {
      setTrouble(texts.offline);
    }
  }

  async function check(event) {
    event?.preventDefault();
    const typed = ticket.trim().toLowerCase();
    setError("");
    setTrouble("");
    if (typed && !TICKET.test(typed)) {
      setError(texts.broken);
      return document.getElementById("ticket").focus();
    }
    if (!draw) return;
    setBusy(texts.loading);
    try {
      const drawn = await file(`/verify/draws/${draw}.json`);
      setBusy(texts.working);
      await paint();
      const { findings: faults } = verifyDraw(drawn);
      if (drawn?.draw !== draw) faults.push({ finding: "malformed", place: "draw" });
      setResult({ file: drawn, ticket: typed, faults, history: null });
      file(`/verify/size.json?district=${Number(district)}`).then(
        (answer) => setSize(answer.bytes),
        () => setSize(0),
      );
      setTimeout(() => head.current?.focus(), 0);
    } catch (fault) {
      setTrouble(fault instanceof SyntaxError ? texts.unreadable : texts.offline);
    }
    setBusy("");
  }

  async function past() {
    setBusy(texts.loading);
    setTrouble("");
    try {
      const files = [];
      for (const one of draws) files.push(await file(`/verify/draws/${one.draw}.json`));
      const note = await (await fetch("/log/checkpoint")).text(); // the log has it, and may be longer
      const log = await file("/verify/log-all.json");
      setBusy(texts.working);
      await paint();
      const { findings: faults, missing } = verifyHistory(files, log, note);
      setResult({ ...result, history: { faults, missing } });
      setTimeout(() => head.current?.focus(), 0);
    } catch (fault) {
      setTrouble(fault instanceof SyntaxError ? texts.unreadable : texts.offline);
    }
    setBusy("");
  }

  async function scan(event) {
    const [picture] = event.target.files;
    event.target.value = "";
    if (!picture) return;
    setError("");
    try {
      if (!(await codesIn(picture)).some(take)) setError(texts.unseen);
    } catch (fault) {
      setError(fault instanceof TypeError ? texts.offline : texts.unseen); // no reader came
    }
  }

  const words_of = (one) => {
    const [, month, day] = one.monday.split("-").map(Number);
    return `${persian(day)} ${months[month - 1]} · ${texts.states[one.state]}`;
  };

  return h(
    "div",
    { className: "grid gap-6" },
    h(
      "form",
      { className: "grid gap-4", onSubmit: check },
      choice("district", texts.district, district, choose, [
        ["", "—"],
        ...Array.from({ length: 22 }, (_, at) => [at + 1, fill(texts.name, { district: at + 1 })]),
      ]),
      draws.length > 0 &&
        choice(
          "draw",
          texts.draw,
          draw,
          (chosen) => (setDraw(chosen), setResult(null)),
          draws.map((one) => [one.draw, words_of(one)]),
        ),
      h(
        "div",
        { className: "field" },
        h("label", { htmlFor: "ticket", className: "field-label" }, texts.ticket),
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
        h("div", { className: "hint" }, h("span", { id: "ticket-hint" }, texts.hint)),
      ),
      h(
        "label",
        { className: "btn btn-secondary" },
        sign("camera"),
        h("span", null, texts.scan),
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
        h("span", null, busy || (result ? texts.again : texts.go)),
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
      h(Outcome, { result, texts, findings, head, busy, size, past, asking, object: onObject }),
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
