"""The line computed from the log: the four machines and the reader that replays them."""
