"""The draw of a Monday, to be watched by everybody."""
