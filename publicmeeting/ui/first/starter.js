/* In the place of React Router's module script: a page's scripts begin once it has been painted.
   Before that they would share the line with the letters and colours of the first picture. */
((sheet, first, parts, entry, preloads) => {
  let begun = false;
  const add = (rel, href, done) => {
    const link = document.createElement("link");
    link.rel = rel;
    link.href = href;
    if (done) link.onload = link.onerror = done;
    document.head.append(link);
  };
  const begin = () => {
    if (begun) return;
    begun = true;
    // The framework must not draw before the whole style sheet is loaded.
    const dressed = new Promise((done) => add("stylesheet", sheet, done));
    preloads.forEach((one) => add("modulepreload", one));
    Promise.all([dressed, import(first), ...Object.values(parts).map((one) => import(one))]).then(
      ([, , ...modules]) => {
        window.__reactRouterRouteModules = Object.fromEntries(
          Object.keys(parts).map((name, at) => [name, modules[at]]),
        );
        import(entry);
      },
    );
  };
  const hidden = () => document.hidden && begin();
  hidden();
  document.addEventListener("visibilitychange", hidden);
  const observes = window.PerformanceObserver && PerformanceObserver.supportedEntryTypes;
  if (observes && observes.includes("paint")) {
    new PerformanceObserver((list, watch) => {
      if (!list.getEntriesByName("first-contentful-paint").length) return;
      watch.disconnect();
      begin();
    }).observe({ type: "paint", buffered: true });
  } else addEventListener("load", begin);
  setTimeout(begin, 6000);
  // A form for browsers without scripts. With scripts, a touch before the page works must not
  // change a draft.
  addEventListener("submit", (event) => event.target.dataset.plain && event.preventDefault());
  // The browser may restore this page from its cache, but not with text that somebody typed or
  // with the ticket of a link (`row`), nor with a personal page that was reached from it.
  let typed = !!sessionStorage.row;
  addEventListener("input", () => (typed = true), true);
  const strangers = ["/", "/track/", "/verify/", "/rules/", "/draws/"];
  const root = document.documentElement;
  addEventListener("pagehide", () => {
    root.hidden = typed || location.search || !strangers.includes(location.pathname);
  });
  addEventListener("pageshow", ({ persisted }) => persisted && root.hidden && location.reload());
})
