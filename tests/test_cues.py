"""Whatever the coach may come to say, the script has words for."""

from hypothesis import given, settings

from tests.coach.stage import PEOPLE, Stage
from tests.coach.test_invariants import stages
from voice_coach.coach import Play
from voice_coach.speaking import Script

SCRIPT = Script.load(people=PEOPLE)


@given(stages())
@settings(max_examples=100, deadline=None)
def test_whatever_is_said_has_words_for_its_slots(stage: Stage) -> None:
    for action in stage.actions:
        for cue in action.cues if isinstance(action, Play) else ():
            if not cue.is_tone:
                assert SCRIPT.lines(cue.name, dict(cue.slots)), cue
