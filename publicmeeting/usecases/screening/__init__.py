"""The desk: its inbox, the opened case, judges of lanes, whom to telephone."""
