"""Filing and looking up a request for a citizen without internet during a call or at a desk: page.py files, follow.py looks up."""
