// Knows whether the user has gone on since a press. The answer of a press may move the focus, and on
// a slow line it comes when she already writes in another field. What she types would then land in
// the wrong one, so the framework asks here first (`ui/reflex/bundle.py`), as do a field that takes
// the focus when it is drawn and the list of a form's errors (`ui/design`).
//
// Only what she does herself counts. A field that scripts focus, or a page that is drawn again, does
// not. A double tap on the pressed button is one press.

const HELD = ["Shift", "Control", "Alt", "Meta", "CapsLock"]; // screen readers use them for themselves
const PRESSES = ["Enter", " "];
const ACTS = ["pointerdown", "click", "keydown", "beforeinput"];

let latest = []; // events of the presses after which she did nothing else
let pressed = null; // the button of the last one
let acts = 0; // how often she did anything else
let actedAt = ""; // the address at which she did it last

function isSamePress({ type, key, target, inputType }) {
  if (type === "beforeinput") return inputType === "insertLineBreak"; // the Enter that sends a form
  return pressed?.contains(target) && (type !== "keydown" || PRESSES.includes(key));
}

function goOn(event) {
  if (event.repeat || HELD.includes(event.key) || isSamePress(event)) return;
  [latest, pressed] = [[], null];
  [acts, actedAt] = [acts + 1, location.pathname];
}

export function notePress(event, button) {
  latest.push(event);
  pressed = button ?? null;
}

// `press` is the key of the press that the server answers; it is empty if nobody pressed anything.
const hasGoneOn = (press) =>
  Boolean(press) && !latest.some((event) => event.router_data?.press === press);

// She has come to this page, or pressed something in it, and does something else already.
const isElsewhere = () => actedAt === location.pathname && !latest.length;

export function watchUser() {
  window.__hasGoneOn ??= hasGoneOn;
  window.__isElsewhere ??= isElsewhere;
  window.__actsOfUser ??= () => acts;
  for (const act of ACTS) addEventListener(act, goOn, true);
}
