"""The interface's light colours, for sheets that are saved and printed."""

PAPER = "#FFFEFA"
PAPER_LINE = "#D8D0BC"
PAPER_INK = "#1B2724"
PEN = "#23419A"

GROUND = "#F1EEE5"
SHEET = "#FFFDF8"
SUNK = "#E6E1D4"
INK = "#1B2724"
INK2 = "#4B5853"
LINE = "#D3CCBB"
EDGE = "#7C7867"

GLAZE = "#0B5E5A"
GLAZE_EDGE = "#06403D"
ON_GLAZE = "#FFFDF8"
BAND = "#073F3E"
BAND2 = "#0F5653"
ON_BAND = "#FFFDF8"
ON_BAND2 = "#BCD6CF"
TURQUOISE = "#3FA79A"
SAFFRON = "#EBA417"
SAFFRON_EDGE = "#B97A05"
WHITE = "#FFFFFF"

SCALE = ("#D5E6DF", "#9CCBC0", "#4E9F95", "#0B5E5A", "#06393A")
"""s1 to s5, from little to much."""
