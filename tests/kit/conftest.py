"""Property tests without a deadline: a busy machine is no fault of the code."""

from hypothesis import settings

settings.register_profile("no_stopwatch", deadline=None)
settings.load_profile("no_stopwatch")
