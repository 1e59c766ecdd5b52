"""What stands around every answer: ASGI middleware, from request ids to the first picture."""
