// What a page that was open before is told when it connects again: the server sends what differs from
// the defaults the page was built with. Every state is put back to them, so nothing stays of what the
// page held meanwhile; what is the same after all keeps its identity and draws nothing anew.

import { app } from "$/utils/context-registry";

const OVER_DEFAULTS = "over_defaults_rx_state_";

export function whole(delta) {
  const root = delta?.[app.state_name];
  if (!root?.[OVER_DEFAULTS]) return delta;
  delete root[OVER_DEFAULTS];
  const states = Object.keys(app.defaults);
  return Object.fromEntries(states.map((name) => [name, { ...app.defaults[name], ...delta[name] }]));
}
