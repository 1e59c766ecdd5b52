"""Every page drawn once for all tests that look through what is drawn."""

import json
from functools import cache

from publicmeeting.ui.routes import PAGES


@cache
def drawn() -> dict[str, str]:
    """Path → the page as it is rendered."""
    return {
        page.path: json.dumps(page.draw().render(), default=str, ensure_ascii=False)
        for page in PAGES
    }
