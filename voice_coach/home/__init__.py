"""The speaker as it stands in a home: the composition root, and everything it puts together."""
