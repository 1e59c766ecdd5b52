"""An order's sheet: drawn, photographed, signed, and its chain of custody."""
