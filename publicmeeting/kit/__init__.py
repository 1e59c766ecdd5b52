"""Tools with no municipal word in them: clock, Jalali dates, Persian digits and letters, codes, canonical JSON, hashing."""
