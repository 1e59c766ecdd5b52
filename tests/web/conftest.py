"""Browsers of a small city whose pages are plain files."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsers import HTTP, HTTPS, Browser, Browsers, compose
from support.city import KEY, City
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.config import Settings, TwoStep
from publicmeeting.domain.stages import Stage
from publicmeeting.usecases.accounts.credentials import Cookies

PAGES = {
    "index.html": "<html><script>first()</script><body>خانه</body></html>",
    "request/index.html": '<html><script type="module">second()</script></html>',
    "404.html": "<html><script>third()</script></html>",
    "assets/page-1a2b3c.js": "export {}",
    "fonts/letters-1a2b3c4d.woff2": "font",
    "icon.svg": "<svg/>",
}


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """Restore the logging of the process, which composing the layers changes."""
    before, handlers = logging.getLogRecordFactory(), list(logging.getLogger().handlers)
    yield
    logging.setLogRecordFactory(before)
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    for name, content in PAGES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def drawn(a_request: Callable[..., WalkedCase]) -> WalkedCase:
    return a_request(at=Stage.INVITED)


@pytest.fixture
def seated(a_request: Callable[..., WalkedCase]) -> WalkedCase:
    return a_request(at=Stage.CONFIRMED)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings.from_environment(
        {
            **HTTP,
            "DATABASE_URL": database_url,
            "PUBLICMEETING_DATA": str(tmp_path),
            "PUBLICMEETING_SECRET": KEY.hex(),
        }
    )


@pytest.fixture
def browsers(application: Application, settings: Settings, built: Path) -> Iterator[Browsers]:
    """`browsers()` is a new browser that has opened the first page, unless `fresh=True`."""
    app = compose(application, settings, built)
    made: list[Browser] = []

    def one(address: str = "192.0.2.7", *, fresh: bool = False) -> Browser:
        made.append(Browser(app, settings, address))
        if not fresh:
            made[-1].get("/")
        return made[-1]

    yield one
    for browser in made:
        browser.close()


@pytest.fixture
def browser(browsers: Browsers) -> Browser:
    return browsers()


@pytest.fixture
def strict(
    application: Application, settings: Settings, built: Path, city: City
) -> Iterator[Browser]:
    """A browser of a city that obliges officials who decide to have a second step."""
    chosen = replace(settings, two_step=TwoStep.REQUIRED)
    browser = Browser(compose(application, chosen, built), chosen)
    browser.get("/")
    yield browser
    browser.close()


@pytest.fixture
def https_browser(application: Application, built: Path) -> Iterator[Browser]:
    """The same city served in production over https."""
    settings = Settings.from_environment(HTTPS)
    application.cookies = Cookies(application.store.vault, is_https=True)
    browser = Browser(compose(application, settings, built), settings)
    yield browser
    browser.close()
