"""Images in and out: sniff, re-encode, straighten a paper, order sheet, printable page, storage of pictures and originals."""
