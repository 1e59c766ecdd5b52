"""The benches, which measure the figures that the documentation promises."""
