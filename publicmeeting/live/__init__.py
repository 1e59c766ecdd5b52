"""The bell: topics rung after commit and awaited by open pages; carries no data. Open sockets and what ends with them."""
