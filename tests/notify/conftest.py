"""Fixtures for notices: citizens of a line, and a gateway that may fail."""

import pytest
from support.faulty_gateway import FaultyGateway

from publicmeeting.application import Application


@pytest.fixture
def gateway(application: Application) -> FaultyGateway:
    application.phone = gateway = FaultyGateway()
    return gateway
