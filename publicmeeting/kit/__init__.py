"""General tools without municipal terms: clock, Jalali dates, Persian digits and letters, codes, canonical JSON and hashing."""
