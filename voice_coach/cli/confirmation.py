"""Asking before something is done that cannot be undone."""

import sys

from voice_coach.errors import UserError


def confirmed(question: str, *, yes: bool) -> bool:
    """Return whether the person agrees; `yes` means that they have said so beforehand.

    UserError where there is nobody to ask: silence is never consent.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UserError("There is nobody to ask here; add --yes if you are sure.")
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in {"y", "yes"}
