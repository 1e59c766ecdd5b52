"""Pictures and PDFs drawn here: orders (order_sheet.py), slips, day lists; canvas.py is their base."""
