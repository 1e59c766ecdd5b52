"""Engines, migration, sealing, locks: what every repository stands on."""
