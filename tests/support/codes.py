"""A QR as a camera sees it, for whoever reads one."""

import io

import segno


def qr_png(text: str) -> bytes:
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", border=4, scale=8)
    return out.getvalue()
