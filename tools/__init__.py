"""Commands that draw or make what the repository holds; run them from its root.

==============================  ==================================================
``python -m tools.draw_states``  docs/states.md, from the coach's table
``python -m tools.make_tones``   audio/tones/, from voice_coach/speaking/tones.toml
==============================  ==================================================
"""
