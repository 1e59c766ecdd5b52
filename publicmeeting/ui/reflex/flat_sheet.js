// Bundler plugin: writes the style sheet again for browsers that ignore cascade layers.
//
// Chrome before 99 and Safari before 15.4 drop every rule in a layer, which is all of ours.
// `flat.css` has the same rules in the order of their layers, in a syntax that such browsers know.
// Pages are always right to left, so an inline side is a physical one. The file also contains the
// sheets of some pages only, and those of plain pages, which load no other sheet.

import { readFileSync } from "node:fs";
import { transform, Features } from "lightningcss";

const OLDEST = { chrome: 80 << 16, safari: 13 << 16, firefox: 78 << 16 };
const AT_LAYER = /@layer ([^{;]*)([{;])/g;
const PAIRS = /(?<=[{;])(margin|padding)-(inline|block):([^;}]+)/g;
const INSETS = /(?<=[{;])inset(?:-(inline|block))?(?:-(start|end))?:([^;}]+)/g;
const OF_ALL_PAGES = "__reflex_global_styles";
const COMPONENTS = "@layer components{";
const OF_PLAIN_PAGES = ["public/look/plain.css"];
const SIDES = { inline: ["right", "left"], block: ["top", "bottom"] };
// Defaults of the variables. They are set only if `@property` is missing, which Tailwind detects by
// an older feature.
const ONLY_THERE = /@supports \(\(\(-webkit-hyphens:none\)\)[^{]*\{/;

// The end of the block whose brace is before `at`, in a sheet without comments.
function endOf(css, at) {
  for (let depth = 1; depth; at++) {
    const sign = css[at];
    if (!sign) throw new Error("a block of the sheet does not end");
    if (sign === "\\") at++;
    else if (sign === '"' || sign === "'") {
      for (at++; css[at] !== sign && css[at]; at++) if (css[at] === "\\") at++;
    } else if (sign === "{") depth++;
    else if (sign === "}") depth--;
  }
  return at;
}

function unlayered(css) {
  let out = "";
  let at = 0;
  for (const found of css.matchAll(AT_LAYER)) {
    if (found.index < at) continue;
    out += css.slice(at, found.index);
    at = found.index + found[0].length;
    if (found[2] === ";") continue;
    const end = endOf(css, at);
    out += unlayered(css.slice(at, end - 1));
    at = end;
  }
  return out + css.slice(at);
}

// The parts that a sign separates, outside of brackets.
function parts(text, between) {
  const out = [""];
  let depth = 0;
  for (const sign of text) {
    if (sign === "(" || sign === "[") depth++;
    if (sign === ")" || sign === "]") depth--;
    if (sign === between && !depth) out.push("");
    else out[out.length - 1] += sign;
  }
  return out;
}

// Two values of one property; a single value counts for both.
function both(value) {
  const [first, second] = parts(value.trim(), " ");
  return [first, second ?? first];
}

const spelledOut = (css) =>
  css
    .replace(PAIRS, (_, name, axis, value) => {
      const [start, end] = both(value);
      return `${name}-${SIDES[axis][0]}:${start};${name}-${SIDES[axis][1]}:${end}`;
    })
    .replace(INSETS, (whole, axis, end, value) => {
      if (end) return `${SIDES[axis][end === "start" ? 0 : 1]}:${value}`;
      const [first, second] = both(value);
      if (axis) return `${SIDES[axis][0]}:${first};${SIDES[axis][1]}:${second}`;
      if (first !== second) return whole;
      return ["top", "right", "bottom", "left"].map((side) => `${side}:${value}`).join(";");
    });

// One selector without `:is()` and `:where()`, which Chrome has since 88: every combination of
// their alternatives.
function readings(selector) {
  const found = selector.match(/:(?:is|where)\(/);
  if (!found) return [selector];
  const begins = found.index + found[0].length;
  let ends = begins;
  for (let depth = 1; depth; ends++) {
    if (selector[ends] === "(") depth++;
    if (selector[ends] === ")") depth--;
  }
  const before = selector.slice(0, found.index);
  return parts(selector.slice(begins, ends - 1), ",").flatMap((one) => {
    const isName = /^[a-z]/.test(one) && /[^\s>+~]$/.test(before);
    const compound = isName ? withName(before, one) : before + one;
    return readings(compound + selector.slice(ends));
  });
}

// «:focus-visible:is(main)» → «main:focus-visible»: a tag name must come first.
function withName(before, name) {
  const last = before.match(/[^\s>+~]*$/)[0];
  return before.slice(0, before.length - last.length) + name + last;
}

const inOldWords = (css) =>
  css
    .replace(/([^{}@;]+)\{/g, (whole, selectors) =>
      /:(?:is|where)\(/.test(selectors) ? `${parts(selectors, ",").flatMap(readings).join()}{` : whole,
    )
    .replace(/(\d)dvh\b/g, "$1vh");

export function flat(css) {
  const asked = css.match(ONLY_THERE);
  if (!asked) throw new Error("the defaults of the sheet's variables are written in another way");
  const end = endOf(css, asked.index + asked[0].length);
  const defaults = css.slice(asked.index + asked[0].length, end - 1);
  const plain = css.slice(0, asked.index) + defaults + css.slice(end);
  const { code } = transform({
    filename: "flat.css",
    code: Buffer.from(unlayered(plain)),
    minify: true,
    targets: OLDEST,
    exclude: Features.LogicalProperties | Features.DirSelector | Features.LangSelectorList,
  });
  return spelledOut(inOldWords(code.toString()));
}

function withoutComments(path) {
  const { code } = transform({ filename: path, code: readFileSync(path), minify: true });
  return code.toString();
}

// The sheet of all pages, with the sheets of some pages at the end of its components, where
// browsers with layers read them.
export function joined(ofAllPages, others) {
  const at = ofAllPages.indexOf(COMPONENTS);
  if (at < 0) throw new Error("the sheet of all pages has no layer of components");
  const end = endOf(ofAllPages, at + COMPONENTS.length) - 1;
  return ofAllPages.slice(0, end) + others.map(unlayered).join("") + ofAllPages.slice(end);
}

export default function flatSheet() {
  return {
    name: "flat-sheet",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        if (this.environment?.name !== "client") return;
        const sheets = Object.values(bundle).filter((one) => one.fileName.endsWith(".css"));
        const whole = sheets.find((one) => one.fileName.includes(OF_ALL_PAGES));
        const others = sheets.filter((one) => one !== whole).map((one) => one.source.toString());
        others.push(...OF_PLAIN_PAGES.map(withoutComments));
        const source = flat(joined(whole.source.toString(), others));
        this.emitFile({ type: "asset", fileName: "flat.css", source });
      },
    },
  };
}
