"""A gateway that fails is left alone for a while, and operators see that."""

import pytest
from support.clock import SATURDAY, FixedClock

from publicmeeting.notify.circuit import FAILURES, PAUSE_SECONDS, Circuit, CircuitState
from publicmeeting.notify.phone import NotSentError, UnansweredError, UnreachableError


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def circuit(seconds: Seconds) -> Circuit:
    return Circuit("texts", FixedClock(), seconds)


def fail(circuit: Circuit, fault: type[OSError] = UnreachableError, times: int = FAILURES) -> None:
    for _ in range(times):
        with pytest.raises(fault), circuit.passing():
            raise fault


@pytest.mark.parametrize("fault", [UnreachableError, UnansweredError])
def test_failures_in_a_row_open_the_circuit(circuit: Circuit, fault: type[OSError]) -> None:
    fail(circuit, fault, FAILURES - 1)
    with circuit.passing():
        pass
    fail(circuit, fault, FAILURES - 1)
    assert not circuit.is_refusing
    fail(circuit, fault, 1)
    assert circuit.is_refusing
    assert circuit.status().circuit is CircuitState.OPEN
    with pytest.raises(UnreachableError), circuit.passing():
        pytest.fail("an open circuit lets nothing pass")


def test_a_no_to_one_number_opens_nothing(circuit: Circuit) -> None:
    fail(circuit, times=FAILURES - 1)
    fail(circuit, NotSentError, 100)
    fail(circuit, times=FAILURES - 1)
    assert circuit.status().circuit is CircuitState.CLOSED


def test_after_the_pause_one_message_tries_for_all(circuit: Circuit, seconds: Seconds) -> None:
    fail(circuit)
    seconds.now += PAUSE_SECONDS
    assert circuit.status().circuit is CircuitState.PROBING
    assert not circuit.is_refusing
    with circuit.passing():
        assert circuit.is_refusing
        with pytest.raises(UnreachableError), circuit.passing():
            pytest.fail("only one tries")
    assert circuit.status().circuit is CircuitState.CLOSED


def test_a_failed_try_begins_another_pause(circuit: Circuit, seconds: Seconds) -> None:
    fail(circuit)
    seconds.now += PAUSE_SECONDS
    fail(circuit, times=1)
    assert circuit.is_refusing
    seconds.now += PAUSE_SECONDS
    assert not circuit.is_refusing


def test_a_fault_of_ours_is_no_news_of_the_gateway(circuit: Circuit, seconds: Seconds) -> None:
    fail(circuit)
    seconds.now += PAUSE_SECONDS
    with pytest.raises(KeyError), circuit.passing():
        raise KeyError
    assert not circuit.is_refusing
    assert circuit.status().in_flight == 0


def test_operators_read_what_happened(circuit: Circuit, seconds: Seconds) -> None:
    with circuit.passing():
        seconds.now += 0.25
        assert circuit.status().in_flight == 1
    fail(circuit, UnansweredError, 2)
    fail(circuit, NotSentError, 1)
    fail(circuit, UnreachableError, 3)
    seen = circuit.status()
    assert (seen.taken, seen.unanswered, seen.refused, seen.unreachable) == (1, 2, 1, 3)
    assert (seen.succeeded_at, seen.failed_at) == (SATURDAY, SATURDAY)
    assert (seen.name, seen.in_flight) == ("texts", 0)
