// All this worker does: a page of the mayor's that is opened while there is no network is answered
// with one sentence instead of the browser's own error. It keeps nothing, reads nothing, and leaves
// everything else to the browser; changed bytes of this file replace it at the next page.

const PAGE = "PAGE";
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "Content-Security-Policy": "POLICY",
};

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode !== "navigate" || request.method !== "GET") return;
  event.respondWith(fetch(request).catch(() => new Response(PAGE, { status: 503, headers: HEADERS })));
});
