"""The citizen's road as plain pages, for browsers that run no script."""
