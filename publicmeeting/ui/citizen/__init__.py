"""A citizen's pages: home, request, receipt, her requests, and the page of one request (timeline/, the largest)."""
