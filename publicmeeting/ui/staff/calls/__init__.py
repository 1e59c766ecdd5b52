"""Whom the desk has to tell by telephone, ticked off one by one."""
