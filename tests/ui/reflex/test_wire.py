"""Fields that a state does not send to the browser are read by no page there."""

from reflex.state import State
from reflex_base.utils.format import json_dumps
from support.each import for_each
from support.pages import drawn

from publicmeeting.ui.routes import PAGES

NOT_TOLD = ("session", "headers", "page", "url")


@for_each(page.path for page in PAGES)
def test_no_page_reads_what_it_is_not_told(path):
    assert [one for one in NOT_TOLD if f"rx_router_{one}" in drawn()[path]] == []


def test_a_step_tells_the_browser_nothing_of_its_own_address():
    root = State(_reflex_internal_init=True)
    asked = {"pathname": "/track", "asPath": "/track/?code=0506445147", "query": {}, "headers": {}}
    root._update_router_vars(asked, {})
    assert root.router.url.path == "/track/"
    told = json_dumps(root.get_delta())
    assert "0506445147" not in told
