"""Environment variables of the pinned Reflex that are not public settings; the caller sets them for
a new process."""

SERVE_BUILT_PAGES = {
    "__REFLEX_SKIP_COMPILE": "1",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
}
"""Serve the pages that were built before, and compile nothing."""
