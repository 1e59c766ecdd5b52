// Uploads chosen photos one by one, each until it has arrived or was refused with a sentence.
// Before this script runs, the page has a plain form with the same input; afterwards a choice
// starts the upload.

import { createElement as h, useEffect, useRef, useState } from "react";
import { Announcer } from "../../design/sheets/announcer.js";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds before the second, third, … try
const STALLED = 30; // seconds without a byte moving
const UNANSWERED = 75; // seconds after the last byte: a store may be slow, and the proxy gives up earlier

const LOST = -1; // in place of the progress: no network
const RESTING = -2; // the server cannot take it now
const SHRINKING = -3; // it is being made smaller
const FULL = 507; // the server's storage is full; waiting does not help

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// Waits until the browser reports a network. The browser may be wrong, so the wait has a limit.
const network = () =>
  navigator.onLine === false
    ? Promise.race([
        new Promise((done) => window.addEventListener("online", done, { once: true })),
        wait(60),
      ])
    : Promise.resolve();

// fetch() reports no upload progress, so XMLHttpRequest is used.
function post(action, file, tell, started) {
  return new Promise((arrived, lost) => {
    const request = new XMLHttpRequest();
    let watch, why = LOST;
    const alive = (seconds = STALLED) => {
      clearTimeout(watch);
      watch = setTimeout(() => request.abort(), seconds * 1000);
    };
    request.open("POST", action);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => {
      alive();
      if (event.lengthComputable) tell(event.loaded / event.total);
    };
    request.upload.onload = () => {
      why = RESTING;
      alive(UNANSWERED);
    };
    request.onload = () => arrived(request);
    request.onerror = request.onabort = () => lost(why);
    request.onloadend = () => clearTimeout(watch);
    started(request);
    alive();
    request.send(file);
  });
}

function read(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

// Loaded separately from the page's first scripts. If it cannot be loaded, the file is sent
// unchanged.
const maker = () => import("./smaller.js").catch(() => ({ smaller: (file) => file }));

// Resolves to {photo} or {error}; waits while the network or the server is unavailable.
async function deliver(action, file, words, tell, started, wanted) {
  for (const pause of [...PAUSES, 0]) {
    try {
      if (navigator.onLine === false) tell(LOST);
      await network();
      const request = await post(action, file, tell, started);
      if (request.status < 500 || request.status === FULL) {
        const answer = read(request);
        if (request.status === 201) return { photo: answer };
        const error = answer.error || (request.status === 413 ? words.large : words.failed);
        return { error, again: request.status === FULL };
      }
      tell(RESTING);
    } catch (why) {
      tell(why);
    }
    if (!wanted()) return {};
    await wait(pause);
  }
  return { error: words.failed, again: true };
}

const waiting = (part, words) =>
  ({ [LOST]: words.waiting, [RESTING]: words.resting, [SHRINKING]: words.shrinking })[part] ||
  words.sending;

const sign = (name) =>
  h("svg", { className: "icon", "aria-hidden": "true" }, h("use", { href: `#i-${name}` }));

// The form whose submission would leave the page, or take the step, before the upload is finished:
// the named one or the one around it, else that of the page's foot, which on the review contains
// only a button.
const formOf = (root, id) =>
  document.getElementById(id) ??
  root.closest("form") ??
  document.querySelector(".foot button[form]")?.form;
const isPress = ({ type, target }, form, looks) =>
  type === "submit" ? target === form : looks && target.closest(".foot button");

const idOf = (photo) => photo.thumb.split("/")[2];

// The uploads in progress. Those of a draft outlive the component that shows them, and «back» finds
// them again.
const newShelf = () => ({
  going: [], // in progress, or refused
  photos: [], // shown when an upload ends, not when it began
  line: Promise.resolve(),
  count: 0,
  running: null,
  takenBack: new Set(), // keys of uploads that were cancelled
  here: true,
  draw: () => {},
  told: () => {},
});
let draftsShelf = newShelf();

// After the session has ended the page may belong to another person, who must not find anything of
// the last one.
function draftsShelfOf(owner) {
  if (draftsShelf.owner && draftsShelf.owner !== owner) {
    draftsShelf.here = false;
    draftsShelf.running?.abort();
    draftsShelf.going = [];
    watchLeaving(draftsShelf);
    draftsShelf = newShelf();
  }
  draftsShelf.owner = owner;
  return draftsShelf;
}

// Leaving for another document would cancel an upload, so the browser asks before.
const under = new Set(); // shelves with an upload in progress
const ask = (event) => event.preventDefault();
function watchLeaving(shelf) {
  if (shelf.going.some((one) => !one.error)) under.add(shelf);
  else under.delete(shelf);
  if (under.size) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
}

export function PhotoSender(props) {
  const { action, photos, limit, largest, name, outlives, owner, words, refusedClass, onChange } = props;
  const { form: waits } = props; // the id of a form beside it
  const { looks } = props; // the review of a request: nothing is chosen or removed here
  const [alive, setAlive] = useState(false);
  const [kept, setKept] = useState([]); // uploaded here, perhaps not yet in the server's list
  const [gone, setGone] = useState([]); // taken back here
  const [spoken, setSpoken] = useState("");
  const [, setDrawn] = useState(0);
  const shelf = useRef(null);
  const pressed = useRef(null); // her press that waits for a photo
  if (outlives) shelf.current = draftsShelfOf(owner);
  shelf.current ??= newShelf();
  const root = useRef(null);
  const { going } = shelf.current;

  function setGoing(change) {
    const now = shelf.current;
    now.going = change(now.going);
    watchLeaving(now);
    now.draw();
  }

  useEffect(() => {
    const now = shelf.current;
    now.here = true;
    now.draw = () => setDrawn((times) => times + 1);
    setAlive(true);
    maker(); // already before a photo is chosen
    return () => {
      now.draw = () => {};
      // A refused photo is not part of the next request.
      if (looks && location.pathname.startsWith("/receipt/")) setGoing(() => []);
      if (outlives) return;
      delete pressed.current?.button?.dataset.waits;
      now.here = false;
      now.running?.abort();
      setGoing(() => []);
    };
  }, [owner]);

  const listed = photos || [];
  const known = new Set(listed.map((photo) => photo.thumb));
  const shown = [...listed, ...kept.filter((photo) => !known.has(photo.thumb))].filter(
    (photo) => !gone.includes(photo.thumb),
  );
  shelf.current.photos = shown;
  shelf.current.told = (ids) => onChange && onChange(ids);
  const onTheirWay = going.filter((one) => !one.error).length;
  const room = limit - shown.length - onTheirWay;
  const isSending = onTheirWay > 0;
  const isRefused = going.length > onTheirWay;

  // If the user continues before a photo has arrived, her press waits for it, and is dropped if the
  // photo is refused.
  useEffect(() => {
    if (!isSending) return undefined;
    const hold = (event) => {
      const form = formOf(root.current, waits);
      if (!isPress(event, form, looks)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = form ? event.submitter : event.target.closest("button");
      pressed.current = { form, button };
      if (button) button.dataset.waits = words.first;
      setSpoken(words.first);
    };
    const presses = ["submit", "click"];
    for (const one of presses) document.addEventListener(one, hold, true);
    return () => presses.forEach((one) => document.removeEventListener(one, hold, true));
  }, [isSending]);
  useEffect(() => {
    if (isSending || !pressed.current) return;
    const { form, button } = pressed.current;
    pressed.current = null;
    if (button) delete button.dataset.waits;
    if (isRefused || !(form ?? button).isConnected) return;
    if (form) form.requestSubmit(button);
    else button.click();
  }, [isSending]);

  // A pressed cross disappears with its photo, and the focus with it: the focus goes to the next
  // photo's choice. It does so only then: later, when another photo arrives, she is elsewhere. A new
  // photo pushes that choice down, so it is brought back into sight.
  const crossed = useRef(false); // a photo disappears by its cross
  useEffect(() => {
    const isCrossed = crossed.current;
    crossed.current = false;
    const input = root.current.querySelector("[data-send]");
    if (!input) return;
    if (document.activeElement === input) input.labels[0].scrollIntoView({ block: "nearest" });
    if (isCrossed && document.activeElement === document.body) input.focus();
  }, [shown.length, going.length]);

  const change = (key, what) =>
    setGoing((all) => all.map((one) => (one.key === key ? { ...one, ...what } : one)));
  // What is spoken is read again by whoever comes past it: nothing is being sent any more.
  const refuse = (one, what) => {
    change(one.key, what);
    setSpoken((text) => (text === words.sending ? "" : text));
  };
  const forget = (one) => {
    URL.revokeObjectURL(one.preview);
    setGoing((all) => all.filter((other) => other.key !== one.key));
  };
  const idsWithout = (thumb) =>
    shelf.current.photos.filter((other) => other.thumb !== thumb).map(idOf);

  function dismiss(one) {
    crossed.current = true;
    setSpoken(words.removed);
    forget(one);
  }

  function leave(one) {
    const { takenBack, running } = shelf.current;
    takenBack.add(one.key);
    if (running?.of === one.key) running.abort();
    dismiss(one);
  }

  function send(one) {
    const now = shelf.current;
    change(one.key, { error: "", part: 0 });
    now.line = now.line.then(async () => {
      const isWanted = () => now.here && !now.takenBack.has(one.key);
      if (!isWanted()) return;
      // Checked when its turn comes: photos refused before it have freed their place.
      if (now.photos.length >= limit) return refuse(one, { error: words.full });
      change(one.key, { part: SHRINKING });
      const made = await (await maker()).smaller(one.file);
      if (!isWanted()) return;
      change(one.key, { part: 0 });
      if (made.size > largest) return refuse(one, { error: words.large });
      const { photo, error, again } = await deliver(
        action,
        made,
        words,
        (part) => change(one.key, { part }),
        (request) => (now.running = Object.assign(request, { of: one.key })),
        isWanted,
      );
      if (!isWanted()) return;
      if (!photo) return refuse(one, { error: error || words.failed, again });
      forget(one);
      setGone((all) => all.filter((thumb) => thumb !== photo.thumb));
      setKept((all) => [...all.filter((other) => other.thumb !== photo.thumb), photo]);
      setSpoken(words.sent);
      // The next upload may check this before it has been drawn.
      now.photos = [...now.photos.filter((other) => other.thumb !== photo.thumb), photo];
      now.told(now.photos.map(idOf));
    });
  }

  function choose(event) {
    const files = [...event.target.files];
    event.target.value = "";
    setSpoken(files.length ? words.sending : "");
    const fresh = files.map((file) => ({
      key: (shelf.current.count += 1),
      file,
      preview: URL.createObjectURL(file),
      part: 0,
      error: "",
    }));
    setGoing((all) => [...all.filter((one) => !one.error), ...fresh]);
    fresh.forEach(send);
  }

  async function remove(photo) {
    try {
      const answer = await fetch(`/photos/${idOf(photo)}`, { method: "DELETE" });
      if (!answer.ok) return setSpoken((await answer.json()).error || words.failed);
    } catch {
      return setSpoken(words.waiting);
    }
    crossed.current = true;
    setSpoken(words.removed);
    setGone((all) => [...all, photo.thumb]);
    setKept((all) => all.filter((other) => other.thumb !== photo.thumb));
    const now = shelf.current;
    now.told(idsWithout(photo.thumb));
    now.photos = now.photos.filter((other) => other.thumb !== photo.thumb);
    const left = now.going.find((one) => one.error === words.full); // its place is free now
    if (left) send(left);
  }

  const cross = (onClick, word = words.remove) =>
    h(
      "button",
      { type: "button", className: "thumb-remove", "aria-label": word, onClick },
      sign("close"),
    );

  const arrived = (photo) =>
    h(
      "li",
      { key: photo.thumb, className: "relative" },
      h(
        "a",
        { href: photo.full, target: "_blank", rel: "noopener", className: "thumb" },
        h("img", { src: photo.thumb, alt: photo.alt || words.photo, decoding: "async" }),
      ),
      alive && !looks && cross(() => remove(photo)),
      name && h("input", { type: "hidden", name, value: idOf(photo) }),
    );

  const underway = (one) =>
    h(
      "li",
      { key: one.key, className: "relative" },
      h("span", { className: "thumb" }, h("img", { src: one.preview, alt: one.file.name })),
      h(
        "div",
        { className: "hint" },
        h("span", null, waiting(one.part, words)),
        one.part > 0 && h("progress", { max: 1, value: one.part, "aria-label": words.sending }),
      ),
      cross(() => leave(one), words.leave),
    );

  const refused = (one) =>
    h(
      "li",
      { key: one.key, className: refusedClass },
      h(
        "div",
        { className: "error", role: "alert" },
        sign("flag"),
        h("span", null, h("strong", { className: "block" }, h("bdi", null, one.file.name)), one.error),
      ),
      one.again &&
        h(
          "button",
          { type: "button", className: "btn btn-secondary btn-sm", onClick: () => send(one) },
          words.again,
        ),
      cross(() => dismiss(one)),
    );

  const id = `send-${action.split("=")[1].split("&")[0]}`;
  const full = alive && room < 1;
  const enough = alive && shown.length >= limit;
  const input = h("input", {
    key: "input",
    id,
    "data-send": "",
    type: "file",
    name: alive ? undefined : "photos",
    accept: props.offered,
    multiple: limit > 1,
    // Not `disabled`, which would take the focus from her as the last photo is chosen.
    "aria-disabled": full,
    onClick: (event) => full && event.preventDefault(),
    "aria-describedby": enough ? `${id}-full` : undefined,
    onChange: choose,
    className: alive ? "peer sr-only" : "input",
  });
  const label = h(
    "label",
    {
      key: "label",
      htmlFor: id,
      className: alive ? "btn btn-secondary" : "field-label",
      "aria-disabled": full,
    },
    alive && sign("camera"),
    h("span", null, words.choose),
  );
  // Inside another form (with `name`) there is no separate form to fall back to.
  const plain =
    !alive && !name
      ? h(
          "form",
          { method: "post", action, encType: "multipart/form-data", className: "grid gap-3" },
          label,
          input,
          h("button", { type: "submit", className: "btn btn-secondary" }, words.send),
        )
      : h("div", null, alive ? [input, label] : [label, input]);

  return h(
    "div",
    { ref: root, className: "grid gap-3" },
    (shown.length > 0 || going.length > 0) &&
      h("ul", { className: "thumbs" }, shown.map(arrived), going.map((one) => (one.error ? refused : underway)(one))),
    looks ? !shown.length && !going.length && h("p", { className: "text-ink2" }, words.none) : plain,
    enough && !looks && h("p", { id: `${id}-full`, className: "hint" }, words.enough),
    h("p", { role: "status", className: "sr-only" }, h(Announcer, { text: spoken })),
  );
}
