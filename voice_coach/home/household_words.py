"""Words of the household that the script has room for: names, and sentences of therapists."""

from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.levels import load_levels


def words_of(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return them by the name of their room, as :meth:`Script.load` takes them.

    UserError for a prescription that cannot be read.
    """
    files = [settings.prescription, *(person.prescription for person in settings.people.values())]
    papers = [read_prescription(file, load_levels()) for file in files if file is not None]
    return {
        "people": tuple(settings.people),
        "cautions": tuple(caution for paper in papers for caution in paper.cautions),
    }
