"""A person at a browser in front of a real city: there is no demo bar, codes come by SMS."""

from collections.abc import Mapping

from parts import PATIENCE, Gateway
from person import Person
from playwright.sync_api import BrowserContext, expect

from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal


class Visitor(Person):
    """A `Person` of the journeys in front of a real city."""

    def __init__(
        self, name: str, context: BrowserContext, gateway: Gateway, passwords: Mapping[str, str]
    ) -> None:
        super().__init__(name, context)
        self._gateway, self._passwords = gateway, passwords
        self._mobile = ""

    def has_bar(self) -> None:
        """Do nothing: a real city has no demo bar."""

    def has_mobile(self, mobile: str) -> None:
        self._mobile = mobile

    def reads_code(self) -> str:
        """Return the newest code on her phone."""
        return self._gateway.code_for(self._mobile)

    def signs_in(self, username: str) -> None:
        """Sign an official in with the password of the import."""
        self.goes("/sign-in/")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(self._passwords[username])
        self.button(chrome_text.ENTER).click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        self.is_alive()

    def reads_trouble(self) -> None:
        """Wait for the sentence about a missing part, beside her press or over the page."""
        sentence = self.page.get_by_text(refusal("part_missing")).locator("visible=true")
        expect(sentence.first).to_be_visible(timeout=PATIENCE * 1000)
