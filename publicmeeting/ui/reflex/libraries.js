// Bundler plugin: changes in third-party libraries. Each text must occur exactly once.
//
// React Router draws a page three times at a navigation: the old page as pending, the old page with
// the new address, and the new page. Nothing of ours shows a pending state, so the first is left
// out, and the address changes together with the new page.
//
// If the script of the new page is lost on the way, React Router reloads the old page, which after
// «ثبت درخواست» is the form again. Here it waits for the network instead, so that no browser shows
// its own error page, and then opens the new page. It does the same if the style sheet of the new
// page is lost, as the sheet of an earlier release is: the page would be drawn without it. If the
// sheet of a page that was just opened anew is lost too, the page is drawn without it: something on
// the way refuses it, and the page would be opened anew again and again.
//
// Only the socket is used as a transport of engine.io, so the other transports are left out. So are
// hooks that watch the router from outside.

const NOT_WATCHED = [
  "consumeInstrumentationClientResultMetaReceiver",
  "getRouteInstrumentationUpdates",
  "instrumentClientSideRouter",
];

// A link that is pressed again waits for what its first press is loading, so this does not end when
// the user goes elsewhere. What is lost together, as the same sheet of two routes, opens one page.
const OPEN_ANEW = `export const goes = () => window.__reactRouterDataRouter?.state.navigation.location;
let opening;
export const openAnew = () => (opening ??= open());
async function open() {
  const isFirst = !goes();
  const isAsked = () => isFirst || goes();
  while (!isAsked() || !(await fetch("/live", { cache: "no-store" }).then(isAsked, () => false)))
    await new Promise((then) => setTimeout(then, 2000));
  const to = goes();
  if (to) window.location.assign(to.pathname + to.search + to.hash);
  else window.location.reload();
}`;

// In browsers that do not say how a page was opened, none is opened anew because of a sheet.
const SHEET_LOST = `link.onerror = () => {
removeLink();
if (goes() || performance.getEntriesByType("navigation")[0]?.type === "navigate") openAnew();
else resolve();`;

const CHANGES = {
  "/react-router/dist/production/lib/components.js": [
    [
      "let setState = React$1.useCallback((newState, { deletedFetchers, newErrors, flushSync, viewTransitionOpts }) => {",
      (found) => `${found}\nif (newState.navigation.state !== "idle") return;`,
    ],
  ],
  "/react-router/dist/production/lib/dom-export/hydrated-router.js": [
    [
      "if (newState.location !== location) setLocation(newState.location);",
      () =>
        "if (newState.location !== location) React$1.startTransition(() => setLocation(newState.location));",
    ],
  ],
  "/react-router/dist/production/lib/router/router.js": [
    [
      `import { ${NOT_WATCHED.join(", ")} } from "./instrumentation.js";`,
      () => NOT_WATCHED.map((name) => `const ${name} = () => {};`).join("\n"),
    ],
  ],
  "/react-router/dist/production/lib/dom/ssr/routeModules.js": [
    ["window.location.reload();", () => "await openAnew();"],
    ["//#region lib/dom/ssr/routeModules.ts", () => OPEN_ANEW],
  ],
  "/react-router/dist/production/lib/dom/ssr/links.js": [
    ["import { loadRouteModule }", () => "import { goes, loadRouteModule, openAnew }"],
    [
      "link.onerror = () => {\n\t\t\tremoveLink();\n\t\t\tresolve();",
      () => SHEET_LOST,
    ],
  ],
  // A script for developers, which the pages' policy forbids to run.
  "/react-router/dist/production/lib/dom/ssr/errorBoundaries.js": [
    ["} }, errorInstance.stack), heyDeveloper);", () => "} }, errorInstance.stack));"],
  ],
  "/engine.io-client/build/esm/transports/index.js": [
    ['import { XHR } from "./polling-xhr.node.js";', () => ""],
    ['import { WT } from "./webtransport.js";', () => ""],
    ["webtransport: WT,", () => ""],
    ["polling: XHR,", () => ""],
  ],
};

// Unused modules of these are left out, although the package does not declare that this is allowed.
const ON_DEMAND = /\/engine\.io-client\/build\/esm\/(?:transports|contrib)\//;

export default function changeLibraries() {
  const changed = new Set();
  return {
    name: "change-libraries",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      const file = Object.keys(CHANGES).find((name) => id.split("?")[0].endsWith(name));
      if (!file) return ON_DEMAND.test(id) ? { moduleSideEffects: false } : null;
      for (const [part, write] of CHANGES[file]) {
        if (code.split(part).length !== 2) this.error(`«${part}» is not once in ${file}`);
        code = code.replace(part, write);
      }
      changed.add(file);
      return { code, map: null };
    },
    buildEnd(error) {
      if (error || this.environment?.name !== "client") return;
      for (const file of Object.keys(CHANGES)) if (!changed.has(file)) this.error(`${file} is not in the pages`);
    },
  };
}
