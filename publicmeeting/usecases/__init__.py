"""One function per human intention: booking, screening, drawing, meetings, orders, oversight,
accounts."""
