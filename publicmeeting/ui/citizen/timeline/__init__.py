"""The live timeline of one request, with everything its citizen can do on it."""
