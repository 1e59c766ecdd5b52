"""Layers around every answer: origin check, headers, security policy, visit, trusted proxies."""

import asyncio
import base64
import hashlib
from pathlib import Path

import pytest
from browsers import Browser, Browsers
from starlette.types import Message, Receive, Scope, Send
from support.city import PASSWORD, City
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.web.layers.headers import Policies, inline_scripts
from publicmeeting.web.layers.origin import BehindProxies, ProxyTrust, SameOrigin

CHANGING = ("/auth/code", "/auth/confirm", "/auth/staff", "/auth/leave", "/draft", "/photos", "/x")

OURS = {"origin": "http://localhost:3000"}


def policy_of(browser: Browser, path: str) -> dict[str, str]:
    parts = browser.get(path).headers["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def hash_of(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@in_one_city("path", [*CHANGING, "/auth/track", "/auth/sso/x", "/auth/lock", "/auth/district"])
@in_one_city(
    "referer", ["http://[", "http://[::1", "//", "http://a]b/", "http://localhost:3000//["]
)
def test_a_referer_that_is_no_address_is_no_fault(
    browser: Browser, path: str, referer: str
) -> None:
    ours = browser.post(path, {"mobile": "x"}, headers={"referer": referer, **OURS})
    assert ours.status_code < 500
    alone = browser.post(path, {"mobile": "x"}, headers={"referer": referer})
    assert alone.status_code == 403 or referer.startswith("http://localhost:3000/")
    assert alone.status_code < 500


@in_one_city("path", CHANGING)
@in_one_city(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3001"},
        {"origin": "http://localhost:3000.evil.example"},
        {"origin": "https://localhost:3000"},
        {"referer": "https://evil.example/http://localhost:3000/"},
        {"referer": "http://localhost:3000.evil.example/"},
        {},
        {"origin": "https://evil.example", "referer": "http://localhost:3000/"},
    ],
)
def test_a_form_of_another_site_changes_nothing(
    browser: Browser, path: str, headers: dict[str, str]
) -> None:
    assert browser.post(path, {"mobile": "x"}, headers=headers).status_code == 403


@in_one_city(
    "headers",
    [
        {"origin": "http://localhost:3000"},
        {"origin": "http://127.0.0.1:3000"},
        {"referer": "http://localhost:3000/enter/?sent=1"},
    ],
)
def test_a_form_of_our_own_page_is_taken(browser: Browser, headers: dict[str, str]) -> None:
    assert browser.post("/auth/leave", headers=headers).status_code == 303


def test_a_photo_of_another_site_is_refused_whatever_the_method(browser: Browser) -> None:
    assert browser.send(b"", origin="https://evil.example").status_code == 403
    browser.origin = "https://evil.example"
    assert browser.delete("/photos/1").status_code == 403


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [(b"http://localhost:3000", True), (None, True), (b"https://evil.example", False)],
)
def test_a_socket_of_another_site_is_closed(origin: bytes | None, *, is_let_in: bool) -> None:
    reached: list[str] = []
    sent: list[Message] = []

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    headers = [(b"origin", origin)] if origin else []
    scope = {"type": "websocket", "path": "/_event", "headers": headers}
    asyncio.run(SameOrigin(pages, ("http://localhost:3000",))(scope, receive, send))
    assert bool(reached) is is_let_in
    assert [message["type"] for message in sent] == ([] if is_let_in else ["websocket.close"])


def test_the_first_page_brings_the_visit_and_is_never_kept(browsers: Browsers) -> None:
    browser = browsers(fresh=True)
    first = browser.get("/")
    brought = first.headers["set-cookie"]
    assert first.headers["cache-control"] == "no-store"
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=15552000"} <= set(brought.split("; "))
    assert "Secure" not in brought
    assert "set-cookie" not in browser.get("/request/").headers


@in_one_city(
    "visit",
    [
        "",
        "a",
        "a" * 43,
        "x" * 60,
        "../../etc",
        f"{'a' * 43}.",
        f"{'a' * 43}.{'0' * 32}",
        f"{'a' * 43}.{'x' * 32}",
        ".",
        f".{'0' * 32}",
    ],
)
def test_a_visit_that_was_not_made_here_is_replaced(browsers: Browsers, visit: str) -> None:
    answer = browsers(fresh=True).get("/", cookie=f"visit={visit}")
    assert answer.headers["set-cookie"].startswith("visit=")


def test_a_visit_of_ours_is_kept_and_one_that_comes_twice_is_none(browsers: Browsers) -> None:
    """Of two cookies of one name, one is not ours, whichever the browser puts first."""
    hers, planted = (browsers().cookie("visit") for _ in range(2))
    browser = browsers(fresh=True)
    assert "set-cookie" not in browser.get("/", cookie=f"visit={hers}").headers
    assert "set-cookie" not in browser.get("/", cookie=f"visit={hers}; visit={hers}").headers
    for both in (f"visit={hers}; visit={planted}", f"visit={planted}; a=b; visit={hers}"):
        assert "set-cookie" in browser.get("/", cookie=both).headers


def test_only_pages_bring_a_visit(browsers: Browsers) -> None:
    browser = browsers(fresh=True)
    for path in ("/icon.svg", "/robots.txt", "/images/x", "/assets/page-1a2b3c.js"):
        assert "set-cookie" not in browser.get(path).headers


def test_over_https_every_cookie_is_secure(https_browser: Browser) -> None:
    page = https_browser.get("/")
    left = https_browser.post("/auth/confirm", {"code": "1"})
    assert "Secure" in page.headers["set-cookie"]
    assert page.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert left.status_code == 303


def test_over_https_every_cookie_is_this_hosts_alone(
    https_browser: Browser, application: Application, city: City
) -> None:
    """A sister site may have set a cookie of the plain name, so it counts for nobody."""
    page = https_browser.get("/")
    assert page.headers["set-cookie"].startswith("__Host-visit=")
    assert "Domain" not in page.headers["set-cookie"]
    https_browser.post("/auth/staff", {"username": "desk", "password": PASSWORD})
    session, visit = (https_browser.cookie(f"__Host-{name}") for name in ("session", "visit"))
    assert session
    cookies = application.cookies
    assert cookies.keys(f"__Host-session={session}; __Host-visit={visit}") == Keys(session, visit)
    assert cookies.keys(f"session={session}; visit={visit}") == Keys()


@in_one_city(
    "host, status",
    [
        ("meeting.example", 307),
        ("MEETING.example", 307),
        ("evil.example", 421),
        ("meeting.example.evil.example", 421),
        ("meeting.example:8443", 421),
        ("", 400),
    ],
)
def test_a_page_leads_to_no_host_that_somebody_else_has_named(
    https_browser: Browser, host: str, status: int
) -> None:
    answer = https_browser.get("/request", host=host)
    assert answer.status_code == status
    assert "evil" not in answer.headers.get("location", "")


def test_whoever_watches_the_process_may_ask_by_its_address(https_browser: Browser) -> None:
    assert https_browser.get("/live", host="10.0.0.7:3000").status_code == 200


@in_one_city("path", ["/health%0a", "/ready%0A", "/metrics%0a", "/%0a/health"])
def test_no_line_end_leads_by_the_proxy_to_what_is_for_operators(
    browser: Browser, path: str
) -> None:
    assert browser.get(path).status_code == 400


def test_over_http_no_page_promises_https(browser: Browser) -> None:
    assert "strict-transport-security" not in browser.get("/").headers


@in_one_city("path", ["/", "/request/", "/nowhere", "/icon.svg", "/health", "/images/x"])
def test_every_answer_carries_the_safe_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "content-security-policy" in headers


@in_one_city(
    "path, script",
    [("/", "first()"), ("/request/", "second()"), ("/nowhere", "third()"), ("/my/1/", "third()")],
)
def test_a_page_may_run_its_own_inline_scripts_and_no_other(
    browser: Browser, path: str, script: str
) -> None:
    policy = policy_of(browser, path)
    assert policy["script-src"] == f"'self' 'sha256-{hash_of(script)}'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'self'"
    assert "ws://localhost:3000" in policy["connect-src"].split()


def test_no_policy_allows_inline_or_evaluated_scripts(browser: Browser) -> None:
    for path in ("/", "/request/", "/nowhere", "/health", "/icon.svg"):
        policy = policy_of(browser, path)
        assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(policy["script-src"].split())
        assert "'unsafe-eval'" not in str(policy)


def test_scripts_with_an_address_have_no_hash_and_others_have_one() -> None:
    html = b"""<script src="/a.js"></script><script async type=module src='/b.js'></script>
    <SCRIPT>one\ntwo</SCRIPT><script data-src="x">three</script><script>one\ntwo</script>"""
    wanted = [f"'sha256-{hash_of(script)}'" for script in ("one\ntwo", "three")]
    assert inline_scripts(html) == wanted


def test_without_a_build_the_policy_is_the_strictest(tmp_path: Path) -> None:
    policies = Policies(tmp_path / "nothing", ())
    assert "script-src 'self';" in policies.of("/")


def test_files_named_by_their_content_are_kept_for_ever(browser: Browser) -> None:
    forever = {
        path: browser.get(path).headers["cache-control"]
        for path in (
            "/assets/page-1a2b3c.js",
            "/assets/gone-1a2b3c.js",
            "/fonts/letters-1a2b3c4d.woff2",
            "/icon.svg",
        )
    }
    assert forever == {
        "/assets/page-1a2b3c.js": "public, max-age=31536000, immutable",
        "/assets/gone-1a2b3c.js": "no-store",
        "/fonts/letters-1a2b3c4d.woff2": "public, max-age=31536000, immutable",
        "/icon.svg": "no-cache",
    }


def test_behind_tls_a_page_without_its_slash_leads_to_https(https_browser: Browser) -> None:
    https_browser.origin = "http://meeting.example"
    answer = https_browser.get("http://meeting.example/request")
    assert answer.status_code == 307
    assert answer.headers["location"] == "https://meeting.example/request/"


@pytest.mark.parametrize(
    ("hops", "forwarded", "path", "client", "surprised"),
    [
        (0, ["198.51.100.9"], "/", "192.0.2.7", True),
        (0, [], "/", "192.0.2.7", False),
        (1, ["198.51.100.9"], "/", "198.51.100.9", False),
        (1, ["10.0.0.1, 198.51.100.9"], "/", "198.51.100.9", False),
        (2, ["10.0.0.1, 198.51.100.9", "203.0.113.5"], "/", "198.51.100.9", False),
        (2, ["198.51.100.9"], "/", "192.0.2.7", True),
        (2, ["198.51.100.9"], "/metrics", "192.0.2.7", True),
        (1, [], "/", "192.0.2.7", True),
        (1, [" , "], "/", "192.0.2.7", True),
        (1, [], "/metrics", "192.0.2.7", False),
    ],
)
def test_an_address_is_believed_as_far_as_the_proxies_are_ours(
    hops: int, forwarded: list[str], path: str, client: str, *, surprised: bool
) -> None:
    seen: list[Scope] = []

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    scope = {"type": "http", "scheme": "http", "client": ("192.0.2.7", 1), "headers": headers}
    trust = ProxyTrust(hops)
    layer = BehindProxies(pages, trust, is_https=False)
    asyncio.run(layer({**scope, "path": path}, None, None))
    assert trust.was_surprised is surprised
    assert seen[0]["client"][0] == client
    assert seen[0]["scheme"] == "http"
