"""Drive the coach by hand: an event goes in, actions come out. No sound, and no clock.

``python -m examples.drive_coach``
"""

from voice_coach.clock import to_samples, to_seconds
from voice_coach.coach import (
    Action,
    AskHearing,
    Coach,
    Command,
    Event,
    HearingReport,
    Hush,
    Intent,
    OpenWindow,
    Play,
    Spoken,
    State,
    Thump,
    TimeReached,
)
from voice_coach.programme.planner import Plan, Today
from voice_coach.programme.rules import load_rules
from voice_coach.programme.tempo import Tempo


def main() -> None:
    """Go through a session of two drops, and print every event, state and action."""
    rules = load_rules()
    band = rules.firmness["moderate"].band
    plan = Plan("beginner", sets=1, repetitions=2, rest=30.0, tempo=Tempo(2, 1, 2), band=band)
    coach = Coach(Today("beginner", {"beginner": plan}), limits=rules.pace, calibrated=True)

    to_come: list[Event] = [Command(0, Intent.START)]
    while to_come:
        event = min(to_come, key=lambda event: event.at)
        to_come.remove(event)
        actions = coach.handle(event)
        print(f"{to_seconds(event.at):7.2f} s  {type(event).__name__} -> {coach.state}")
        for action in actions:
            print(f"            {action}")
            if isinstance(action, Hush):
                to_come.clear()  # what was being said will not come to its end
            to_come += follows(action)
        to_come = [event for event in to_come if not isinstance(event, TimeReached)]
        if coach.deadline is not None:
            to_come.append(TimeReached(coach.deadline))
    assert coach.state is State.ASLEEP


def follows(action: Action) -> list[Event]:
    """Return what the world answers to `action`; the loop has a voice and an ear for that."""
    match action:
        case Play(at=at, cues=cues, utterance=utterance):
            return [Spoken(at + to_samples(0.5 * len(cues)), utterance)]
        case AskHearing(at=at):
            return [HearingReport(at, can_hear=True)]
        case OpenWindow(start=start):
            landed = start + to_samples(0.3)
            return [Thump(landed + to_samples(0.07), landed, level_db=0.0)]
        case _:
            return []


if __name__ == "__main__":
    main()
