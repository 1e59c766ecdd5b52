"""The four short steps of a request: district, matter, herself, review."""
