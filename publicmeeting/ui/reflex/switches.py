"""Names of the pinned Reflex that are no public setting; whoever starts a process sets them."""

SERVE_BUILT_PAGES = {
    "__REFLEX_SKIP_COMPILE": "1",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
}
"""The pages were built before: this process serves them and compiles nothing."""
