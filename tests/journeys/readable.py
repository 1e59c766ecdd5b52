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


def in_dark(person: Person, size: tuple[int, int]) -> None:
    """Give her window this size and the dark scheme, in which `faults` begins.

    A page opened afterwards has both from its first picture on.
    """
    person.page.set_viewport_size({"width": size[0], "height": size[1]})
    _shows(person, SCHEMES[0])


def faults(person: Person, axe: str, *sizes: tuple[int, int]) -> list[str]:
    """Return what WCAG forbids of her page and what is too wide, at each size or at its own.

    If the second colour scheme leaves every element in its place, only colours are judged again.
    The next size begins in the current scheme: changing the scheme costs more than changing the
    width.
    """
    found: list[str] = []
    for at, size in enumerate(sizes or (None,)):
        if size:
            person.page.set_viewport_size({"width": size[0], "height": size[1]})
        for scheme in SCHEMES[::-1] if at % 2 else SCHEMES:
            _shows(person, scheme)
            person.rests()
            where = f"{size[0] if size else 'as it is'} {scheme}"
            person.shot(where.replace(" ", "-"))
            only = ONLY_COLOURS if person.page.evaluate(_SAME_SHAPE) else {}
            seen = [*violations(person.page, axe, **only), *person.overflowing()]
            found += [f"{person.name} {where}: {one}" for one in seen]
    return found


def _shows(person: Person, scheme: str) -> None:
    person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
