"""Parts of the router read separately equal those of Reflex's whole router."""

import reflex as rx

from publicmeeting.ui.reflex.whereabouts import headers_of, session_of, url_of
from publicmeeting.ui.shell.session import Session

ROUTER = {
    "pathname": "/request/",
    "asPath": "/request/?step=2",
    "query": {},
    "token": "tab",
    "sid": "socket",
    "headers": {"cookie": "a=b", "origin": "https://city.example", "x-socket": "one"},
    "ip": "192.0.2.7",
}


def test_headers_session_and_address_are_those_of_the_router() -> None:
    root = rx.State(_reflex_internal_init=True)
    root._update_router_vars(ROUTER, {})
    page = root.substates[Session.get_name()]
    for state in (root, page):
        assert isinstance(state, rx.State)
        assert headers_of(state) == state.router.headers
        assert headers_of(state).raw_headers["x-socket"] == "one"
        assert session_of(state) == state.router.session
        assert session_of(state).client_ip == "192.0.2.7"
        assert url_of(state) == state.router.url
        assert url_of(state).path == "/request/"
        assert dict(url_of(state).query_parameters) == {"step": "2"}
