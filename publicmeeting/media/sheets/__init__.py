"""Pictures that are composed here: orders, slips, and what they are drawn with."""
