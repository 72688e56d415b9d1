"""Hearing: microphone samples in, events out."""
