"""One function per human intention, in folders of their subjects."""
