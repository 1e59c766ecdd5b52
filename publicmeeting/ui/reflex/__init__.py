"""What Reflex needs to be told its own way: each workaround, why it exists, in one place (docs/reflex.md)."""
