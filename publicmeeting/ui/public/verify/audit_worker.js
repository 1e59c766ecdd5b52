// The whole audit in a worker: fetches the log bundle by bundle and reports its progress.

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
