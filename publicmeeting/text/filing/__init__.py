"""Filing: by a citizen, with help at a desk, and whose an identity is."""
