"""Everything promised, the late ones first."""
