// Prefetches the scripts of linked pages while the browser is idle: first for visible links, then
// for others. Fetched scripts are also executed, one page in each idle period, and stored where the
// router looks first. A navigation then waits for no script and is drawn in one step. Nothing is
// prefetched for users who save data.

import { useEffect } from "react";
import { matchPath, useLocation } from "react-router";

const MOST = 8; // maximum of the other pages: a long menu says little about where the user will go
const OTHERS_AFTER = 2000; // ms: the page's own data comes first
const asked = new Set();

const idle = (work) =>
  globalThis.requestIdleCallback ? requestIdleCallback(work, { timeout: 2000 }) : setTimeout(work, 500);

const isInSight = (link) => {
  const { top, bottom, height } = link.getBoundingClientRect();
  return height > 0 && bottom > 0 && top < innerHeight;
};

// If a script fails here, the router requests it again and handles the error.
async function run({ id, module }) {
  const pages = window.__reactRouterRouteModules;
  if (!pages || id in pages) return;
  const page = await import(/* @vite-ignore */ module).catch(() => null);
  if (page) pages[id] ??= page;
}

function fetchAhead(links, priority) {
  const routes = Object.values(window.__reactRouterManifest?.routes ?? {}).filter(
    ({ parentId, path = "" }) => parentId && !path.includes("*"),
  );
  for (const { pathname } of links) {
    const route = routes.find(({ path = "" }) => matchPath(`/${path}`, pathname));
    for (const file of route ? [route.module, ...(route.imports ?? [])] : []) {
      if (asked.has(file)) continue;
      asked.add(file);
      const link = document.createElement("link");
      Object.assign(link, { rel: "modulepreload", href: file, fetchPriority: priority });
      if (file === route.module) link.onload = () => idle(() => run(route));
      document.head.append(link);
    }
  }
}

export function Ahead() {
  const { pathname } = useLocation();
  useEffect(() => {
    if (navigator.connection?.saveData) return;
    const links = () => [...document.querySelectorAll('.page a[data-discover="true"]')];
    idle(() => fetchAhead(links().filter(isInSight), "auto"));
    const pages = () => [...new Map(links().map((link) => [link.pathname, link])).values()];
    const others = () => idle(() => fetchAhead(pages().slice(0, MOST), "low"));
    const later = setTimeout(others, OTHERS_AFTER);
    return () => clearTimeout(later);
  }, [pathname]);
  return null;
}
