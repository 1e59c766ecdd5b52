"""What a citizen sees: home, request, receipt, timeline, her requests, tracking."""
