"""Known answers: draws and tickets computed by code that shares nothing with the product."""

import json
from pathlib import Path

_ANSWERS = json.loads(Path(__file__).with_name("draw_known_answers.json").read_text("utf-8"))

TICKETS = _ANSWERS["tickets"]
FILES = {answer["name"]: answer["file"] for answer in _ANSWERS["draws"]}
