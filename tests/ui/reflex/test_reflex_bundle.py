"""What is changed in Reflex's scripts; a Reflex that writes them otherwise stops the build."""

from importlib.resources import files

import pytest

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex import bundle
from publicmeeting.ui.reflex.bundle import in_persian, sends_over_defaults
from publicmeeting.ui.reflex.first_state import OVER_DEFAULTS

SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text(encoding="utf-8")


def test_to_whoever_has_an_earlier_release_open() -> None:
    ours = in_persian(SCRIPT)
    assert chrome_text.NEW_VERSION in ours
    assert chrome_text.RELOAD in ours
    assert "A new version of this app" not in ours


def test_other_words_are_noticed() -> None:
    with pytest.raises(ValueError, match="new version"):
        in_persian(SCRIPT.replace("A new version", "The new version"))


def test_what_differs_from_the_defaults_is_put_over_them() -> None:
    ours = sends_over_defaults(SCRIPT)
    assert "whole(update.delta)" in ours
    assert 'from "$/utils/told_again.js"' in ours
    with pytest.raises(ValueError, match=r"update\.delta"):
        sends_over_defaults(ours)
    assert f'"{OVER_DEFAULTS}"' in bundle.TOLD_AGAIN.read_text(encoding="utf-8")
