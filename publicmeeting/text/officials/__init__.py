"""Officials' accounts: their list, one of them, the invitation, one's own account."""
