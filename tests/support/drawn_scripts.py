"""React in a few lines, for scripts that draw elements and are run without a browser."""

from pathlib import Path

_REACT = """
  let slots, at, due;
  const slot = (first) => (slots[at] ??= first(at), slots[at++]);
  export const createElement = (type, props, ...children) =>
    ({ type, props: props ?? {}, children: children.flat(9).filter(Boolean) });
  export const useRef = (current) => slot(() => ({ current }));
  export const useState = (value) => {
    const one = slot(() => ({ value }));
    return [one.value, (next) => {
      one.value = typeof next === "function" ? next(one.value) : next;
    }];
  };
  export const useEffect = (run, wanted) => {
    const one = slot(() => ({}));
    if (one.wanted?.every((value, n) => value === wanted[n])) return;
    due.push(() => {
      one.end?.();
      Object.assign(one, { wanted, end: run() });
    });
  };
  const all = (one) => (one?.type ? [one, ...one.children.flatMap(all)] : []);
  const words = (one) => one?.children?.map(words).join(" ") ?? String(one);
  // Draws a component again and again, and takes it away; `elements` are by the names of tags.
  // Drawing returns its words.
  export function mounted(component, elements) {
    const own = [];
    const draw = (props) => {
      [slots, at, due] = [own, 0, []];
      const root = component(props), tree = all(root);
      for (const { type, props } of tree) {
        if (props.ref) props.ref.current = elements[type] ?? {};
        if (elements[type]) elements[type].props = props;
      }
      due.forEach((run) => run());
      return words(root);
    };
    return { draw, away: () => own.forEach((one) => one.end?.()) };
  }
"""


def stub_react(folder: Path) -> str:
    """Write it into a folder of scripts and return its module, which exports `mounted`."""
    for name, script in (
        ("react", _REACT),
        ("react-dom", "export const createPortal = (all) => all;"),
    ):
        (folder / "node_modules" / name).mkdir(parents=True)
        (folder / "node_modules" / name / "index.js").write_text(script, encoding="utf-8")
    return "node_modules/react/index.js"
