"""The bell: topics rung after commit and awaited by open pages, here and in the other processes;
carries no data. Open sockets and what ends with them."""
