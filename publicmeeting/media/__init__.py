"""Images in and out: sniff, re-encode, strip metadata, thumbnails, order sheet, private blob folder."""
