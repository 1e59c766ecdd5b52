"""What officials read: their accounts, the desk and its lists, the audit and the security log."""
