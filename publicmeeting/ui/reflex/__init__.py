"""Workarounds for Reflex, one module each; docs/reflex.md lists their reasons and when to drop them."""
