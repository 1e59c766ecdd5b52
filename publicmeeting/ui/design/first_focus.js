// Focuses a field when it is drawn, unless the user has gone on at this page already: on a slow line
// a page is drawn while she writes or walks elsewhere (`ui/shell/connection/gone_on.js`).

import { useEffect } from "react";

export function FirstFocus({ field }) {
  useEffect(() => {
    if (!window.__isElsewhere?.()) document.getElementById(field)?.focus();
  }, []);
  return null;
}
