"""The clips that a hall's screen speaks with: their names, and how a call is put together."""

NUMBER = "number"
"""«شمارهٔ», before a number."""
ROOM = "room"
SECOND = "second"
AGAIN = "again"
READY = "ready"
"""Played once when the sound is switched on."""
NUMBERS_MOST = 40
"""A higher number is announced by the chime and on the screen alone."""
LATE_STEPS = (20, 40, 60)
"""Minutes late from which a hall hears that its Monday runs late."""

LONGEST_SECONDS = 8
"""Of a recording: a call is to be over before the next one."""
LARGEST_KIB = 512

CLIPS: tuple[str, ...] = (
    NUMBER,
    *(f"n{number:02d}" for number in range(1, NUMBERS_MOST + 1)),
    ROOM,
    SECOND,
    AGAIN,
    *(f"late{minutes}" for minutes in LATE_STEPS),
    READY,
)
"""In the order in which somebody would record them."""

_REPEATED = {1: (), 2: (SECOND,)}


def call_clips(number: int, nth: int) -> tuple[str, ...]:
    """The clips of one call, in their order; none for a number that nobody has recorded."""
    if not 1 <= number <= NUMBERS_MOST:
        return ()
    return (NUMBER, f"n{number:02d}", ROOM, *_REPEATED.get(nth, (AGAIN,)))


def late_clip(minutes: float) -> str:
    """The clip of the highest step that is reached; empty below the first."""
    reached = [step for step in LATE_STEPS if minutes >= step]
    return f"late{reached[-1]}" if reached else ""
