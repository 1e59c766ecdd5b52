"""Engines, migration, sealing, locks: what every repository builds on."""
