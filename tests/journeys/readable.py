"""Whether what a person has before her is readable for everybody, in dark and in light."""

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
"""Whether every element is what it was, where it was, since this was asked last."""


def in_dark(person: Person, size: tuple[int, int]) -> None:
    """From now on, as `faults` begins: a page that is opened so has this size and is dark from its
    first picture."""
    person.page.set_viewport_size({"width": size[0], "height": size[1]})
    _shows(person, SCHEMES[0])


def faults(person: Person, axe: str, *sizes: tuple[int, int]) -> list[str]:
    """What WCAG forbids of her page and what is too wide for it, at each of these sizes, else at
    that which it has.

    Where the second scheme leaves every element in its place, only colours are judged again. The
    next size begins in the scheme that is shown: another one costs more than another width.
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
