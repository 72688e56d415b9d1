"""A therapist's prescription: a small TOML file that narrows the programme for one person.

It overrides the table downwards or sideways, never upwards: every number is held against the
level it prescribes, and asking for more is a mistake in the file, not a bigger dose.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from voice_coach.programme.levels import Level, Range
from voice_coach.programme.tempo import Tempo
from voice_coach.programme.typed_toml import decode, mistake
from voice_coach.programme.weekdays import WEEK, Weekday


class Prescription(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a therapist has laid down; what is left out stays as the level has it.

    Attributes
    ----------
    signed_by, valid_until
        Who says so, and the last day on which it holds.
    signed_on
        When they said so.
    approved
        Whether they know this person and approve of practising. What the screening found up to
        the day of signing does not block then, and the screening waits until it is due again.
    level
        The highest level that may be practised.
    repetitions, sets
        At most so many repetitions a set, sets a session.
    ceiling
        At most so many repetitions a day.
    days
        The weekdays of practice.
    tempo
        ``rise-hold-x-pause`` in seconds.
    firmness
        How firmly to land.
    single_leg
        Whether drops on one leg are allowed, at advanced level and with somebody beside; the
        coach itself never asks for them.
    cautions
        Sentences to be said before a session, in the therapist's words.
    """

    signed_by: Annotated[str, Meta(min_length=1, description="the name of who signed it")]
    valid_until: Annotated[date, Meta(description="a date such as 2027-01-31")]
    level: Annotated[str, Meta(description='the name of a level, such as "beginner"')]
    signed_on: Annotated[date | None, Meta(description="a date such as 2026-07-31")] = None
    approved: Annotated[bool, Meta(description="true or false, without quotes")] = False
    repetitions: Annotated[int | None, Meta(description="a whole number")] = None
    sets: Annotated[int | None, Meta(description="a whole number")] = None
    ceiling: Annotated[int | None, Meta(description="a whole number")] = None
    days: Annotated[
        tuple[Weekday, ...] | None,
        Meta(description='a list of weekdays, such as ["monday", "thursday"]'),
    ] = None
    tempo: Annotated[
        Tempo | None,
        Meta(description='rise-hold-x-pause in seconds, none above 30, such as "2-1-x-2"'),
    ] = None
    firmness: Annotated[
        Literal["firm", "moderate", "gentle"] | None,
        Meta(description='"firm", "moderate" or "gentle"'),
    ] = None
    single_leg: Annotated[bool, Meta(description="true or false, without quotes")] = False
    cautions: Annotated[
        tuple[str, ...], Meta(description='a list of sentences, such as ["Keep both hands on."]')
    ] = ()

    @classmethod
    def parse(cls, text: str, file: str, levels: Sequence[Level]) -> "Prescription":
        """Return the prescription written in `text`; raise UserError naming line and remedy."""
        prescription = decode(text, file, cls)
        named = {level.name: level for level in levels}
        if prescription.level not in named:
            raise mistake(
                text,
                file,
                "level",
                f"there is no level '{prescription.level}'; choose from: {', '.join(named)}",
            )
        level = named[prescription.level]
        for key, most in (
            ("repetitions", level.repetitions.high),
            ("sets", level.sets.high),
            ("ceiling", level.cap),
        ):
            asked = getattr(prescription, key)
            if asked is not None and not 1 <= asked <= most:
                what = f"{asked} is not between 1 and {most}, the most that {level.name} allows"
                raise mistake(text, file, key, what)
        if prescription.approved and prescription.signed_on is None:
            what = "an approval needs its day; add signed_on = 2026-07-31 (the day of signing)"
            raise mistake(text, file, "approved", what)
        if prescription.single_leg and prescription.level != levels[-1].name:
            what = f"one leg is for {levels[-1].name} level alone; leave it out"
            raise mistake(text, file, "single_leg", what)
        signed_on = prescription.signed_on
        if signed_on is not None and signed_on > prescription.valid_until:
            raise mistake(text, file, "signed_on", "it is after valid_until; correct one of them")
        if prescription.days is not None and not prescription.days:
            raise mistake(text, file, "days", 'name at least one day, such as ["monday"]')
        return prescription

    def holds(self, day: date) -> bool:
        """Tell whether `day` is not after the last day of validity."""
        return day <= self.valid_until

    def allows(self, day: date) -> bool:
        """Tell whether `day` is one of the prescribed weekdays."""
        return self.days is None or WEEK[day.weekday()] in self.days

    def narrow(self, level: Level) -> Level:
        """Return `level` with everything this prescription lowers or sets."""
        week = level.sessions_per_week.high
        return replace(
            level,
            repetitions=_at_most(level.repetitions, self.repetitions),
            sets=_at_most(level.sets, self.sets),
            sessions_per_week=_at_most(
                level.sessions_per_week, len(set(self.days)) if self.days else week
            ),
            tempo=self.tempo or level.tempo,
            cap=min(level.cap, self.ceiling or level.cap),
        )


def _at_most(allowed: Range, most: int | None) -> Range:
    if most is None:
        return allowed
    return Range(min(allowed.low, most), min(allowed.high, most))
