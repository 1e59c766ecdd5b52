"""Configuration of Reflex: Tailwind's utilities, both colour modes, no telemetry."""

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.ui.reflex.bundle import SmallBundle

config = rx.Config(
    app_name="publicmeeting",
    plugins=[rx.plugins.TailwindV4Plugin({"darkMode": "class"}), SmallBundle()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    default_color_mode="system",
    show_built_with_reflex=False,
    telemetry_enabled=False,
    cors_allowed_origins=list(settings().origins),
    frontend_compression_formats=["brotli", "gzip"],
)
