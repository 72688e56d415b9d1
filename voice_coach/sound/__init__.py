"""Sound: where samples come from and where they go."""
