"""From transcript bytes to a Session: one module per format."""
