"""What search engines and link previews get of public pages."""

from publicmeeting.ui.routes import PAGES

LONGEST = 160
"""Characters; search engines cut longer descriptions."""


def test_a_page_for_everybody_says_in_a_sentence_what_it_is_for() -> None:
    abouts = {page.path: page.about for page in PAGES if not page.roles}
    assert all(abouts.values()), [path for path, about in abouts.items() if not about]
    assert len(set(abouts.values())) == len(abouts)
    assert max(map(len, abouts.values())) <= LONGEST


def test_a_page_that_wants_a_role_says_nothing_to_strangers() -> None:
    assert not [page.path for page in PAGES if page.roles and page.about]
