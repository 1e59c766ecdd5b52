"""A browser is described in two words, without text from its User-Agent header."""

import pytest

from publicmeeting.kit.browsers import browser_and_system

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0"


_SAMSUNG = "Samsung Internet · Android"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
_FIREFOX = "Gecko/20100101 Firefox/120.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36", "Chrome · Android"),
        (f"Mozilla/5.0 (Linux; Android 13) SamsungBrowser/23.0 {_CHROME}", _SAMSUNG),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Edg/120.0", "Edge · Windows"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) {_SAFARI}", "Safari · iPhone"),
        (f"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) {_FIREFOX}", "Firefox · Linux"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0)", "Windows"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
        ("x" * 500 + " Firefox/1", ""),
    ],
)
def test_a_browser_is_named_in_words_of_our_own(agent: str, words: str) -> None:
    assert browser_and_system(agent) == words
