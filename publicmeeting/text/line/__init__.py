"""The waiting line: lanes, lists, rules, simulation, the late value and the witnesses."""
