// Sends what a person did while her connection failed again when it is back.
//
// A socket whose other end is gone (a phone that changes networks, a killed process) still accepts
// events for up to twenty seconds, and nobody receives them. So each event of a person carries a
// key, and the process that has carried it out acknowledges it. After every new connection,
// unacknowledged events of the last minute are sent again. If only the acknowledgement was lost,
// the server drops a key that is done (redelivery.py).

import { eventLoop } from "$/utils/context-registry";
import { notePress, watchUser } from "./gone_on.js";

const BY_HAND = ["click", "submit", "change", "input", "blur", "focusout", "keydown"];
const LASTS_MS = 60000; // shorter than the server remembers; an older press would surprise the user
const SLOW_MS = 1000; // after this time her button shows that it was pressed
const ANSWERED_MS = 10000; // longest wait of a page that loads itself again
const LOOKS_MS = 500;

const sources = new WeakMap(); // event -> [what was pressed: a form or a button, the button]
const listening = new WeakSet(); // sockets that already have a listener
let unanswered = []; // {event, source, button, slow, at, ticked}, the oldest first
let show = () => {};

const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Called before the framework takes these events: it passes the same objects to `keep`.
export function mark(events, source, button) {
  if (!BY_HAND.includes(window.event?.type)) return;
  for (const event of [events].flat(Infinity)) {
    if (!event?.name) continue;
    sources.set(event, [source, button]);
    notePress(event, button);
  }
}

function drop(isGone) {
  const gone = unanswered.filter(isGone);
  unanswered = unanswered.filter((one) => !gone.includes(one));
  for (const { slow, button } of gone) {
    clearTimeout(slow);
    if (button) show(button, false);
  }
}

// A second press of an unacknowledged button: the first must not be carried out as well.
export const forget = (source) => drop((one) => one.source === source);

// Stores the event with its key until the server acknowledges it on this socket.
function keep(event, socket) {
  if (!sources.has(event)) return;
  event.router_data.press ??= newKey();
  if (!listening.has(socket)) {
    socket.on("answered", settle);
    socket.on("event", (_update, key) => settle(key)); // the last update of a press has its key
  }
  listening.add(socket);
  if (unanswered.some((other) => other.event === event)) return;
  const [source, button] = sources.get(event);
  const slow = button && setTimeout(show, SLOW_MS, button, true);
  unanswered.push({ event, source, button, slow, at: Date.now(), ticked: performance.now() });
}

const settle = (key) => drop(({ event }) => event.router_data.press === key);

// Neither clock is enough: a telephone corrects its clock when its network returns, and the other
// clock stops in some browsers while the telephone sleeps.
const ageOf = ({ at, ticked }) => Math.max(Date.now() - at, performance.now() - ticked);

// After the page's own first event, which is part of the connection.
function sendAgain() {
  drop((one) => ageOf(one) >= LASTS_MS);
  for (const { event } of unanswered) {
    // Without the event's actions, such as debouncing, which have already taken effect.
    delete event.event_actions;
    eventLoop.addEvents([event]);
  }
}

// A page of another release loads itself again. Whoever has pressed first gets her answer and comes
// to where it leads: she would not learn otherwise that she has just filed. `waiting` counts events
// that the framework has not sent yet.
function afterAnswers(then, waiting) {
  if (!waiting && !unanswered.length) return then();
  const began = performance.now();
  let calm = 0; // what an answer leads to begins a moment after it
  const looking = setInterval(() => {
    const isBusy = unanswered.length || window.__reactRouterDataRouter.state.navigation.state !== "idle";
    calm = isBusy ? 0 : calm + 1;
    if (calm < 2 && performance.now() - began < ANSWERED_MS) return;
    clearInterval(looking);
    then();
  }, LOOKS_MS);
}

// Called by the framework when it is connected; ui/reflex/bundle.py adds the call of `__redelivery`
// to its script. `showSlow` is called with a button that has no answer for a while, and again when
// it has one.
export function watchConnection(showSlow = show) {
  show = showSlow;
  watchUser();
  window.__redelivery ??= keep;
  window.__afterAnswers ??= afterAnswers;
  window.__reflex_otel ??= { onSocketConnect: sendAgain };
}
