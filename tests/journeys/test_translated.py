"""A browser's own translator, which replaces the texts of a page while React goes on with it."""

from filing_steps import chooses_district
from person import Meet
from playwright.sync_api import expect

from publicmeeting.text.filing import filing_text

_TRANSLATES = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const { data, parentElement: parent } = texts.currentNode;
    if (parent.translate && data.trim() && !parent.closest("script, style, svg, .demo"))
      found.push(texts.currentNode);
  }
  for (const text of found) {
    const outside = document.createElement("font"), inside = document.createElement("font");
    inside.textContent = text.data;
    outside.append(inside);
    text.replaceWith(outside);
  }
  return found.length;
}"""
"""As Chrome's translator does: each text goes into two elements of its own."""


def test_a_translator_leaves_a_page_that_changes_as_it_is(meet: Meet) -> None:
    """What React writes into a text that was replaced is never seen: she would read old news."""
    who = meet("foreigner")
    who.goes("/request/")
    who.settles()
    assert who.page.evaluate(_TRANSLATES) == 0
    chooses_district(who, 6)
    expect(who.page.get_by_role("heading", level=1)).to_contain_text(filing_text.MATTER_TITLE)


def test_a_translator_may_translate_the_pages_without_scripts(meet: Meet) -> None:
    who = meet("foreigner")
    who.page.goto("/plain/request/")
    assert who.page.evaluate(_TRANSLATES) > 0
