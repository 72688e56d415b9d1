"""The page and the calendar: everything is on them, and nothing runs off them."""

import re
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.programme.past import LEVELS, SCREENED, day
from tests.reports.test_day_marks import session
from voice_coach.diary.records import Session
from voice_coach.errors import UserError
from voice_coach.programme.history import (
    Approved,
    Felt,
    History,
    Hurt,
    Remark,
    Screened,
    Settled,
    Told,
)
from voice_coach.programme.ledger import Answer, Complaint, EndReason, Feeling, Outcome
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.questions import load_questions
from voice_coach.programme.screening import findings
from voice_coach.reports import calendar
from voice_coach.reports.day_marks import Mark
from voice_coach.reports.page import draw, page
from voice_coach.reports.page_text import Report, complaints, fitted, in_short, overrides, screening

NAMED = {level.name: level for level in LEVELS}
FOUR = (Outcome.HEARD, Outcome.SOFT, Outcome.HARD, Outcome.NOT_HEARD)
WORDY: tuple[Remark, ...] = (
    *(
        Told(day(0), question.name, Answer.SILENCE)
        for question in load_questions()
        if question.when == "screening"
    ),
    Screened(day(0)),
    *(Approved(day(n), "Doctor Maximiliane Featherstonehaugh", "word " * 60) for n in range(9)),
    *(Hurt(day(n), complaint) for n, complaint in enumerate([*Complaint] * 2, start=200)),
    Settled(day(219)),
    *(Felt(day(n), feeling) for n, feeling in enumerate([*Feeling, *Feeling], start=220)),
)


def overridden(done: Session) -> Session:
    return Session(
        **{name: getattr(done, name) for name in Session.__slots__ if name != "overrode"},
        overrode="refused.rest_day",
    )


def report(
    done: list[Session], *remarks: Remark, last: int = 27, prescription: Prescription | None = None
) -> Report:
    history = History((), remarks)
    return Report(
        person="anna",
        day=day(last),
        most=12,
        sessions=done,
        history=history,
        levels=NAMED,
        findings=findings(day(last), history, prescription),
        prescription=prescription,
    )


FULL = report(
    [overridden(session(n, *FOUR, level=LEVELS[n // 80].name)) for n in range(0, 240, 1)],
    *WORDY,
    last=239,
)
SMALL = report([session(0)], last=0)


def texts(figure: Figure) -> Iterator[Text]:
    for found in figure.findobj(Text):
        assert isinstance(found, Text)
        if found.get_text().strip() and found.get_visible():
            yield found


def rendered(figure: Figure) -> RendererAgg:
    """Draw, so that legends have found their places; return what measures texts."""
    canvas = FigureCanvasAgg(figure)
    # matplotlib has left these two of its methods without types.
    canvas.draw()  # type: ignore[no-untyped-call]
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    assert isinstance(renderer, RendererAgg)
    return renderer


class TestThePage:
    @pytest.mark.slow
    @pytest.mark.parametrize("told", [FULL, SMALL], ids=["a lot", "next to nothing"])
    def test_holds_everything(self, told: Report) -> None:
        figure = page(told)
        renderer = rendered(figure)
        width, height = figure.canvas.get_width_height()
        for text in texts(figure):
            box = text.get_window_extent(renderer)
            assert not re.fullmatch(r"7\d{5}", text.get_text()), "a day in place of its date"
            assert box.x0 >= 0, text
            assert box.x1 <= width, text
            assert 0 <= box.y0 < box.y1 <= height, text

    @pytest.mark.slow
    def test_columns_of_words_do_not_meet(self) -> None:
        figure = page(FULL)
        renderer = rendered(figure)
        width, height = figure.canvas.get_width_height()
        footer = 0.06 * height
        for text in figure.texts:
            box = text.get_window_extent(renderer)
            if text.get_position()[0] == 0.07 and footer < box.y0 < 0.5 * height:
                assert box.x1 < 0.53 * width, text
            assert box.y0 > footer or text.get_position()[1] < 0.05, text

    @pytest.mark.slow
    def test_is_one_sheet_for_its_owner_alone(self, tmp_path: Path) -> None:
        file = tmp_path / "page.pdf"
        draw(FULL, file)
        content = file.read_bytes()
        assert content.startswith(b"%PDF")
        assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 1
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_that_cannot_be_written_is_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="cannot be written"):
            draw(SMALL, tmp_path / "none" / "page.pdf")
        with pytest.raises(UserError, match=r"neither a \.png nor a \.pdf"):
            draw(SMALL, tmp_path / "page.doc")


class TestItsWords:
    def test_in_short(self) -> None:
        done = [session(0, *FOUR), session(2, *FOUR, reason=EndReason.STOPPED), session(9)]
        assert in_short(report(done, Felt(day(0), Feeling.EASY), Felt(day(2), Feeling.SORE))) == [
            "Sessions: 3 (2 completed).",
            "Whole weeks: 3 days of practice of 9 asked for (33%).",
            "Drops asked for: 9; heard: 7 (78%).",
            "How sets felt: 1 easy, 1 sore.",
        ]

    def test_on_complaints(self) -> None:
        said = (
            Hurt(day(1), Complaint.BACK_PAIN),
            Settled(day(3)),
            Hurt(day(4), Complaint.FALL),
            Felt(day(5), Feeling.SORE),
        )
        assert complaints(History((), said), day(1)) == [
            f"{day(5)}  soreness after a set, not settled",
            f"{day(4)}  fall",
            f"{day(1)}  back pain, settled {day(3)}",
        ]
        assert complaints(History((), said), day(5)) == [
            f"{day(5)}  soreness after a set, not settled"
        ]

    def test_on_overrides(self) -> None:
        done = [session(0), overridden(session(1, *FOUR))]
        assert overrides(done) == [f"{day(1)}  rest day, 4 drops"]
        assert overrides([session(0)]) == []

    def test_on_screening(self) -> None:
        said = (
            *SCREENED[:-1],
            Told(day(0), "balance", Answer.UNSURE),
            Told(day(0), "falls", Answer.YES),
            Screened(day(0)),
        )
        approved = Approved(day(1), "R. Jones")
        assert screening(report([session(0)], *said)) == [
            f"Last whole screening: {day(0)}.",
            f"- any concern about balance, or a fall: unsure ({day(0)}, advised to ask)",
            f"- significant balance problems, or falls: yes ({day(0)}, blocks)",
        ]
        assert screening(report([session(0)], *said, approved))[1:] == [
            f"Approved by R. Jones on {day(1)}.",
            f"- any concern about balance, or a fall: unsure ({day(0)}, approved)",
            f"- significant balance problems, or falls: yes ({day(0)}, approved)",
        ]
        assert screening(report([session(0)])) == ["Not screened yet."]

    def test_are_cut_to_what_fits_and_counted(self) -> None:
        assert fitted(["one", "two", "three"], 3) == ["one", "two", "three"]
        assert fitted(["one", "two", "three", "four"], 3) == ["one", "two", "... and 2 more"]
        assert fitted(["word " * 100, "two"], 3) == ["... and 2 more"]


class TestTheCalendar:
    def test_shows_every_day_of_the_latest_months(self) -> None:
        days = {day(n): Mark.REST for n in range(300)}
        figure = calendar.picture(days, "Heel drops")
        titles = [axis.get_title() for axis in figure.axes if axis.get_title()]
        assert len(titles) == calendar.MONTHS
        assert titles[-1] == f"{day(299):%B %Y}"

    def test_tells_days_apart_without_colours(self) -> None:
        signs = [calendar.LOOKS[mark][2] for mark in Mark]
        assert len(set(signs)) == len(Mark)
        figure = calendar.picture(
            {day(0) + timedelta(days=n): mark for n, mark in enumerate(Mark)}, "Heel drops"
        )
        shown = [text.get_text() for text in figure.axes[0].texts]
        assert set(signs) <= set(shown)

    def test_is_a_picture_for_its_owner_alone(self, tmp_path: Path) -> None:
        file = tmp_path / "calendar.png"
        calendar.draw({day(0): Mark.DONE}, "Heel drops", file)
        assert file.read_bytes().startswith(b"\x89PNG")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
