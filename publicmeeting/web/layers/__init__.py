"""ASGI middleware around every answer, from request ids to prefilled pages; web/app.py has the order."""
