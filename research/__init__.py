"""How the ears' models are made and measured; README.md says what to run in which order."""
