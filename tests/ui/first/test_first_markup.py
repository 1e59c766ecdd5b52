"""Components rendered on the server as React renders them."""

from dataclasses import dataclass

import pytest
import reflex as rx
from support.each import for_each

from publicmeeting.ui.design.controls import anchor, text_link
from publicmeeting.ui.design.figures import tile
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.models import Tile
from publicmeeting.ui.design.tehran import mark
from publicmeeting.ui.first.expressions import UnreadableError
from publicmeeting.ui.first.filling import UnlikeError, placeholder, take_apart
from publicmeeting.ui.first.markup import render_markup
from publicmeeting.ui.reflex.view_model import ViewModel


@dataclass(frozen=True)
class Card(ViewModel):
    """A view model with a district."""

    district: int = 0


class PictureState(rx.State):
    """Values of every kind that a page shows."""

    text: str = ""
    tiles: list[Tile] = []
    number: int = 0
    open: bool = False
    card: Card = Card()


S = PictureState
_NAME = PictureState.get_full_name().replace(".", "__")


def drawn(component: rx.Component, **values: object) -> str:
    known = {_NAME: {f"{name}_rx_state_": value for name, value in values.items()}}
    return render_markup(component.render(), known, lambda name, _: placeholder(name))


LINK = '<a class="link nav-link" href="/a/" data-discover="true">x</a>'
CROSS = '<svg aria-hidden="true" class="icon icon-sm"><use href="#i-close"></use></svg>'
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&"


@for_each(
    [
        (rx.el.p("a", class_name="b"), {}, '<p class="b">a</p>'),
        (rx.el.p("a", "b"), {}, "<p>a<!-- -->b</p>"),
        (rx.el.p("a", rx.fragment("b"), rx.el.i(), "c"), {}, "<p>a<!-- -->b<i></i>c</p>"),
        (rx.el.p("a", S.text, "b"), {"text": ""}, "<p>a<!-- -->b</p>"),
        (rx.el.p(S.number), {"number": 0}, "<p>0</p>"),
        (rx.cond(S.open, rx.el.b("yes"), rx.el.i("no")), {"open": False}, "<i>no</i>"),
        (rx.match(S.number, (1, rx.el.b("1")), rx.el.i("-")), {"number": 1}, "<b>1</b>"),
        (rx.match(S.number, (1, rx.el.b("1")), rx.el.i("-")), {"number": 9}, "<i>-</i>"),
        (
            rx.el.ul(each(S.tiles, lambda one: rx.el.li(one.text))),
            {"tiles": [{"text": "۱"}, {"text": "۲"}]},
            "<ul><li>۱</li><li>۲</li></ul>",
        ),
        (rx.el.ul(each(S.tiles, tile)), {"tiles": None}, "<ul></ul>"),
        (
            tile(Tile("off", "")),
            {},
            f'<span class="tile t-off ">{CROSS}</span>',
        ),
        (text_link("x", "/a/"), {}, LINK),
        (anchor("x", href="/a/", native=True), {}, '<a href="/a/">x</a>'),
        (
            rx.el.input(type="text", read_only=True, default_value="a", name="n"),
            {},
            '<input type="text" name="n" readonly="" value="a">',
        ),
        (
            rx.el.button("x", on_click=rx.noop(), aria_pressed="false", disabled=False),
            {},
            '<button aria-pressed="false">x</button>',
        ),
        (rx.el.p("x", hidden=S.open), {"open": True}, '<p hidden="">x</p>'),
    ]
)
def test_a_component_is_written_as_react_draws_it(
    component: rx.Component, values: dict[str, object], html: str
) -> None:
    written_, wanted = drawn(component, **values), html
    if written_ != wanted:  # the attributes may have another order
        take_apart(f"<html><body>{written_}</body></html>", wanted)


@pytest.mark.parametrize(
    "component",
    [
        rx.el.p(S.text),
        rx.el.p("a", title=S.text),
        rx.el.b(data_title=S.text),
        rx.el.p("a", class_name=S.text),
    ],
)
def test_a_text_is_never_markup_whoever_wrote_it(component: rx.Component) -> None:
    html = drawn(component, text=HOSTILE)
    assert "<img" not in html
    assert "</script" not in html
    assert '""' not in html


@for_each(
    [
        rx.el.textarea(default_value="a"),
        rx.el.style("a"),
        rx.el.script("a()"),
        rx.el.div(style={"color": "red"}),
        rx.el.p(rx.Var("globalThis.location.href")),
        anchor("x", href="../a", native=False),
        rx.el.select(rx.el.option("a"), default_value="a"),
    ]
)
def test_what_cannot_be_written_is_refused(component: rx.Component) -> None:
    with pytest.raises(UnreadableError):
        drawn(component)


def built(inside: str) -> str:
    body = f"<body><svg></svg>{inside}<script>x</script></body>"
    return f"<!DOCTYPE html><html><head></head>{body}</html>"


def test_a_built_page_is_taken_apart_around_our_part() -> None:
    part = '<div class="page"><p title="b" class="a">متن<br/></p></div>'
    page = take_apart(built(part), '<div class="page"><p class="a" title="b">متن<br></p></div>')
    assert page.before + part + page.after == built(part)
    assert page.before.endswith("</svg>")
    assert page.after.startswith("<script>")


def test_what_a_script_of_ours_drew_is_kept_also_where_it_drew_nothing() -> None:
    part = '<div class="page"><p>a</p><form class="x"><b>1</b></form></div>'
    ours = f'<div class="page"><p>a</p>{placeholder("Form")}</div>'
    assert take_apart(built(part), ours).foreign == {"Form": '<form class="x"><b>1</b></form>'}
    silent = take_apart(built('<div class="page"><p>a</p></div>'), ours)
    assert silent.foreign == {"Form": ""}


@for_each(
    [
        '<div class="page"><p class="a">other</p></div>',
        '<div class="page"><p class="b">متن</p></div>',
        '<div class="page"><p class="a" id="x">متن</p></div>',
        '<div class="page"><p class="a">متن</p><p></p></div>',
        '<div class="page"><div class="a">متن</div></div>',
        '<div class="page"><p class="a">مت<!-- -->ن</p></div>',
        '<div class="pages"></div>',
    ]
)
def test_a_page_drawn_in_another_way_is_noticed(other: str) -> None:
    with pytest.raises(UnlikeError):
        take_apart(built(other), '<div class="page"><p class="a">متن</p></div>')


MARK = '<svg aria-hidden="true" class="mark" viewBox="0 0 59 59"><use href="#mark"></use>{}</svg>'
LIT = '<use class="lit" href="#m-{}"></use>'


@pytest.mark.parametrize(
    ("values", "lit"),
    [
        ({"card": {"district": 6}}, LIT.format(6)),
        ({"card": {"district": 0}}, ""),
        ({"card": None}, ""),  # as a view that was not loaded is sent
    ],
)
def test_a_mark_lights_the_readers_district_and_points_at_nothing_else(values, lit) -> None:
    assert drawn(mark(S.card.district), **values) == MARK.format(lit)
    assert "#m-" not in drawn(mark())
