// Service worker: if a mayor's page is opened without a network, it answers with one sentence instead
// of the browser's error page. It stores and reads nothing, and leaves all other requests to the
// browser. The browser replaces it at the next page if this file has changed.

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
