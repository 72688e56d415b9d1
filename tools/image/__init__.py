"""The image of a card for a Raspberry Pi: built by `python -m tools.image`, from Debian alone."""
