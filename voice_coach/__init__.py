"""voice-coach: an offline smart speaker that coaches heel drops."""

__version__ = "0.2.0"
