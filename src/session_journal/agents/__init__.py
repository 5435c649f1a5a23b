"""What is known about each AI tool: where its transcripts lie, how context is handed to it."""
