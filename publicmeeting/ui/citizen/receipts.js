// The signed receipts of one case. They are fetched, checked in this browser, and shown with ✓ only
// after that. The check relies only on what the notes themselves say. One line says that the newest
// is valid; the rest is folded.

import { createElement as h, useEffect, useState } from "react";
import { NoteError } from "../../shell/proofs/note.js";
import { checkReceipt } from "./receipt_check.js";

const PATIENCE = 15000; // ms

const persian = (value) => String(value).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]);
const sign = (name) =>
  h("svg", { className: "icon", "aria-hidden": "true" }, h("use", { href: `#i-${name}` }));

// "right", "wrong", or "unable" if this browser lacks what the check needs.
function outcome(one, all) {
  try {
    return { ...one, ...checkReceipt(one, all), is: "right" };
  } catch (fault) {
    return { ...one, is: fault instanceof NoteError || fault instanceof SyntaxError ? "wrong" : "unable" };
  }
}

async function read(code) {
  const signal = AbortSignal.timeout?.(PATIENCE);
  const answer = await fetch(`/receipts/${code}.json`, { cache: "no-store", signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

export function LogReceipts({ code, since, withCode, texts }) {
  const [all, setAll] = useState(null);
  const [newest, setNewest] = useState(null);
  const [older, setOlder] = useState([]);
  const [isOpen, setOpen] = useState(false);
  const [again, setAgain] = useState(0);
  const [hasCode, setHasCode] = useState(false);

  useEffect(() => {
    if (!code) return undefined;
    let left = false;
    read(code).then(
      (found) => {
        if (left) return;
        setAll(found);
        setNewest(found.receipts.length ? outcome(found.receipts[0], found) : { is: "wrong" });
      },
      () => !left && setNewest({ is: "unread" }),
    );
    return () => {
      left = true;
    };
  }, [code, JSON.stringify(since), again]);

  // The others are checked only on request: each check takes a cheap phone some time.
  useEffect(() => {
    if (isOpen && all) setOlder(all.receipts.slice(1).map((one) => outcome(one, all)));
  }, [isOpen, all]);

  const file = (one) =>
    h(
      "a",
      { href: `/receipts/${code}/${one.seq}.txt`, download: "", className: "link nav-link gap-2 no-print" },
      sign("download"),
      texts.keep,
    );
  const line = (one) =>
    h(
      "div",
      { className: "grid gap-1" },
      h("p", { className: "font-semibold" }, `${texts.line.replace("{seq}", persian(one.seq))} `, one.what),
      h("p", { className: "text-meta text-ink2" }, one.at),
      one.mark && h("p", { dir: "ltr", className: "text-end text-meta break-all" }, `${one.mark} ${one.key}`),
    );
  const tried = { onClick: () => (setNewest(null), setAgain(again + 1)), type: "button" };

  if (!newest) return h("p", { className: "text-ink2", role: "status" }, texts.checking);
  if (newest.is !== "right")
    return h(
      "div",
      { className: `notice notice-${newest.is === "wrong" ? "brick" : "neutral"}`, role: "alert" },
      h("p", null, h("strong", null, texts[newest.is])),
      h("button", { ...tried, className: "btn btn-secondary no-print" }, sign("refresh"), texts.again),
      newest.seq && file(newest),
    );
  return h(
    "div",
    { className: "grid gap-3" },
    h(
      "details",
      { className: "notice notice-neutral" },
      h(
        "summary",
        { className: "cursor-pointer list-none" },
        h("span", { className: "flex gap-2", role: "status" }, sign("check"), h("strong", null, texts.right)),
        h("span", { className: "link no-print" }, texts.more),
      ),
      line(newest),
      h(
        "div",
        { className: "flex flex-wrap gap-x-4" },
        file(newest),
        // There the receipt is checked at once: nobody with a phone copies it by hand.
        h(
          "a",
          {
            href: "/verify/#receipt",
            className: "link nav-link no-print",
            onClick: () => sessionStorage.setItem("row", newest.note),
          },
          texts.prove,
        ),
      ),
      withCode &&
        h(
          "button",
          {
            type: "button",
            className: "btn btn-secondary no-print",
            "aria-expanded": hasCode,
            onClick: () => setHasCode(!hasCode),
          },
          sign("qr"),
          texts.code,
        ),
    ),
    // Outside the folded part, because it is always printed.
    withCode &&
      h(
        "div",
        { className: `receipt-code ${hasCode ? "is-open" : ""}` },
        h(
          "div",
          { className: "qr receipt-qr" },
          h("img", { src: `/receipts/${code}/${newest.seq}.svg`, alt: texts.code }),
        ),
        h("p", { className: "text-meta text-ink2" }, texts.codeHint),
        newest.mark && h("p", { dir: "ltr", className: "text-meta break-all" }, `${newest.mark} ${newest.key}`),
      ),
    all.receipts.length > 1 &&
      h(
        "details",
        { className: "no-print", onToggle: (event) => setOpen(event.currentTarget.open) },
        h("summary", { className: "disclosure link" }, texts.others),
        h(
          "ul",
          { className: "mt-2 grid gap-4" },
          older.map((one) =>
            h(
              "li",
              { key: one.seq, className: "flex gap-2" },
              one.is === "right" ? sign("check") : sign("close"),
              h("div", { className: "grid gap-1" }, line(one), one.is !== "right" && texts[one.is], file(one)),
            ),
          ),
        ),
      ),
  );
}
