"""What a session shows: goals, changes, checks, learning and how it went, each with the turns that show it."""
