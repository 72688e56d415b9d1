"""The one error that a user's mistake may raise."""


class UserError(Exception):
    """Something the user can put right; its text is one sentence: what is wrong, what to do."""
