"""An order's sheet: drawn, photographed, signed, audited; start at `sheet.py`."""
