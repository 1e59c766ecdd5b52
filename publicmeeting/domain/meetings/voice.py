"""Audio clips of a hall's screen: their names, and the sequence for a call."""

NUMBER = "number"
"""The clip «شمارهٔ», before a number."""
ROOM = "room"
SECOND = "second"
AGAIN = "again"
READY = "ready"
"""Played once when the sound is switched on."""
NUMBERS_MOST = 40
"""Higher numbers are announced by a chime and on the screen only."""
LATE_STEPS = (20, 40, 60)
"""Minutes of delay at which the hall hears that its Monday runs late."""

LONGEST_SECONDS = 8
"""Maximum length of a clip in seconds: a call must end before the next one."""
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
"""All clips, in the order in which somebody would record them."""

_REPEATED = {1: (), 2: (SECOND,)}


def call_clips(number: int, nth: int) -> tuple[str, ...]:
    """Return the clips of one call in order; empty for a number without a recording."""
    if not 1 <= number <= NUMBERS_MOST:
        return ()
    return (NUMBER, f"n{number:02d}", ROOM, *_REPEATED.get(nth, (AGAIN,)))


def late_clip(minutes: float) -> str:
    """Return the clip of the highest step reached; empty below the first."""
    reached = [step for step in LATE_STEPS if minutes >= step]
    return f"late{reached[-1]}" if reached else ""
