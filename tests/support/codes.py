"""QR codes as PNG images, for tests that read one."""

import io

import segno


def qr_png(text: str) -> bytes:
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", border=4, scale=8)
    return out.getvalue()
