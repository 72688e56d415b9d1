"""Two people in one household: each has a diary, and so a day, of their own.

``python -m examples.household``
"""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from voice_coach.home.residents import open_household
from voice_coach.home.settings import Settings
from voice_coach.programme.day import Plan
from voice_coach.programme.ledger import Answered, ScreeningFinished
from voice_coach.programme.screening import questions

SETTINGS = """
diary = "diary"
calibration = "heels"

[people.anna]
prescription = "anna.toml"

[people.ben]
"""

PRESCRIPTION = """
signed_by = "the therapist"
valid_until = 2027-12-31
level = "intermediate"
sets = 2
"""


def main() -> None:
    """Let Anna answer the screening, and print what each of them may do on a Monday."""
    monday = datetime(2027, 3, 1, 10, 30, tzinfo=UTC)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
        (home / "anna.toml").write_text(PRESCRIPTION, encoding="utf-8")
        with open_household(Settings.load(home / "settings.toml"), lambda: monday) as household:
            diary = household.residents["anna"].diary
            for question in questions("screening"):
                diary.record(Answered(0, question.name, question.safe), monday)
            diary.record(ScreeningFinished(0), monday)
            for name, resident in household.residents.items():
                today = resident.plans(monday.date())
                print(f"{name}: {len(today.screening)} questions of the screening are due")
                for level, answer in today.plans.items():
                    if isinstance(answer, Plan):
                        print(f"  {level}: {answer.sets} sets of {answer.repetitions}")
                    else:
                        print(f"  {level}: {answer.reason}")


if __name__ == "__main__":
    main()
