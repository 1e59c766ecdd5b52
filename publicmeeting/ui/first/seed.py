"""What the states of a page hold, in the page's own bytes: its scripts begin with it.

So the first drawing of the scripts is the drawing that stands there already.
"""

import json
from collections.abc import Mapping
from typing import Any

import reflex as rx

BLOCK = "first-state"
_CODE = f"""
{{
  const block = globalThis.document?.getElementById("{BLOCK}");
  for (const [name, values] of Object.entries(block ? JSON.parse(block.textContent) : {{}}))
    Object.assign(initialState[name], values);
}}
"""
_HIDDEN = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""Nothing of a text may end the block, whoever wrote it."""


class Seed(rx.Fragment):
    """Draws nothing; its code runs in the root of all pages, before states have a store."""

    def add_imports(self) -> dict[str, list[str]]:
        return {"$/utils/context": ["initialState"]}

    def add_custom_code(self) -> list[str]:
        return [_CODE]


def block(state_vars: Mapping[str, Mapping[str, Any]]) -> str:
    """The data block for the head of a page: full name of a state → its vars."""
    inside = json.dumps(state_vars, ensure_ascii=False, separators=(",", ":")).translate(_HIDDEN)
    return f'<script type="application/json" id="{BLOCK}">{inside}</script>'
