// Shows the result of the computation as ticks with sentences, a strip of rows and the draw's hash
// in tiles.

import { createElement as h } from "react";
import { jumpers, seatedWithFewer } from "./draw.js";
import { fill, persian } from "./words.js";

export const sign = (name, look = "icon") =>
  h("svg", { className: look, "aria-hidden": "true" }, h("use", { href: `#i-${name}` }));

const SAID = 12; // maximum findings; one wrong place can break a thousand rows
const MONDAY = "d06-".length;
const SHOWN = 240; // maximum tiles; more do not fit on a phone's screen

// What was recomputed from the draw's own file. The caller draws the title.
export function Outcome({ result, texts, findings, asking, object }) {
  const { file, ticket, faults } = result;
  const row = file.pool?.find((one) => one.ticket === ticket);
  return h(
    "div",
    { className: "grid gap-4" },
    faults.length > 0 &&
      h(
        "div",
        { className: "notice notice-brick" },
        h("b", null, texts.wrongWhy),
        h("p", null, `${texts.number} `, h("bdi", { dir: "ltr" }, file.draw)),
        h("ul", { className: "mt-2 grid gap-1" }, faults.slice(0, SAID).map(line(findings))),
      ),
    file.seated &&
      !Object.keys(file.reveals).some((party) => party !== "city") &&
      h("p", { className: "notice notice-saffron" }, h("b", null, texts.alone)),
    file.pool && ticks(result, row, texts),
    file.pool && ticket && !row && missing(file, ticket, texts, asking, object),
    file.seated && !faults.length && strip(file, row, texts),
    file.pool_root && pattern(file, texts),
    h(
      "a",
      { className: "btn btn-secondary", href: `/verify/draws/${file.draw}.json`, download: "" },
      sign("download"),
      h("span", null, texts.file),
    ),
  );
}

export function titleOf({ file, ticket, faults }, texts) {
  if (faults.length) return texts.wrong;
  if (!file.seated) return texts.notYet;
  const isListed = file.pool?.some((one) => one.ticket === ticket);
  return ticket && !isListed ? texts.wellWithout : texts.well;
}

// A finding about the log has no draw. Its sentence names the log.
const line = (findings) => (fault, at) =>
  h(
    "li",
    { key: at, className: "break-words" },
    /^d\d\d-/.test(fault.draw) && h("bdi", { dir: "ltr", className: "text-meta" }, `${fault.draw} `),
    (findings[fault.finding] || fault.finding).replace("{place}", placed(fault.place)),
  );

const placed = (place) => (/^\d+$/.test(place) ? persian(place) : place);

function ticks({ file, ticket, faults, isLogged }, row, texts) {
  const well = !faults.length;
  const seat = file.seated?.findIndex((one) => one.ticket === ticket) ?? -1;
  const next = file.standby?.indexOf(ticket) ?? -1;
  const stranger = Boolean(ticket) && !row; // the draw may be right, but the ticket is not in it
  const place =
    seat >= 0
      ? fill(texts.placeSeat, { time: file.seated[seat].time, place: seat + 1 })
      : next >= 0
        ? fill(texts.placeStandby, { place: next + 1 })
        : stranger
          ? texts.placeNone
          : fill(texts.placeAll, { seats: file.seated?.length, standby: file.standby?.length });
  return h(
    "ul",
    { className: "rows" },
    !ticket && tick(null, texts.list, fill(texts.inUnasked, { rows: file.pool.length })),
    file.seated &&
      isLogged !== null &&
      tick(isLogged, isLogged ? texts.fileLogged : texts.fileUnlike, isLogged && texts.fileWhy),
    file.seated && !well && tick(false, ticket ? texts.placeMine : texts.rowsAll, texts.differs),
    file.seated &&
      well &&
      tick(stranger ? null : true, row ? texts.place : stranger ? texts.placeMine : texts.order, place),
    file.seated && well && jumps(file, texts),
  );
}

function jumps(file, texts) {
  const before = jumpers(file);
  if (!before.length) return tick(true, texts.jumped, texts.jumpedYes);
  return tick(
    null,
    fill(texts.jumpedNo, { count: before.length }),
    h("div", null, texts.jumpedWhy, h("ul", { className: "grid gap-1" }, before.slice(0, SAID).map(who(texts)))),
  );
}

const wayOf = (why, texts) =>
  why === "debt" ? texts.jumperDebt : fill(texts.jumperLane, { lane: texts.lanes[why.slice(5)] });

const who = (texts) => ({ ticket, why, weeks }) =>
  h(
    "li",
    { key: ticket },
    h("bdi", { dir: "ltr", className: "text-meta" }, ticket.slice(0, 8)),
    `\u00a0· ${fill(texts.jumper, { weeks, why: wayOf(why, texts) })}`,
  );

// A citizen who is missing in a list may have it corrected. If the draw was already held, the city
// owes her a seat if the list was wrong. Only this button sends her ticket, and the text below says
// so.
function missing(file, ticket, texts, asking, object) {
  return h(
    "div",
    { className: "grid gap-2" },
    h("p", null, file.seated ? texts.missedLate : texts.missed),
    h(
      "button",
      {
        type: "button",
        className: "btn btn-secondary",
        disabled: Boolean(asking),
        onClick: () => object(ticket, file.draw.slice(MONDAY)),
      },
      h("span", null, asking ? texts.asking : file.seated ? texts.objectLate : texts.object),
    ),
    h("p", { className: "text-meta text-ink2" }, texts.objectSends),
  );
}

// true: a tick; false: a cross; null: not checked.
export function tick(holds, title, text) {
  const look = holds === null ? "t-raw" : holds ? "t-glazed" : "t-late";
  const mark = holds === null ? "info" : holds ? "check" : "close";
  return h(
    "li",
    { key: title },
    h(
      "div",
      { className: "row row-static" },
      h("span", { className: `tile ${look} size-9 shrink-0` }, sign(mark, "icon icon-sm")),
      h(
        "div",
        { className: "row-body" },
        h("h3", { className: "row-title" }, title),
        h("div", { className: "text-ink2" }, text),
      ),
    ),
  );
}

function strip(file, row, texts) {
  const order = [...file.seated.map((one) => one.ticket), ...file.standby].slice(0, SHOWN);
  const place = row ? order.indexOf(row.ticket) : -1;
  const look = (at) => (at === place ? "now" : at < file.seated.length ? "glazed" : "raw");
  const isByWeeks = file.seated[place]?.why === "line";
  const count = isByWeeks ? seatedWithFewer(file, place) : 0;
  const sentence = isByWeeks
    ? fill(count ? texts.behindFewer : texts.withWeeks, { weeks: row.waited, place: place + 1, count })
    : fill(texts.placeAll, { seats: file.seated.length, standby: file.standby.length });
  return h(
    "div",
    { className: "sheet" },
    h(
      "div",
      { className: "grid gap-3" },
      h("h3", { className: "text-h3" }, row ? texts.rows : texts.rowsAll),
      h(
        "div",
        { className: "strip strip-wrap", role: "img", "aria-label": sentence },
        order.map((one, at) => h("span", { key: one, className: `tile t-${look(at)}` })),
      ),
      h("p", null, sentence),
      h(
        "ul",
        { className: "legend" },
        legend("glazed", texts.seated),
        legend("raw", texts.waits),
        row && legend("now", texts.you),
      ),
    ),
  );
}

const legend = (kind, word) =>
  h("li", null, h("span", { className: `tile t-${kind}` }), word);

function pattern(file, texts) {
  const halves = [...file.pool_root.slice(0, 24)].flatMap((digit) => {
    const value = parseInt(digit, 16);
    return [value >> 2, value & 3];
  });
  return h(
    "div",
    { className: "flex items-start gap-4" },
    h(
      "div",
      { className: "finger finger-lg", role: "img", "aria-label": texts.finger },
      halves.map((value, at) => h("i", { key: at, className: `f${value}` })),
    ),
    h(
      "div",
      null,
      h("h3", { className: "text-h3" }, texts.finger),
      h("p", { className: "text-ink2" }, texts.fingerWhy),
      h("bdi", { dir: "ltr", className: "text-meta" }, file.pool_root.slice(0, 8)),
    ),
  );
}
