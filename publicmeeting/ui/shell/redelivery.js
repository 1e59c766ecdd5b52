// What a person did in the moment her connection died is sent once more when it is back.
//
// A socket whose other end is gone (a phone that changes its network, a killed process) still takes
// events for up to twenty seconds, and nobody gets them. Each event of a person's own hand therefore
// carries a key, and after every new connection those of the last minute are sent again; the server
// drops a key that it has seen (redelivery.py).

import { eventLoop } from "$/utils/context-registry";

const BY_HAND = ["click", "submit", "change", "input", "blur", "focusout", "keydown"];
const LASTS_MS = 60000; // shorter than the server remembers; an older press would surprise her

const sources = new WeakMap(); // event -> what was pressed
let sent = []; // {event, source, at}, the oldest first

const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const recent = () => sent.filter(({ at }) => at > Date.now() - LASTS_MS);

// Before the framework takes these events: it hands the same objects to `stamp`.
export function mark(events, source) {
  if (!BY_HAND.includes(window.event?.type)) return;
  for (const event of [events].flat(Infinity)) if (event?.name) sources.set(event, source);
}

// She presses again what stands unanswered: the first press is not to be carried out besides.
export function forget(source) {
  sent = sent.filter((one) => one.source !== source);
}

function stamp(event) {
  if (!sources.has(event) || !event.router_data) return;
  event.router_data.key ??= newKey();
  sent = [...recent(), { event, source: sources.get(event), at: Date.now() }];
  sources.delete(event);
}

// Behind the page's own first event, which is part of the connection.
function sendAgain() {
  sent = recent();
  // Without the actions, such as a pause after the last letter: those have been waited for.
  for (const { event } of sent) eventLoop.addEvents([{ ...event, event_actions: undefined }]);
}

// Where the framework lets others watch what it sends and when it is connected.
export function watchConnection() {
  window.__reflex_otel ??= { onEventSend: stamp, onSocketConnect: sendAgain };
}
