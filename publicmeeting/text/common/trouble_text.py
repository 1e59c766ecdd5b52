"""Over a page that could not be read, because a part of the service is missing."""

PAGE = "سامانه پاسخ نمی‌دهد. این صفحه کمی بعد خودش تازه می‌شود."
