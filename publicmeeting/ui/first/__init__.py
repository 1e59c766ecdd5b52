"""The first picture of public pages: what stands in the first bytes, and when scripts begin."""
