"""Mutation testing: whether the tests notice when a rule is changed.

``python -m tools.mutation`` changes the programme and the coach in one small place at a time,
runs the room's own tests against each change, and writes ``docs/mutation.md``. A change that no
test notices has survived: it needs a test, or an explanation in ``survivors.toml``.
"""
