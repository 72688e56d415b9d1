"""How loud somebody wanted the coach to be, kept over a restart."""

import msgspec

from voice_coach.coach import Action, SetVolume
from voice_coach.coach.pacing import VOLUME_STEP_DB, VOLUME_STEPS
from voice_coach.home.observer import Observer
from voice_coach.home.timekeeping import Store


class _Kept(msgspec.Struct):
    volume_db: float
    """What the settings said then; where they say something else now, that is newer."""
    steps: int


class VolumeKeeper(Observer):
    """Keeps what was asked for by voice.

    Parameters
    ----------
    store
        Where it is kept.
    volume_db
        How loud the coach is by the settings.
    """

    def __init__(self, store: Store, volume_db: float) -> None:
        self._store = store
        self._volume_db = volume_db

    @property
    def steps(self) -> int:
        """By how many steps the coach was louder, or quieter, when it was last told."""
        try:
            kept = msgspec.json.decode(self._store.load() or b"", type=_Kept)
        except msgspec.MsgspecError:
            return 0
        is_so = kept.volume_db == self._volume_db and kept.steps in VOLUME_STEPS
        return kept.steps if is_so else 0

    def action(self, action: Action) -> None:
        """Keep how loud the coach is to be."""
        if isinstance(action, SetVolume):
            kept = _Kept(self._volume_db, round(action.db / VOLUME_STEP_DB))
            self._store.save(msgspec.json.encode(kept), wait=False)
