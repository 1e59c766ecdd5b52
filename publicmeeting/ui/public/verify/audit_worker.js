// The whole audit, apart from the page: fetches the log bundle by bundle and tells how far it is.

import { auditSite } from "./whole.js";

self.onmessage = async ({ data }) => {
  try {
    const tell = (done, size) => self.postMessage({ done, size });
    const report = await auditSite(data.now, data.note, data.before, tell);
    self.postMessage({ report });
  } catch (fault) {
    self.postMessage({ fault: fault.code || (fault instanceof TypeError ? "offline" : String(fault)) });
  }
};
