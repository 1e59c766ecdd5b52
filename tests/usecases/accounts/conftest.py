"""A citizen, and a stranger who filed with her identity."""

import pytest
from support.citizens import Someone, citizen, file, someone


@pytest.fixture
def her() -> Someone:
    return someone(1)


@pytest.fixture
def squatted(application, city, her):
    """A request that a stranger filed with her code and his own mobile."""
    stranger = citizen(application, someone(2).mobile)
    return stranger, file(application, her, stranger)
