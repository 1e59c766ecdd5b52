"""Every Persian sentence: labels, buttons, refusals, notices, empty states; keyed by domain enums."""
