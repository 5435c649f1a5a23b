"""The language model's side: its endpoint, the prompts, and the reply whose every claim is checked."""
