import pytest
from support.walk import ROADS


@pytest.mark.parametrize("stage", ROADS)
def test_a_request_walks_to_every_stage(a_request, stage):
    assert a_request(at=stage).request.stage is stage
