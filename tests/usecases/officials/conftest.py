"""Two administrators: what one proposes, the other decides."""

import pytest
from support.city import City, add_official

from publicmeeting.application import Application
from publicmeeting.domain.roles import Actor


@pytest.fixture
def admin(city: City) -> Actor:
    return city.as_("administrator")


@pytest.fixture
def second(application: Application, city: City) -> Actor:
    """Another administrator."""
    add_official(application, "second", ("administrator", None, None), name="مدیر دوم")
    return city.as_("second")
