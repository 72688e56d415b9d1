"""The intercom: what the speaker tells other programs of this machine, and what they may ask."""
