"""Fixtures for notices: citizens of a line, and a gateway that may fail."""

import pytest
from support.city import City
from support.clock import FixedClock
from support.faulty_gateway import FaultyGateway
from support.line import Line

from publicmeeting.application import Application


@pytest.fixture
def line(city: City, clock: FixedClock) -> Line:
    return Line(city, clock)


@pytest.fixture
def gateway(application: Application) -> FaultyGateway:
    application.phone = gateway = FaultyGateway()
    return gateway
