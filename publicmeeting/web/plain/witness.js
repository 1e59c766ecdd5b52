// The page of a witness. The key is created and used here and cannot leave the browser. Before each
// signature the script checks that the log continues the last checkpoint stored in this browser.

import { digest, utf8 } from "../photos/sha256.js";
import { Tiles, bundlePath, isSame, leafHash, readBundle, tileWidth, verifyConsistency, verifyInclusion } from "../proofs/merkle.js";
import { COSIGNATURE, NoteError, cosigned, formKey, fromText, keyId, openCheckpoint, parseKey, toBase64 } from "../proofs/note.js";

const place = document.getElementById("witness");
const words = JSON.parse(place.dataset.words);
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const ED = "Ed25519";
const EVERY_MS = 30_000;
const OTHER = "other";
const DIGITS = "۰۱۲۳۴۵۶۷۸۹";

class Told extends Error {} // a sentence for the witness
class Shown extends Error {} // already shown

// --- texts and elements

const fill = (text, facts = {}) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
const persian = (text) => String(text).replace(/[0-9]/g, (one) => DIGITS[one]);
const ascii = (text) =>
  text.replace(/[۰-۹]/g, (one) => one.charCodeAt(0) - 0x6f0).replace(/[٠-٩]/g, (one) => one.charCodeAt(0) - 0x660);

function h(name, attributes, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {}))
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  made.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}
const p = (text, kind = "") => h("p", { class: kind }, text);
const ltr = (text, kind = "") => h("bdi", { dir: "ltr", class: kind }, text);
const isKnown = (party) => Object.hasOwn(city.names, party);
// The Persian name of a known party, else its name in the log.
const nameOf = (party, kind = "") => (isKnown(party) ? h("bdi", { class: kind }, city.names[party]) : ltr(party, kind));
const ids = (keys) => h("p", { class: "witness-ids" }, ...keys.map((one) => ltr(one.split("+")[1])));
const notice = (tone, head, ...rest) =>
  h("div", { class: `notice notice-${tone}`, role: tone === "brick" ? "alert" : "status" }, p(head, "font-bold"), ...rest);
const section = (head, ...inside) =>
  h("section", { class: "section" }, h("h2", { class: "text-h2" }, head), h("div", { class: "mt-3 grid gap-4" }, ...inside));

function button(word, press, kind = "primary") {
  const made = h("button", { type: "button", class: `btn btn-${kind}` }, word);
  made.addEventListener("click", async () => {
    if (made.disabled) return;
    made.disabled = true;
    try {
      await press();
    } catch (fault) {
      say(fault);
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

function field(id, label, hint, attributes = {}) {
  return around(h("input", { id, class: "input", autocomplete: "off", spellcheck: "false", ...attributes }), label, hint);
}

function choice(id, label, options) {
  const one = ([value, name]) => h("option", { value }, name);
  return around(h("select", { id, class: "input" }, ...options.map(one)), label);
}

function around(input, label, hint) {
  const { id } = input;
  const error = h("p", { class: "error", id: `${id}-error`, role: "alert", hidden: true });
  const box = h("div", { class: "field" }, h("label", { for: id, class: "field-label" }, label), framed(input), error,
    hint ? h("div", { class: "hint" }, hint) : null);
  const wrong = (text) => {
    error.textContent = text;
    error.hidden = !text;
    input.setAttribute("aria-invalid", text ? "true" : "false");
    input.setAttribute("aria-describedby", error.id);
    if (text) input.focus();
  };
  return { box, input, wrong };
}

function forward() {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon icon-sm", "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  path.setAttribute("d", "M15 4l-8 8 8 8");
  svg.append(path);
  return svg;
}
const framed = (input) =>
  input.tagName === "SELECT" ? h("div", { class: "input-box" }, input, h("span", { class: "select-sign" }, forward())) : input;

// Errors are shown above everything else, once.
const trouble = h("div", {});
function say(fault) {
  if (fault instanceof Shown) return;
  const known = fault instanceof Told ? fault.message : fault instanceof NoteError ? words[fault.code] || words.note_malformed : words.trouble;
  if (known === words.trouble) console.warn(String(fault));
  trouble.replaceChildren(notice("brick", known));
  trouble.scrollIntoView({ block: "nearest" });
}

function download(name, text) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// --- storage of this browser

function store(mode, use) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("publicmeeting-witness", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
    opening.onerror = () => fail(new Told(words.no_store));
    opening.onsuccess = () => {
      const base = opening.result;
      const work = base.transaction("kept", mode);
      const asked = use(work.objectStore("kept"));
      work.oncomplete = () => (base.close(), done(asked?.result));
      work.onerror = work.onabort = () => (base.close(), fail(new Told(words.no_store)));
    };
  });
}
const kept = (name) => store("readonly", (all) => all.get(name));
const keep = (name, value) => store("readwrite", (all) => all.put(value, name));

// A lock, so that two tabs never sign simultaneously.
const alone = (work) => (navigator.locks ? navigator.locks.request("publicmeeting-witness", work) : work());

// --- the key

async function canSign() {
  try {
    await crypto.subtle.importKey("pkcs8", Uint8Array.of(...PKCS8, ...new Uint8Array(32).fill(7)), ED, false, ["sign"]);
    return true;
  } catch {
    return false;
  }
}

async function keyOf(seed) {
  const packed = Uint8Array.of(...PKCS8, ...seed);
  const open = await crypto.subtle.importKey("pkcs8", packed, ED, true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", open);
  const bytes = Uint8Array.from(atob(x.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const secret = await crypto.subtle.importKey("pkcs8", packed, ED, false, ["sign"]);
  return { secret, public: bytes };
}

const sign = async (key, text) => new Uint8Array(await crypto.subtle.sign(ED, key.secret, utf8(text)));
const vkeyOf = (key) => formKey(key.name, COSIGNATURE, key.public);
const toHex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g), (one) => parseInt(one, 16));
const sha = (...parts) => toHex(digest(utf8(parts.join("\n"))));

// --- the city

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Told(words.away);
  }
  if (answer.ok) return answer;
  const text = answer.headers.get("content-type")?.startsWith("text/plain") ? await answer.text() : "";
  throw new Told(text.trim() || fill(words.status, { status: persian(answer.status) }));
}
const bytesOf = async (path) => new Uint8Array(await (await ask(path)).arrayBuffer());
const readTile = (path) => bytesOf(`/log/${path}`);
const send = (kind, body) =>
  ask(`/log/${kind}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

let city; // content of /witness/weeks.json
const now = () => Math.floor(Date.now() / 1000) + (city?.ahead || 0);

async function readCity() {
  city = await (await ask("/witness/weeks.json")).json();
}

async function cityKeys() {
  const mine = await kept("city");
  return (mine?.keys || city.keys).map(parseKey);
}

// --- consistency of the log

async function refuse(old, fresh) {
  await keep("rewritten", { old, fresh, at: now() });
  await show();
  throw new Shown();
}

// Return the newest checkpoint, after checking that it continues the stored one.
async function continued() {
  const raw = fromText(await bytesOf("/log/checkpoint"));
  const keys = await cityKeys();
  const fresh = openCheckpoint(raw, city.origin, keys);
  const oldRaw = await kept("note");
  const tiles = new Tiles(fresh.size, readTile);
  if (oldRaw) {
    const old = openCheckpoint(oldRaw, city.origin, keys);
    if (fresh.size < old.size) throw new Told(fill(words.shorter, { size: persian(fresh.size), mine: persian(old.size) }));
    if (fresh.size === old.size && !isSame(fresh.root, old.root)) await refuse(oldRaw, raw);
    await requireBeginning(old, oldRaw, { raw, tiles, ...fresh });
  }
  return { raw, tiles, ...fresh };
}

async function requireBeginning(old, oldRaw, log) {
  const proof = await log.tiles.consistency(old.size).catch((fault) => {
    throw fault instanceof RangeError ? new Told(words.cut) : fault;
  });
  if (verifyConsistency(old.size, old.root, log.size, log.root, proof)) return;
  // Tiles with the log's root prove a fork; otherwise the download was incomplete or mixed up.
  if (isSame(await log.tiles.subtree(0, log.size), log.root)) await refuse(oldRaw, log.raw);
  throw new Told(words.cut);
}

// Return the first note that another witness signed since the newest moment, so that a quorum signs
// the same one; else the newest note. Both are prefixes of the log that was checked here.
async function toSign(log) {
  if (!(city.note > 0 && city.note < log.size)) return log;
  const raw = fromText(await bytesOf(`/log/note/${city.note}`));
  const first = openCheckpoint(raw, city.origin, await cityKeys());
  await requireBeginning(first, raw, log);
  return { raw, ...first };
}

async function signLog(key) {
  await readCity(); // another witness may have signed meanwhile
  const log = await continued();
  const note = await toSign(log);
  const time = now();
  const signature = await sign(key, new TextDecoder().decode(cosigned(note.text, time)));
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  const line = toBase64(Uint8Array.of(...keyId(key.name, COSIGNATURE, key.public), ...stamp, ...signature));
  await ask("/log/cosignature", {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: `${note.raw}— ${key.name} ${line}\n`,
  });
  await keep("note", log.raw);
  return note.size;
}

// Read in the log itself, under the root to be signed, that every list of a Monday is fixed.
async function isFixed(week) {
  const log = await continued();
  const seen = { monday_opened: new Set(), freeze: new Set() };
  for (const seq of [...week.opened, ...week.frozen]) {
    const entry = await entryAt(log, seq);
    if (!entry.body.draw?.endsWith(week.monday)) throw new Told(words.cut);
    seen[entry.kind]?.add(entry.body.draw);
  }
  return seen.monday_opened.size > 0 && [...seen.monday_opened].every((draw) => seen.freeze.has(draw));
}

async function entryAt(log, seq) {
  const [index, number] = [seq - 1, Math.floor((seq - 1) / 256)];
  const width = tileWidth(0, number, log.size);
  const bundle = readBundle(await bytesOnce(`/log/${bundlePath(number, width)}`), width);
  const raw = bundle?.[index % 256];
  const path = raw && (await log.tiles.inclusion(index));
  if (!raw || !verifyInclusion(leafHash(raw), index, log.size, path, log.root)) throw new Told(words.cut);
  return JSON.parse(fromText(raw));
}
const fetched = new Map();
function bytesOnce(path) {
  if (!fetched.has(path)) fetched.set(path, bytesOf(path).catch((fault) => (fetched.delete(path), Promise.reject(fault))));
  return fetched.get(path);
}

// --- the week

const saidLines = (key, kind, monday, ...rest) =>
  ["publicmeeting/said/v1", city.origin, kind, monday, key.party, ...rest].map((one) => `${one}\n`).join("");
const isHers = (week, key) => week.witnesses.some((one) => one.vkey === vkeyOf(key));
const mine = (week, key) => week.parties[key.party] || {};

async function commitAll(key) {
  for (const week of city.mondays)
    if (isHers(week, key) && !mine(week, key).commitment && now() < week.freeze_at) {
      const name = `value/${week.monday}`;
      let value = await kept(name);
      if (!value) await keep(name, (value = toHex(crypto.getRandomValues(new Uint8Array(32)))));
      const commitment = sha("publicmeeting/commit/v1", key.party, value);
      const sig = toBase64(await sign(key, saidLines(key, "commitment", week.monday, commitment)));
      await send("commitment", { monday: week.monday, party: key.party, commitment, sig });
      week.parties[key.party] = { ...mine(week, key), commitment };
    }
}

const isRevealTime = (week) => week.reveals_from !== null && now() >= week.reveals_from && now() < week.reveals_until;

async function reveal(week, key) {
  const value = await kept(`value/${week.monday}`);
  if (!value || sha("publicmeeting/commit/v1", key.party, value) !== mine(week, key).commitment)
    throw new Told(words.elsewhere);
  if (!(await isFixed(week))) throw new Told(words.not_fixed);
  await send("reveal", { monday: week.monday, party: key.party, value });
}

// Return the number in the form of the log; throws Told with the error.
function typedValue(text, kind) {
  const value = ascii(text.trim()).replace(/[,٬]/g, "");
  if (kind === "dice") {
    if (!/^[1-6]{10}$/.test(value)) throw new Told(words.wrong_dice);
    return value;
  }
  if (/[0-9][./٫][0-9]/.test(value)) throw new Told(words.decimals);
  if (/[0-9]\s+[0-9]/.test(value)) throw new Told(words.space);
  if (!/^(0|[1-9][0-9]{0,14})$/.test(value)) throw new Told(words.number);
  return value;
}

async function enter(week, key, value) {
  const { day } = week.value;
  const sig = toBase64(await sign(key, saidLines(key, "value", week.monday, day, value)));
  await send("value", { monday: week.monday, day, party: key.party, value, sig });
}

// --- the page

let state = { done: "", typing: "", waits: null };

async function show() {
  const [key, rewritten] = [await kept("key"), await kept("rewritten")];
  const parts = !key ? await first() : rewritten ? refused(rewritten) : await home(key);
  const active = document.activeElement?.id;
  place.replaceChildren(trouble, ...parts, code());
  if (active) document.getElementById(active)?.focus();
}

async function first() {
  const houses = Object.entries(city.names).filter(([party]) => party !== "city");
  const kind = choice("kind", words.kind, [["", words.choose], ...houses, [OTHER, words.other]]);
  const party = field("party", words.party, words.party_hint, { dir: "ltr", inputmode: "latin", maxlength: 32 });
  const isOther = () => kind.input.value === OTHER;
  party.box.hidden = true;
  kind.input.addEventListener("change", () => (party.box.hidden = !isOther()));
  const org = field("org", words.org, words.org_hint, { dir: "ltr", inputmode: "url", maxlength: 100 });
  const poster = h("input", { type: "checkbox", id: "poster" });
  const wrong = h("p", { class: "error", role: "alert", hidden: true });
  const begin = async (seed) => {
    const typed = isOther() ? party.input.value : kind.input.value;
    const [name, house] = [typed.trim().toLowerCase(), org.input.value.trim().toLowerCase()];
    const isName = /^[a-z][a-z0-9-]{0,31}$/.test(name) && name !== "city";
    kind.wrong(kind.input.value ? "" : words.wrong_kind);
    party.wrong(isName || !isOther() ? "" : words.wrong_party);
    org.wrong(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(house) ? "" : words.wrong_org);
    wrong.textContent = words.wrong_poster;
    wrong.hidden = poster.checked;
    if ([kind, party, org].some((one) => one.input.getAttribute("aria-invalid") === "true") || !poster.checked) return null;
    const made = { party: name, org: house, name: `${house}/${name}`, ...(await keyOf(seed)) };
    return made;
  };
  const take = async (made) => {
    await keep("city", { keys: city.keys });
    await keep("key", made);
    await navigator.storage?.persist?.().catch(() => false);
    trouble.replaceChildren();
    await show();
    await work(); // run automatic work now, not at the next interval
  };
  const paper = field("paper", words.seed, words.seed_hint, { dir: "ltr" });
  return [
    p(words.lead, "text-lead"),
    section(words.make_head, kind.box, party.box, org.box,
      h("div", {}, p(words.poster), ids(city.keys), h("label", { class: "check mt-3" }, poster, h("span", {}, words.poster_tick)), wrong),
      button(words.make, async () => {
        const seed = crypto.getRandomValues(new Uint8Array(32));
        const made = await begin(seed);
        if (made) sealed(made, seed, take);
      })),
    h("details", { class: "section" }, h("summary", { class: "disclosure link" }, words.restore_head),
      h("div", { class: "mt-3 grid gap-4" }, p(words.restore_lead), paper.box,
        button(words.restore, async () => {
          const text = ascii(paper.input.value).toLowerCase().replace(/[\s-]/g, "");
          paper.wrong(/^[0-9a-f]{64}$/.test(text) ? "" : words.wrong_seed);
          const made = /^[0-9a-f]{64}$/.test(text) ? await begin(fromHex(text)) : null;
          if (made) await take(made);
        }, "secondary"))),
  ];
}

// The seed is shown only here. The key is stored after she has put the paper in its envelope.
function sealed(made, seed, take) {
  const row = (label, text) => h("div", {}, h("dt", { class: "text-ink2" }, label), h("dd", {}, text));
  const groups = toHex(seed).match(/.{4}/g);
  place.replaceChildren(
    trouble,
    notice("saffron", words.paper_head, p(words.paper_lead)),
    h("div", { class: "mt-4 witness-paper" },
      h("h2", { class: "text-h2", tabindex: "-1" }, words.paper_title),
      h("dl", { class: "grid gap-3 mt-3" },
        row(words.kind, nameOf(made.party)), row(words.org, ltr(made.org)),
        row(words.vkey, ltr(vkeyOf(made), "witness-key")),
        row(words.seed, h("bdi", { dir: "ltr", class: "witness-seed", id: "seed" }, ...groups.map((one) => h("span", {}, one))))),
      p(words.paper_open, "mt-4")),
    h("div", { class: "grid gap-3 mt-4 no-print" },
      button(words.print, () => window.print()),
      button(words.sealed, () => take(made), "secondary")),
  );
  place.querySelector("h2").focus();
}

function refused({ old, fresh }) {
  return [
    notice("brick", words.rewritten, p(words.rewritten_lead)),
    h("div", { class: "grid gap-3 mt-4" },
      button(words.old_note, () => download("old.note", old), "secondary"),
      button(words.fresh_note, () => download("new.note", fresh), "secondary")),
  ];
}

async function home(key) {
  const listed = city.witnesses.some((one) => one.vkey === vkeyOf(key));
  const last = await kept("note");
  const keys = await cityKeys();
  const parts = [h("p", { class: "text-ink2" }, words.you, " ", nameOf(key.party, "font-bold"), "\u00a0· ", ltr(key.org))];
  if (state.done) parts.push(notice("glaze", state.done));
  if (city.keys.some((one) => !keys.some((mine) => mine.id === one.split("+")[1]))) parts.push(newKeys());
  if (listed && city.proposal) parts.push(proposed(city.proposal, key));
  if (!listed) parts.push(notice("saffron", words.unlisted, p(words.unlisted_lead)), vkeySheet(key));
  const weeks = city.mondays.filter((one) => isHers(one, key));
  if (listed && !weeks.length) parts.push(p(words.no_monday));
  parts.push(...weeks.map((week) => card(week, key)));
  if (listed) {
    const size = last ? openCheckpoint(last, city.origin, keys).size : 0;
    parts.push(section(words.log_head, p(size ? fill(words.log_at, { size: persian(size) }) : words.log_none),
      button(words.sign, act(async () => fill(words.done_sign, { size: persian(await signLog(key)) })), "secondary")));
    parts.push(h("details", { class: "section" }, h("summary", { class: "disclosure link" }, words.vkey), vkeySheet(key)));
  }
  return parts;
}

function newKeys() {
  return notice("saffron", words.new_keys, p(words.new_keys_lead), ids(city.keys),
    button(words.new_keys_take, async () => (await keep("city", { keys: city.keys }), await show()), "secondary"));
}

// Rules that weaken the draw need a witness's signature. The command `witness.py` makes it, because
// it reads the changes in its own copy of the log; this page does not.
function proposed({ seq, hash, title, until_words, changes, signed }, key) {
  const isSigned = signed.includes(key.party);
  return notice(isSigned ? "glaze" : "saffron", fill(words.proposal, { day: title }),
    h("ul", { class: "grid gap-2" }, ...changes.map((one) => h("li", {}, one))),
    p(fill(words.proposal_until, { seq: persian(seq), until: until_words })),
    p(isSigned ? words.proposal_signed : words.proposal_sign),
    isSigned ? null : ltr(`witness.py rules --sign ${hash}`, "witness-key"));
}

const vkeySheet = (key) =>
  h("div", { class: "mt-3 grid gap-3" }, p(words.vkey_lead), ltr(vkeyOf(key), "witness-key"),
    h("div", {}, button(words.copy, async () => {
      await navigator.clipboard.writeText(vkeyOf(key)).catch(() => download("witness.key", `${vkeyOf(key)}\n`));
      state.done = words.copied;
      await show();
    }, "secondary")));

// Handler of a button: do all of the work, then reload the page's data.
const act = (work) => () =>
  alone(async () => {
    trouble.replaceChildren();
    state.done = "";
    state.done = await work();
    await readCity();
    await show();
  });

function card(week, key) {
  const its = mine(week, key);
  const step = (isDone, text) =>
    h("li", { class: isDone ? "is-done" : "" }, h("span", {}, text, h("span", { class: "sr-only" }, isDone ? words.is_done : words.is_open)));
  const steps = [
    step(!!its.commitment, its.commitment ? words.step_committed : now() < week.freeze_at ? words.step_commits : words.step_missed),
    step(!!its.revealed, its.revealed ? words.step_revealed : fill(words.step_reveals, { moment: week.reveals_words })),
  ];
  if (week.moments.length)
    steps.push(...week.moments.map((one) => step(one.signed.includes(key.party), fill(words.moments[one.kind], { until: one.until_words }))));
  const entered = its.value ? fill(words.step_entered, { value: persian(its.value.value) }) : fill(words.step_enters, { moment: week.value_words });
  steps.push(step(!!its.value, its.value?.value === "none" ? words.step_none : entered));
  return section(fill(words.monday, { day: week.title }), h("ul", { class: "witness-steps" }, ...steps), ...doing(week, key, its));
}

function doing(week, key, its) {
  if (its.commitment && !its.revealed && isRevealTime(week))
    return [button(words.reveal, act(async () => {
      await reveal(week, key);
      return fill(words.done_reveal, { size: persian(await signLog(key)) });
    }))];
  if (week.value) return [valueForm(week, key, its)];
  const unsigned = week.moments.some((one) => !one.signed.includes(key.party) && (one.until === null || now() < one.until));
  if (unsigned) return [button(words.sign, act(async () => fill(words.done_sign, { size: persian(await signLog(key)) })))];
  return [];
}

function valueForm(week, key, its) {
  const box = field(`value-${week.monday}`, fill(words.value_label, { day: week.value.words, source: week.value.source }),
    week.value.kind === "dice" ? words.dice_hint : words.value_hint, { dir: "ltr", inputmode: "numeric", maxlength: 24 });
  box.input.value = state.typing;
  box.input.addEventListener("input", () => {
    state.typing = box.input.value;
    state.waits = null;
    go.hidden = false;
    again.replaceChildren();
  });
  const again = h("div", {});
  const others = Object.entries(week.parties).filter(([party, one]) => party !== key.party && one.value?.day === week.value.day);
  const send = act(async () => {
    await enter(week, key, state.waits);
    [state.typing, state.waits] = ["", null];
    return fill(words.done_value, { size: persian(await signLog(key)) });
  });
  const look = async (value) => {
    const before = its.value?.day === week.value.day ? its.value.value : null;
    const differ = others.filter(([, one]) => one.value.value !== value);
    state.waits = value;
    if (before === value) throw new Told(words.same_again);
    if (!differ.length && before === null) return send();
    const told = before !== null ? fill(words.differs_yours, { value: persian(before) })
      : fill(words.differs, { party: isKnown(differ[0][0]) ? city.names[differ[0][0]] : differ[0][0], value: persian(differ[0][1].value.value) });
    go.hidden = true;
    again.replaceChildren(notice("saffron", told, p(fill(words.sure, { value: value === "none" ? words.none : persian(value) })), button(words.sure_send, send)));
  };
  const none = button(words.value_none, () => look("none"), "quiet");
  const go = button(words.value_send, async () => {
    try {
      const value = typedValue(box.input.value, week.value.kind);
      box.wrong("");
      await look(value);
    } catch (fault) {
      if (!(fault instanceof Told)) throw fault;
      box.wrong(fault.message);
    }
  });
  const form = h("div", { class: "grid gap-3" }, box.box, again, go, week.value.kind === "dice" ? null : none);
  return its.value?.day === week.value.day ? h("details", {}, h("summary", { class: "disclosure link" }, words.value_again), form) : form;
}

// A hash of the script, to compare with the same page elsewhere.
const script = [...document.scripts].find((one) => one.type === "module").textContent;
const code = () =>
  h("details", { class: "section no-print" }, h("summary", { class: "disclosure link" }, words.code_head),
    h("div", { class: "mt-3 grid gap-2" }, p(words.code_lead), h("p", { id: "code" }, ltr(sha(script), "witness-key"))));

async function begin() {
  if (!(await canSign())) {
    place.replaceChildren(notice("brick", window.isSecureContext ? words.old_browser : words.no_https));
    return;
  }
  try {
    await readCity();
    await show();
  } catch (fault) {
    place.replaceChildren(trouble, button(words.again, begin, "secondary"));
    say(fault);
    return;
  }
  await work();
  setInterval(work, EVERY_MS);
}

// Automatic work: commit to each open Monday, and show what the city has written meanwhile.
async function work() {
  if (document.hidden || document.getElementById("seed")) return;
  try {
    await alone(async () => {
      const key = await kept("key");
      if (!key || (await kept("rewritten"))) return;
      const before = JSON.stringify(city);
      await readCity();
      await commitAll(key);
      if (JSON.stringify(city) !== before && !place.contains(document.activeElement)) await show();
    });
  } catch (fault) {
    say(fault);
  }
}
document.addEventListener("visibilitychange", work);

begin();
