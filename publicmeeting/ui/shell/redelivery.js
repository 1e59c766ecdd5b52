// What a person did in the moment her connection died is sent once more when it is back.
//
// A socket whose other end is gone (a phone that changes its network, a killed process) still takes
// events for up to twenty seconds, and nobody gets them. Each event of a person's own hand therefore
// carries a key and is answered by the process that has carried it out. After every new connection
// those of the last minute that nobody has answered are sent again; where only the answer was lost,
// the server drops a key that is done (redelivery.py).

import { eventLoop } from "$/utils/context-registry";

const BY_HAND = ["click", "submit", "change", "input", "blur", "focusout", "keydown"];
const LASTS_MS = 60000; // shorter than the server remembers; an older press would surprise her
const SLOW_MS = 1000; // her button shows by then that it was pressed

const sources = new WeakMap(); // event -> [what was pressed: a form or a button, the button]
const listening = new WeakSet(); // sockets that are heard
let unanswered = []; // {event, source, button, slow, at, ticked}, the oldest first
let show = () => {};

const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Before the framework takes these events: it hands the same objects to `keep`.
export function mark(events, source, button) {
  if (!BY_HAND.includes(window.event?.type)) return;
  for (const event of [events].flat(Infinity)) if (event?.name) sources.set(event, [source, button]);
}

function drop(isGone) {
  const gone = unanswered.filter(isGone);
  unanswered = unanswered.filter((one) => !gone.includes(one));
  for (const { slow, button } of gone) {
    clearTimeout(slow);
    if (button) show(button, false);
  }
}

// She presses again what stands unanswered: the first press is not to be carried out besides.
export const forget = (source) => drop((one) => one.source === source);

// Kept, with its key, until the server says over this socket that it is done.
function keep(event, socket) {
  if (!sources.has(event)) return;
  event.router_data.key ??= newKey();
  if (!listening.has(socket)) socket.on("answered", settle);
  listening.add(socket);
  if (unanswered.some((other) => other.event === event)) return;
  const [source, button] = sources.get(event);
  const slow = button && setTimeout(show, SLOW_MS, button, true);
  unanswered.push({ event, source, button, slow, at: Date.now(), ticked: performance.now() });
}

const settle = (key) => drop(({ event }) => event.router_data.key === key);

// Neither clock says it alone: a telephone sets its clock as its network returns, and the other one
// stands still in some browsers while the telephone sleeps.
const ageOf = ({ at, ticked }) => Math.max(Date.now() - at, performance.now() - ticked);

// Behind the page's own first event, which is part of the connection.
function sendAgain() {
  drop((one) => ageOf(one) >= LASTS_MS);
  for (const { event } of unanswered) {
    // Without the actions, such as a pause after the last letter: those have been waited for.
    delete event.event_actions;
    eventLoop.addEvents([event]);
  }
}

// The framework tells whoever watches that it is connected; the call of `__redelivery` is put into
// its script by ui/reflex/bundle.py. `showSlow` is called with a button that has no answer for a
// while, and once it has one.
export function watchConnection(showSlow = show) {
  show = showSlow;
  window.__redelivery ??= keep;
  window.__reflex_otel ??= { onSocketConnect: sendAgain };
}
