"""`screening interview`: the guided interview in a terminal."""
