"""Workarounds for Reflex, each with its reason in docs/reflex.md."""
