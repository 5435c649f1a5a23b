"""One use case a module; the clock is passed in."""
