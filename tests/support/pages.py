"""Every page, rendered once for all tests that search through the result."""

import json
from functools import cache

from publicmeeting.ui.routes import PAGES


@cache
def drawn() -> dict[str, str]:
    """Return path → the rendered page as JSON."""
    return {
        page.path: json.dumps(page.draw().render(), default=str, ensure_ascii=False)
        for page in PAGES
    }
