"""Whether a person's page is readable for everybody, in dark and in light."""

from axe_core import ONLY_COLOURS, violations
from person import Person

SCHEMES = ("dark", "light")
_SAME_SHAPE = """() => {
  const boxes = [...document.body.querySelectorAll("*")].map((one) => {
    const {x, y, width, height} = one.getBoundingClientRect();
    return [x, y, width, height, one.checkVisibility()].join();
  });
  const before = window.shape;
  window.shape = [innerWidth, document.body.outerHTML, ...boxes].join("\\n");
  return window.shape === before;
}"""
"""Whether every element is the same, in the same place, as at the last call."""


_CUT = """() => [...document.querySelectorAll(".code-groups")].filter((code) => {
  const card = code.closest(".pass-head, .pass-body, main").getBoundingClientRect();
  const { left, right } = code.getBoundingClientRect();
  return left < card.left || right > card.right;
}).map((code) => code.textContent)"""
"""Tracking codes that lack digits."""
BROKEN = """() => {
  const main = document.querySelector("main"), found = new Set();
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, within = text.parentElement;
    if (within.closest("script, .sr-only, details:not([open])")) continue;
    if (!within.checkVisibility()) continue;
    for (const word of text.textContent.matchAll(/[\\u0621-\\u06cc\\u06f0-\\u06f9]{2,}/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const tops = [...range.getClientRects()].filter((box) => box.width).map((box) => box.top);
      if (Math.max(...tops) - Math.min(...tops) > 8) found.add(word[0]);
    }
  }
  return [...found];
}"""
"""Visible Persian words and numbers that are drawn on two lines.

Letters are joined, so a word may be broken nowhere.
"""
_BESIDE_ITS_SHEET = """() => [...document.querySelectorAll(".sheet .badge, .rows .badge")]
  .filter((badge) => badge.checkVisibility()).filter((badge) => {
    const sheet = badge.closest(".sheet, .rows").getBoundingClientRect();
    const { left, right } = badge.getBoundingClientRect();
    return left < sheet.left || right > sheet.right;
  }).map((badge) => badge.textContent)"""
_BEYOND_ITS_TILE = """() => {
  const shown = (node) => node.nodeType === Node.TEXT_NODE ? [node]
    : node.matches?.(".sr-only") ? [] : [...node.childNodes].flatMap(shown);
  return [...document.querySelectorAll(".tile > span")]
    .filter((words) => words.checkVisibility() && getComputedStyle(words).fontSize !== "0px")
    .flatMap(shown).filter((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      const words = range.getBoundingClientRect();
      const tile = text.parentElement.closest(".tile").getBoundingClientRect();
      return words.left < tile.left || words.right > tile.right;
    }).map((text) => `beyond its tile: ${text.data}`);
}"""
_ILL_LAID = """() => {
  const seen = (selector) => [...document.querySelectorAll(selector)]
    .filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()]);
  const found = [];
  for (const [count, box] of seen(".rail-count"))
    if (box.right > count.parentElement.querySelector(".icon").getBoundingClientRect().left)
      found.push(`a count lies over its sign: ${count.textContent}`);
  for (const [tile, box] of seen(".row > .tile")) {
    const body = tile.parentElement.querySelector(".row-body");
    if (body && body.getBoundingClientRect().top >= box.bottom)
      found.push(`a number alone on its line: ${tile.textContent}`);
  }
  for (const [choices, box] of seen(".decision-choices"))
    if (innerWidth < 768 && choices.lastElementChild.getBoundingClientRect().left > box.left + 1)
      found.push(`half a line is empty beside: ${choices.lastElementChild.textContent}`);
  return found;
}"""
"""Counts over signs, tiles alone on a line, and buttons beside which a telephone has a hole."""
HALF = {"width": 180, "height": 370}
"""A phone on which letters are twice as large."""
FOUR_TIMES = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 %."""


def in_dark(person: Person, size: tuple[int, int]) -> None:
    """Give her window this size and the dark scheme, in which `faults` begins.

    A page opened afterwards has both from its first picture on.
    """
    person.page.set_viewport_size({"width": size[0], "height": size[1]})
    _shows(person, SCHEMES[0])


def faults(person: Person, axe: str, *sizes: tuple[int, int]) -> list[str]:
    """Return what WCAG forbids of her page and what is too wide, at each size or at its own.

    The first size is judged in both colour schemes, the others in the second one: what only they
    show has the same colours (`ui/design/test_design_look.py` computes the contrast of each pair).
    If the second scheme leaves every element in its place, only colours are judged again.
    """
    found: list[str] = []
    for at, size in enumerate(sizes or (None,)):
        if size:
            person.page.set_viewport_size({"width": size[0], "height": size[1]})
        for scheme in SCHEMES[1:] if at else SCHEMES:
            _shows(person, scheme)
            person.rests()
            where = f"{size[0] if size else 'as it is'} {scheme}"
            person.shot(where.replace(" ", "-"))
            if person.page.evaluate(_SAME_SHAPE):
                seen = violations(person.page, axe, **ONLY_COLOURS)
            else:
                seen = [*violations(person.page, axe), *person.overflowing()]
                seen += person.page.evaluate(_BEYOND_ITS_TILE) + person.page.evaluate(_ILL_LAID)
            found += [f"{person.name} {where}: {one}" for one in seen]
    return found


def lost_in_large_letters(person: Person, *, is_case: bool) -> list[str]:
    """Return what her open page loses where letters are twice, or four times, as large.

    Of a page of a case also words that are broken, and codes that lack digits.
    """
    person.page.set_viewport_size(HALF)
    person.rests()
    found = [*person.overflowing(), *person.page.evaluate(_BESIDE_ITS_SHEET)]
    if is_case:
        found += person.page.evaluate(BROKEN)
        person.page.set_viewport_size(FOUR_TIMES)
        person.rests()
        found += [*person.overflowing(), *person.page.evaluate(_CUT)]
    return [f"{person.name} in large letters: {one}" for one in found]


def _shows(person: Person, scheme: str) -> None:
    person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
