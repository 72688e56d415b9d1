"""The door: what the speaker tells of who may come in, and who may not any more."""

from voice_coach.intercom.client import Listener
from voice_coach.intercom.messages import Event, LetIn, Withdrawn
from voice_coach.website.access import Access


def door(access: Access) -> Listener:
    """Return what listens to the speaker for `access`."""

    def hear(event: Event | None) -> None:
        match event:
            case LetIn(code=code, role=role):
                access.invite(role, code)
            case Withdrawn():
                access.withdraw_all()

    return hear
