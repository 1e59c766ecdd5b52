"""The benches: each measures what was promised in numbers. `python3 -m publicmeeting bench`."""
