// Proves a row, a receipt or a whole draw in the reader's own browser. A ticket leaves the browser
// only in the address of its row, a receipt never. What is behind the # of a link stays in the
// browser too.

import { createElement as h, useEffect, useRef, useState } from "react";
import { sha256 } from "../../../shell/photos/sha256.js";
import { canonical, read } from "./canonical.js";
import { Outcome, sign, tick, titleOf } from "./outcome.js";
import { fetching, recognise, storage } from "./phone.js";
import { prove } from "./prove.js";
import { codesIn } from "./receipt.js";
import { readFile, verifyDraw } from "./verify.js";
import { amount, fill, persian, sentence } from "./words.js";

export { WholeLog } from "./whole_log.js";

const MOST = 200_000; // maximum bytes fetched without asking the reader
const OUT_OF_FORM = ["not_a_file", "malformed", "key_missing", "key_too_many"];
const HEX = /^[0-9a-f]{64}$/;

async function file(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new TypeError(String(answer.status));
  return readFile(await answer.text());
}

// A file without a canonical form cannot be the one in the log.
function written(drawn) {
  try {
    return canonical(drawn);
  } catch {
    return "";
  }
}

// Lets the browser paint the pressed button before the computation blocks the page.
const paint = () => new Promise((done) => setTimeout(done, 30));

export function DrawChecker(props) {
  const { texts, months, findings, breaks, kinds, reply, refused, asking, onObject } = props;
  const fromAddress = useRef({});
  const [district, setDistrict] = useState("");
  const [draws, setDraws] = useState([]);
  const [draw, setDraw] = useState("");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState("");
  const [trouble, setTrouble] = useState("");
  const [error, setError] = useState("");
  const [proof, setProof] = useState(null);
  const [result, setResult] = useState(null);
  const head = useRef(null);

  // Takes a receipt's QR, or a link of this site: #d=6&t=TICKET&draw=…; browsers do not send that
  // part.
  function take(text) {
    const parameters = new URLSearchParams(text.slice(text.indexOf("#") + 1));
    if (!parameters.get("d") && !parameters.get("t")) return false;
    fromAddress.current.draw = parameters.get("draw") || "";
    if (parameters.get("t")) setTyped(parameters.get("t"));
    choose(parameters.get("d") || "");
    return true;
  }

  useEffect(() => {
    // Stored by the script in the page's head, or by the page of her receipts (receipts.js).
    const stored = sessionStorage.getItem("row");
    sessionStorage.removeItem("row");
    if (!stored || take(stored)) return;
    setTyped(stored);
    check(undefined, stored);
  }, []);

  // Once the result is drawn: a receipt that was handed over is checked while the page still begins.
  useEffect(() => {
    if (proof && !busy && !trouble) head.current?.focus();
  }, [busy]);

  // The list was corrected, so the result below belongs to the previous one.
  useEffect(() => {
    if (reply?.changed && typed) check();
  }, [reply?.first]);

  const forget = () => (setProof(null), setResult(null), setTrouble(""));

  async function choose(number) {
    setDistrict(number);
    setDraws([]);
    setDraw("");
    forget();
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

  function wanted(text) {
    if (!text) return { draw, ticket: "" };
    const { receipt, ticket, broken, old } = recognise(text);
    if (receipt) return { receipt, draw: "", ticket: "" };
    if (ticket && HEX.test(ticket)) return { draw, ticket };
    return { error: broken ? texts.receiptCut : old ? texts.receiptOld : texts.broken };
  }

  async function check(event, text = typed.trim()) {
    event?.preventDefault();
    const what = wanted(text);
    setError(what.error || "");
    setTrouble("");
    if (what.error) return document.getElementById("ticket").focus();
    if (!what.receipt && !what.draw) return setTrouble(texts.choose);
    setBusy(texts.loading);
    setResult(null);
    try {
      const fetcher = fetching();
      const found = await prove(what, fetcher, storage(), texts, kinds);
      setProof({ ...found, what, bytes: fetcher.bytes });
      const size = found.row?.size ?? 0;
      if (what.draw && !found.broken && size <= MOST) await recompute(what, found);
    } catch (fault) {
      setTrouble(fault instanceof SyntaxError ? texts.unreadable : texts.offline);
    }
    setBusy("");
  }

  // Recomputes the whole draw from its file, which must be the one in the log.
  async function recompute({ draw: name, ticket }, { row }) {
    const drawn = await file(`/verify/draws/${name}.json`);
    setBusy(texts.working);
    await paint();
    const { findings: faults } = verifyDraw(drawn);
    if (drawn?.draw !== name) faults.push({ finding: "malformed", place: "draw" });
    const logged = row?.draw?.body.file;
    const isLogged = logged && drawn?.seated ? sha256(written(drawn)) === logged : null;
    // If the file is malformed, only that can be shown.
    const isWhole = faults.every(({ finding }) => !OUT_OF_FORM.includes(finding));
    setResult({ file: isWhole ? drawn : { draw: name }, ticket, faults, isLogged });
  }

  async function more() {
    setBusy(texts.loading);
    try {
      await recompute(proof.what, proof);
    } catch (fault) {
      setTrouble(fault instanceof SyntaxError ? texts.unreadable : texts.offline);
    }
    setBusy("");
  }

  async function open(picked) {
    if (!picked) return;
    setError("");
    try {
      const isPicture = picked.type.startsWith("image/");
      const found = isPicture ? await codesIn(picked) : [await picked.slice(0, 10_000).text()];
      const text = found.find((one) => take(one) || recognise(one).receipt || recognise(one).ticket);
      if (text === undefined) return setError(isPicture ? texts.unseen : texts.receiptCut);
      if (!/#/.test(text)) setTyped(text.trim());
      forget();
    } catch (fault) {
      setError(fault instanceof TypeError ? texts.offline : texts.unseen); // the QR reader could not be loaded
    }
  }

  function drop(event) {
    event.preventDefault();
    open(event.dataTransfer.files[0]);
  }

  const words_of = (one) => {
    const [, month, day] = one.monday.split("-").map(Number);
    return `${persian(day)}\u00a0${months[month - 1]}\u00a0· ${texts.states[one.state]}`;
  };
  const title = proof && titleFor(proof, result, texts);

  return h(
    "div",
    { className: "grid gap-6" },
    h(
      "form",
      { className: "grid gap-4", onSubmit: check },
      h(
        "div",
        { id: "receipt", className: "field", onDrop: drop, onDragOver: (event) => event.preventDefault() },
        h("label", { htmlFor: "ticket", className: "field-label" }, texts.ticket),
        h(
          "div",
          { className: "input-box" },
          h("textarea", {
            id: "ticket",
            className: "input",
            dir: "ltr",
            rows: 3,
            style: { maxHeight: "10rem", textAlign: "left" },
            value: typed,
            maxLength: 5000,
            autoComplete: "off",
            autoCapitalize: "none",
            spellCheck: false,
            "aria-describedby": "ticket-hint ticket-error",
            "aria-invalid": error ? "true" : "false",
            onChange: ({ target: { value } }) => take(value) || setTyped(value),
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
        h("input", {
          type: "file",
          accept: "image/*,.txt,text/plain",
          className: "sr-only",
          onChange: ({ target }) => (open(target.files[0]), (target.value = "")),
        }),
      ),
      choice("district", texts.district, district, choose, [
        ["", texts.pick],
        ...Array.from({ length: 22 }, (_, at) => [at + 1, fill(texts.name, { district: at + 1 })]),
      ]),
      draws.length > 0 &&
        choice(
          "draw",
          texts.draw,
          draw,
          (chosen) => (setDraw(chosen), forget()),
          draws.map((one) => [one.draw, words_of(one)]),
        ),
      h(
        "button",
        { type: "submit", className: "btn btn-primary", disabled: Boolean(busy) },
        h("span", null, busy || (proof ? texts.again : texts.go)),
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
    proof &&
      h(
        "section",
        { className: "grid gap-4", "aria-live": "polite" },
        h("h2", { className: "text-h1", tabIndex: -1, ref: head }, title),
        proof.broken && evidence(proof, breaks, texts),
        proof.ticks.length > 0 &&
          h("ul", { className: "rows" }, proof.ticks.map((one) => tick(one.holds, one.title, one.text))),
        proof.log && ownAudit(proof.log.now, texts),
        h("p", { className: "text-meta text-ink2" },
          fill(texts.provedSize, { size: amount(proof.bytes, texts.units) })),
        !result && proof.row?.size > MOST && !proof.broken &&
          h(
            "button",
            { type: "button", className: "btn btn-secondary", onClick: more, disabled: !!busy },
            h("span", null,
              busy || fill(texts.fileAsk, { size: amount(proof.row.size, texts.units) })),
          ),
        result && h(Outcome, { result, texts, findings, asking, object: onObject }),
      ),
  );
}

function titleFor({ broken, what, row }, result, texts) {
  if (broken) return texts.failed;
  if (result?.isLogged === false && !result.faults.length) return texts.fileUnlike;
  if (result) return titleOf(result, texts);
  if (what.receipt) return texts.provedReceipt;
  return what.ticket && !row ? texts.notListed : texts.proved;
}

// What was found wrong, and a file with the evidence that can be checked without this site.
function evidence({ broken, facts, log, what }, breaks, texts) {
  const lines = [facts.note || what.receipt, facts.then, facts.now, log?.note].filter(Boolean);
  const saved = `data:text/plain;charset=utf-8,${encodeURIComponent(lines.join("\n\n"))}`;
  return h(
    "div",
    { className: "notice notice-brick" },
    h("b", null, sentence(breaks, { code: broken, ...facts })),
    h("p", null, texts.failedWhy),
    facts.then && said(texts.then, facts.then),
    facts.now && said(texts.now, facts.now),
    lines.length > 0 &&
      h("a", { className: "btn btn-secondary mt-2", href: saved, download: "evidence.txt" },
        sign("download"), h("span", null, texts.evidence)),
  );
}

const said = (title, text) =>
  h("div", { className: "mt-2" }, h("p", { className: "font-semibold" }, title),
    h("p", { dir: "ltr", className: "break-all text-start text-meta" }, text));

function ownAudit({ audited }, texts) {
  const body = audited ? read(audited).body : null;
  const words = !body
    ? texts.ownAuditNone
    : fill(body.findings ? texts.ownAuditFound : texts.ownAuditFine, { size: body.size, count: body.findings });
  const holds = body ? !body.findings : null;
  return h("ul", { className: "rows" }, tick(holds, texts.ownAudit, words));
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
