"""Reflex's own script speaks Persian; a Reflex that says it in another way stops the build."""

from importlib.resources import files

import pytest

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex.bundle import in_persian

SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text(encoding="utf-8")


def test_to_whoever_has_an_earlier_release_open() -> None:
    ours = in_persian(SCRIPT)
    assert chrome_text.NEW_VERSION in ours
    assert chrome_text.RELOAD in ours
    assert "A new version of this app" not in ours


def test_other_words_are_noticed() -> None:
    with pytest.raises(ValueError, match="new version"):
        in_persian(SCRIPT.replace("A new version", "The new version"))
