"""Publishing and subscribing: topics published after commit to open pages, here and in the other processes, without data. Open sockets and what ends with them."""
