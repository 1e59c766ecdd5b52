"""Filing a request in four steps: district, matter, herself, review; state.py decides, page.py and parts.py draw."""
