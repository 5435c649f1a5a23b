"""How a person works, from entries alone: what goes well by kind and project, where it moves, what to try."""
