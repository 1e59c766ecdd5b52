// What a reconnecting page receives: the server sends only what differs from the defaults with
// which the page was built. Every state is reset to these defaults first, so that nothing remains
// of what the page held meanwhile. Values that are the same after all keep their identity, so
// nothing is drawn again.

import { app } from "$/utils/context-registry";

const OVER_DEFAULTS = "over_defaults_rx_state_";

export function whole(delta) {
  const root = delta?.[app.state_name];
  if (!root?.[OVER_DEFAULTS]) return delta;
  delete root[OVER_DEFAULTS];
  const states = Object.keys(app.defaults);
  return Object.fromEntries(states.map((name) => [name, { ...app.defaults[name], ...delta[name] }]));
}
