"""The key with which an act is refused; the test fails if it is not refused."""

from collections.abc import Callable
from typing import Any

import pytest

from publicmeeting.domain.errors import Denied, Invalid


def refused(act: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    with pytest.raises((Denied, Invalid)) as word:
        act(*arguments, **named)
    return word.value.key
