"""The page of ``voice-coach home``: what goes on, and what may be changed, for whoever helps."""
