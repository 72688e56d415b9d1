"""Commands that draw or make what the repository holds."""
