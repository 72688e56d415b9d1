"""Forgetting somebody for good: all that was written, learnt, recorded or rendered of them."""

from collections.abc import Iterable
from pathlib import Path

from voice_coach.diary.backups import forget, forget_heels, shred
from voice_coach.home.heel_store import kept_sound
from voice_coach.home.kept_sound import files_of
from voice_coach.home.settings import Settings
from voice_coach.private_files import told


def forget_everything(settings: Settings) -> tuple[str, ...]:
    """Delete all that is kept of the person of `settings`; return what there was.

    Rendered speech goes with it, which may say a name or a therapist's sentence; it is rendered
    again when it is needed.

    Raises
    ------
    UserError
        When something cannot be deleted, or the speaker is running.
    """
    # Before the heels, whose folder says where the sound is.
    found = {
        "the diary": forget(settings.diary),
        "the sound kept of calibrations": _forget_sound(kept_sound(settings.calibration)),
        "what was learnt of the heels": forget_heels(settings.calibration),
    }
    if any(found.values()):
        _forget_rendered(settings.cache / "clips")
    return tuple(name for name, was in found.items() if was)


def _forget_sound(recordings: Iterable[Path]) -> bool:
    """Delete `recordings`, and what was kept with each; return if any was there."""
    found = False
    for recording in recordings:
        with told(f"{recording} cannot be deleted ({{why}}); delete it by hand."):
            for file in files_of(recording):
                if file.is_file():
                    shred(file)
                    found = True
    return found


def _forget_rendered(clips: Path) -> None:
    with told(f"{clips} cannot be deleted ({{why}}); delete it by hand."):
        for file in [*clips.glob("*.clip"), *clips.glob(".*.clip.part")]:
            file.unlink(missing_ok=True)
