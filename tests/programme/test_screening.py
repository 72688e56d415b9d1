"""Screening, readiness and complaints, rule by rule. Day 0 is a Monday; 90 days are its life."""

import pytest

from tests.programme.past import LEVELS, TWO_WEEKS, day, on, pain, past, reason
from voice_coach.programme.day import Today
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
from voice_coach.programme.ledger import Answer, Complaint, Feeling
from voice_coach.programme.planner import Plan, Refusal
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.questions import Question, Verdict, load_questions, missing, verdict
from voice_coach.programme.screening import about, findings, questions

SAFE = {question.name: question.safe for question in load_questions()}
BLOCKS = [q.name for q in load_questions() if q.otherwise == "block"]
ADVICES = [q.name for q in load_questions() if q.otherwise == "advise"]


def screening(number: int, **answers: Answer) -> tuple[Remark, ...]:
    """A whole screening on a day, all well but for the answers given."""
    told = [
        Told(day(number), question.name, answers.get(question.name, question.safe))
        for question in questions("screening")
    ]
    return (*told, Screened(day(number)))


def after(number: int, *remarks: Remark, prescription: Prescription | None = None) -> Today:
    """The plans of someone of whom only this was said."""
    return on(number, History((), remarks), prescription)


def blocked_by(now: Today) -> tuple[str, ...]:
    refusals = [answer for answer in now.plans.values() if isinstance(answer, Refusal)]
    found = [refusal.reasons for refusal in refusals if refusal.reason == "refused.blocked"]
    if not found:
        return ()
    assert len(refusals) == len(now.plans)
    assert not any(refusal.may_override or refusal.alternative for refusal in refusals)
    assert found == [found[0]] * len(now.plans)
    return tuple(line.cue.removeprefix("block.") for line in found[0])


def test_what_a_question_is_about_is_told_in_a_few_words() -> None:
    assert about("recent_fracture") == "a fracture in the last six months"
    assert all(0 < len(about(question.name)) < 60 for question in load_questions())


class TestTheQuestions:
    def test_cover_every_block_and_every_advice(self) -> None:
        assert {question.name: question.otherwise for question in questions("screening")} == {
            # Blocks: T-score below -3.0; a fracture in the last 6 months; a vertebral fracture;
            # several low-trauma ones; balance or falls; foot or ankle; uncontrolled osteoporosis.
            "very_low_density": "block",
            "recent_fracture": "block",
            "spine_fracture": "block",
            "several_fractures": "block",
            "falls": "block",
            "foot_injury": "block",
            "under_control": "block",
            # Advises: T-score below -2.5; any fracture; any balance concern.
            "osteoporosis": "advise",
            "broken_bone": "advise",
            "balance": "advise",
        }

    def test_of_readiness_are_two(self) -> None:
        assert [question.name for question in questions("readiness")] == ["well", "place"]

    def test_of_which_some_are_asked_only_where_another_was_not_answered_safely(self) -> None:
        opened = {q.name: q.within for q in questions("screening") if q.within}
        assert opened == {
            "recent_fracture": "broken_bone",
            "spine_fracture": "broken_bone",
            "several_fractures": "broken_bone",
            "under_control": "osteoporosis",
            "very_low_density": "osteoporosis",
            "falls": "balance",
        }

    def test_that_open_others_are_asked_first(self) -> None:
        names = [question.name for question in questions("screening")]
        for question in questions("screening"):
            if question.within:
                assert names.index(question.within) < names.index(question.name)

    @pytest.mark.parametrize("answer", sorted(set(Answer) - {Answer.NO}))
    @pytest.mark.parametrize("opening", ["broken_bone", "osteoporosis", "balance"])
    def test_that_are_opened_are_so_by_any_but_the_safe_answer(
        self, opening: str, answer: Answer
    ) -> None:
        asked = questions("screening")
        gates = {q.name: q.safe for q in asked if not q.within}
        assert missing(asked, gates) == ()
        left = missing(asked, {**gates, opening: answer})
        assert left == tuple(q for q in asked if q.within == opening)

    @pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.name)
    def test_only_the_plain_safe_answer_lets_one_go_on(self, question: Question) -> None:
        passing = [answer for answer in Answer if question.lets_go_on(answer)]
        assert passing == [question.safe]
        assert question.safe in {Answer.YES, Answer.NO}

    def test_silence_and_doubt_tell_of_nothing(self) -> None:
        well = next(question for question in questions("readiness") if question.name == "well")
        assert well.opens(Answer.YES) is Complaint.UNWELL
        for answer in (Answer.NO, Answer.UNSURE, Answer.SILENCE):
            assert well.opens(answer) is None
        assert well.reply == "not_today.well"

    @pytest.mark.parametrize(
        ("when", "safe", "otherwise", "asks_after"),
        [
            ("screening", Answer.UNSURE, "block", ()),
            ("screening", Answer.NO, "hold", ()),
            ("readiness", Answer.NO, "block", ()),
            ("readiness", Answer.NO, "complain:boredom", ()),
            ("follow_up", Answer.YES, "hold", ()),
            ("readiness", Answer.YES, "hold", (Complaint.PAIN,)),
        ],
    )
    def test_that_make_no_sense_are_refused(
        self, when: str, safe: Answer, otherwise: str, asks_after: tuple[Complaint, ...]
    ) -> None:
        with pytest.raises(ValueError, match=r"^q: "):
            Question("q", when, safe, otherwise, "a matter", asks_after)  # type: ignore[arg-type]


class TestTheVerdict:
    def test_of_safe_answers_is_to_go_on(self) -> None:
        assert verdict(load_questions(), SAFE) == Verdict()

    @pytest.mark.parametrize("name", BLOCKS)
    @pytest.mark.parametrize("answer", Answer)
    def test_of_any_other_answer_blocks(self, name: str, answer: Answer) -> None:
        if answer is SAFE[name]:
            return
        assert verdict(load_questions(), {**SAFE, name: answer}) == Verdict(blocks=(name,))
        now = after(0, *screening(0, **{name: answer}))
        assert blocked_by(now) == (name,)
        assert now.offered is None

    @pytest.mark.parametrize("name", ADVICES)
    @pytest.mark.parametrize("answer", [Answer.YES, Answer.UNSURE, Answer.SILENCE])
    def test_of_others_advises_and_lets_one_practise(self, name: str, answer: Answer) -> None:
        assert verdict(load_questions(), {**SAFE, name: answer}) == Verdict(advices=(name,))
        assert isinstance(after(0, *screening(0, **{name: answer})).plans["beginner"], Plan)

    def test_names_everything_that_was_found(self) -> None:
        found = {"falls": Answer.YES, "foot_injury": Answer.UNSURE}
        assert blocked_by(after(0, *screening(0, **found))) == ("falls", "foot_injury")


class TestItIsDue:
    @pytest.mark.parametrize(
        ("remarks", "number", "due"),
        [
            ((), 0, True),
            (screening(0), 0, False),
            (screening(0), 90, False),
            (screening(0), 91, True),
            (screening(0)[:-1], 0, True),  # every question, and yet not finished
            ((*screening(0), Hurt(day(5), Complaint.FALL)), 5, True),
            ((*screening(0), Hurt(day(5), Complaint.LOST_BALANCE)), 6, True),
            ((*screening(0), Hurt(day(0), Complaint.FALL)), 0, True),
            ((*screening(0), *pain(5)), 5, True),
            ((*screening(0), *pain(5, 7)), 8, True),
            ((*screening(0), Hurt(day(5), Complaint.BACK_PAIN)), 6, True),
            ((*screening(0), Hurt(day(5), Complaint.CHEST_PAIN)), 6, True),
            ((*screening(0), Felt(day(5), Feeling.PAIN)), 6, True),
            ((*screening(0), Felt(day(5), Feeling.SORE)), 6, False),
            ((*screening(0), Felt(day(5), Feeling.HARD)), 6, False),
            ((*screening(0), Hurt(day(5), Complaint.SORENESS)), 6, False),
            ((*screening(0), Hurt(day(5), Complaint.DIZZY)), 6, False),
            ((*pain(5), *screening(5)), 5, False),
            ((*screening(0), Told(day(5), "well", Answer.YES)), 5, True),
            ((*screening(0), Told(day(5), "well", Answer.NO)), 5, False),
            ((*screening(0), Told(day(5), "well", Answer.SILENCE)), 5, False),  # not begun
            ((*screening(0), Told(day(5), "place", Answer.NO)), 5, False),
            ((Hurt(day(5), Complaint.FALL), *screening(6)), 6, False),
            ((*screening(0), Hurt(day(5), Complaint.FALL), *screening(6)), 97, True),
        ],
    )
    def test_when(self, remarks: tuple[Remark, ...], number: int, due: bool) -> None:
        asked = after(number, *remarks).screening
        assert asked == (questions("screening") if due else ())

    def test_again_although_it_was_approved_of(self) -> None:
        said = (*screening(0, falls=Answer.YES), Approved(day(1), "R. Jones"))
        assert after(90, *said).screening == ()
        assert after(91, *said).screening


class TestAnApproval:
    FOUND = screening(0, spine_fracture=Answer.YES)

    def test_lifts_what_was_found(self) -> None:
        now = after(3, *self.FOUND, Approved(day(2), "R. Jones"))
        assert isinstance(now.plans["beginner"], Plan)

    @pytest.mark.parametrize("number", [2, 40])
    def test_does_not_lift_what_is_found_afterwards(self, number: int) -> None:
        said = (*self.FOUND, Approved(day(2), "R. Jones"))
        again = screening(number, spine_fracture=Answer.YES, foot_injury=Answer.YES)
        assert blocked_by(after(number, *said, *again)) == ("spine_fracture", "foot_injury")

    def test_given_ahead_lifts_nothing(self) -> None:
        assert blocked_by(after(0, Approved(day(0), "R. Jones"), *self.FOUND))

    def test_is_not_lost_by_a_screening_that_finds_nothing_new(self) -> None:
        said = (*self.FOUND, Approved(day(2), "R. Jones"), *screening(40))
        assert isinstance(after(40, *said).plans["beginner"], Plan)

    def test_does_not_lift_a_pain(self) -> None:
        said = (*self.FOUND, *pain(1), Approved(day(2), "R. Jones"))
        assert reason(after(3, *said).plans["beginner"]) == "pain"


class TestAPrescriptionThatApproves:
    @staticmethod
    def paper(signed: int, until: int = 200, approved: str = "true") -> Prescription:
        return Prescription.parse(
            f'signed_by = "A"\nsigned_on = {day(signed)}\nvalid_until = {day(until)}\n'
            f'level = "intermediate"\napproved = {approved}',
            "rx.toml",
            LEVELS,
        )

    @pytest.mark.parametrize(
        ("signed", "number", "due"), [(0, 0, False), (0, 90, False), (0, 91, True), (-90, 1, True)]
    )
    def test_stands_in_for_a_screening(self, signed: int, number: int, due: bool) -> None:
        now = after(number, prescription=self.paper(signed))
        assert bool(now.screening) is due

    def test_lifts_what_was_found_up_to_its_day_and_nothing_later(self) -> None:
        found = screening(5, falls=Answer.YES)
        assert not blocked_by(after(6, *found, prescription=self.paper(5)))
        assert blocked_by(after(6, *found, prescription=self.paper(4))) == ("falls",)

    @pytest.mark.parametrize("said", [Hurt(day(9), Complaint.FALL), *pain(9)])
    def test_does_not_know_of_what_came_after(self, said: Remark) -> None:
        assert after(10, said, prescription=self.paper(8)).screening
        assert not after(10, said, prescription=self.paper(9)).screening

    def test_approves_no_longer_when_it_has_run_out(self) -> None:
        found = screening(5, falls=Answer.YES)
        paper = self.paper(5, until=20)
        assert not blocked_by(after(20, *found, prescription=paper))
        assert blocked_by(after(21, *found, prescription=paper)) == ("falls",)

    def test_does_so_only_when_it_says_so(self) -> None:
        found = screening(5, falls=Answer.YES)
        assert blocked_by(after(6, *found, prescription=self.paper(5, approved="false")))
        assert after(6, prescription=self.paper(5, approved="false")).screening


class TestAnAnswer:
    def test_may_be_changed(self) -> None:
        said = screening(0, falls=Answer.UNSURE)
        assert blocked_by(after(0, *said))
        assert not blocked_by(after(0, *said, Told(day(0), "falls", Answer.NO)))

    def test_of_a_screening_that_was_broken_off_is_asked_again_before_anything(self) -> None:
        now = after(0, Told(day(0), "falls", Answer.YES))
        assert now.screening
        assert not blocked_by(now)

    def test_of_the_last_whole_screening_holds_on_while_it_is_due(self) -> None:
        found = screening(0, falls=Answer.YES)
        now = after(100, *found)
        assert now.screening
        assert blocked_by(now) == ("falls",)
        assert blocked_by(after(100, *found, Told(day(100), "falls", Answer.NO))) == ("falls",)
        assert not blocked_by(after(100, *found, *screening(100)))

    def test_that_was_approved_of_takes_one_approval_when_asked_again(self) -> None:
        found = (*screening(0, falls=Answer.YES), Approved(day(1), "R. Jones"))
        broken_off = (*found, Told(day(100), "falls", Answer.YES))
        assert after(100, *broken_off).screening
        assert not blocked_by(after(100, *broken_off))
        again = (*broken_off, *screening(100, falls=Answer.YES))
        assert blocked_by(after(100, *again)) == ("falls",)
        assert not blocked_by(after(100, *again, Approved(day(100), "R. Jones")))

    def test_of_silence_is_asked_again_and_blocks_nobody_for_good(self) -> None:
        changing = (*screening(0), Told(day(5), "falls", Answer.SILENCE))
        assert after(5, *changing).screening
        assert not blocked_by(after(5, *changing))
        assert not after(5, *changing, *screening(5)).screening

    def test_to_every_question_makes_a_screening(self) -> None:
        without = [t for t in screening(0) if getattr(t, "question", "") != "foot_injury"]
        assert after(0, *without).screening

    def test_that_is_safe_spares_one_the_questions_within(self) -> None:
        names = [q.name for q in questions("screening") if not q.within]
        told = [Told(day(0), name, Answer.NO) for name in names]
        assert after(0, *told, Screened(day(0))).screening == ()

    def test_that_is_not_safe_does_not(self) -> None:
        names = [q.name for q in questions("screening") if not q.within]
        told = [Told(day(0), name, Answer.NO) for name in names]
        unsteady = Told(day(0), "balance", Answer.YES)
        assert after(0, *told, unsteady, Screened(day(0))).screening

    def test_that_is_safe_takes_back_those_within(self) -> None:
        found = screening(0, balance=Answer.YES, falls=Answer.YES)
        assert blocked_by(after(0, *found)) == ("falls",)
        assert not blocked_by(after(0, *found, Told(day(0), "balance", Answer.NO)))


class TestAScreeningThatABlockEnded:
    SAID: tuple[Remark, ...] = (
        Told(day(0), "broken_bone", Answer.YES),
        Told(day(0), "recent_fracture", Answer.YES),
        Screened(day(0)),
    )

    def test_blocks_and_asks_no_more(self) -> None:
        now = after(1, *self.SAID)
        assert blocked_by(now) == ("recent_fracture",)
        assert now.screening == ()

    def test_asks_what_it_had_not_come_to_once_that_is_approved_of(self) -> None:
        now = after(3, *self.SAID, Approved(day(2), "R. Jones"))
        assert not blocked_by(now)
        assert [question.name for question in now.screening] == [
            "spine_fracture",
            "several_fractures",
            "osteoporosis",
            "balance",
            "foot_injury",
        ]

    def test_is_whole_with_the_answers_to_that(self) -> None:
        asked = ("spine_fracture", "several_fractures", "osteoporosis", "balance", "foot_injury")
        rest = [Told(day(3), name, Answer.NO) for name in asked]
        said = (*self.SAID, Approved(day(2), "R. Jones"), *rest, Screened(day(3)))
        now = after(3, *said)
        assert now.screening == ()
        assert isinstance(now.plans["beginner"], Plan)

    def test_blocks_anew_by_what_is_found_then(self) -> None:
        said = (
            *self.SAID,
            Approved(day(2), "R. Jones"),
            Told(day(3), "spine_fracture", Answer.YES),
            Screened(day(3)),
        )
        assert blocked_by(after(3, *said)) == ("spine_fracture",)

    def test_of_before_an_approval_may_be_changed_and_blocks_anew(self) -> None:
        said = (*screening(0, falls=Answer.YES), Approved(day(1), "R. Jones"))
        assert blocked_by(after(2, *said, Told(day(2), "falls", Answer.YES))) == ("falls",)

    def test_to_a_question_that_there_is_no_more_is_set_aside(self) -> None:
        now = after(0, *screening(0), Told(day(0), "shoe_size", Answer.YES))
        assert isinstance(now.plans["beginner"], Plan)


class TestReadiness:
    def test_asks_two_things(self) -> None:
        assert [question.name for question in on(0, "").readiness] == ["well", "place"]

    @pytest.mark.parametrize(
        ("complaint", "asked"),
        [
            (Complaint.PAIN, "pain_settled"),
            (Complaint.SHARP_PAIN, "pain_settled"),
            (Complaint.BACK_PAIN, "pain_settled"),
            (Complaint.CHEST_PAIN, "pain_settled"),
            (Complaint.DIZZY, "well_again"),
            (Complaint.BREATHLESS, "well_again"),
            (Complaint.UNWELL, "well_again"),
            (Complaint.SORENESS, "soreness_settled"),
        ],
    )
    def test_follows_up_what_is_open_first(self, complaint: Complaint, asked: str) -> None:
        said = past("b0", Hurt(day(0), complaint))
        assert [question.name for question in on(1, said).readiness] == [asked, "well", "place"]
        settled = past("b0", Hurt(day(0), complaint), Settled(day(1)))
        assert [question.name for question in on(1, settled).readiness] == ["well", "place"]

    def test_follows_up_the_gravest_thing_alone(self) -> None:
        said = (Hurt(day(0), Complaint.SORENESS), Hurt(day(0), Complaint.PAIN))
        names = [question.name for question in on(1, past("", *said)).readiness]
        assert names == ["pain_settled", "well", "place"]

    def test_every_complaint_but_a_fall_is_followed_up(self) -> None:
        covered = [name for question in questions("follow_up") for name in question.after]
        assert sorted(covered) == sorted(set(Complaint) - {Complaint.FALL})


class TestAComplaint:
    @pytest.mark.parametrize(
        ("complaint", "days", "held"),
        [
            (Complaint.SORENESS, 0, None),
            (Complaint.SORENESS, 2, None),
            (Complaint.SORENESS, 3, "soreness"),
            (Complaint.SORENESS, 30, "soreness"),
            (Complaint.PAIN, 0, "pain"),
            (Complaint.SHARP_PAIN, 30, "pain"),
            (Complaint.BACK_PAIN, 1, "pain"),
            (Complaint.CHEST_PAIN, 1, "pain"),
            (Complaint.DIZZY, 0, "unwell"),
            (Complaint.BREATHLESS, 5, "unwell"),
            (Complaint.UNWELL, 5, "unwell"),
            (Complaint.FALL, 0, None),  # but the screening is due
        ],
    )
    def test_holds_the_programme_until_it_has_settled(
        self, complaint: Complaint, days: int, held: str | None
    ) -> None:
        said = Hurt(day(0), complaint)
        answers = on(days, past("", said)).plans
        if held is None:
            assert isinstance(answers["beginner"], Plan)
            return
        assert {reason(answer) for answer in answers.values()} == {held}
        assert not any(
            answer.may_override or answer.alternative
            for answer in answers.values()
            if isinstance(answer, Refusal)
        )
        settled = on(days, past("", said, Settled(day(days))))
        assert isinstance(settled.plans["beginner"], Plan)

    def test_of_soreness_counts_from_when_it_was_first_told_of(self) -> None:
        again = (Hurt(day(0), Complaint.SORENESS), Felt(day(2), Feeling.SORE))
        assert reason(on(3, past("", *again)).plans["beginner"]) == "soreness"

    def test_after_a_set_is_one_too(self) -> None:
        assert reason(on(1, past("b0", Felt(day(0), Feeling.PAIN))).plans["beginner"]) == "pain"
        assert reason(on(3, past("b0", Felt(day(0), Feeling.SORE))).plans["beginner"]) == "soreness"
        easy = past("b0", Felt(day(0), Feeling.EASY), Felt(day(0), Feeling.SILENCE))
        assert isinstance(on(3, easy).plans["beginner"], Plan)

    @pytest.mark.parametrize(
        ("complaint", "level"),
        [
            (Complaint.PAIN, "beginner"),
            (Complaint.BACK_PAIN, "beginner"),
            (Complaint.SORENESS, "intermediate"),
            (Complaint.DIZZY, "intermediate"),
            (Complaint.FALL, "intermediate"),
        ],
    )
    def test_of_pain_steps_back_a_level(self, complaint: Complaint, level: str) -> None:
        said = (Hurt(day(2), complaint), Settled(day(3)))
        assert on(4, past("i0 i2", *said)).level == level

    @pytest.mark.parametrize("complaint", sorted(set(Complaint) - {Complaint.FALL}))
    def test_that_is_open_offers_no_level_up(self, complaint: Complaint) -> None:
        assert on(14, TWO_WEEKS).offered == "intermediate"
        assert on(14, past(TWO_WEEKS, Hurt(day(13), complaint))).offered is None


class TestAClockThatWasWrong:
    def test_does_not_hide_a_pain_or_a_block(self) -> None:
        assert reason(on(4, past("b0", *pain(300, 302))).plans["beginner"]) == "pain"
        assert after(4, *screening(300, falls=Answer.YES)).screening

    def test_does_not_stand_for_a_screening_or_an_approval(self) -> None:
        assert after(4, *screening(300)).screening
        found = (*screening(0, falls=Answer.YES), Approved(day(300), "R. Jones"))
        assert blocked_by(after(4, *found)) == ("falls",)

    def test_is_over_once_it_is_asked_anew(self) -> None:
        said = (Hurt(day(300), Complaint.FALL), *pain(300), *screening(4), Settled(day(4)))
        now = after(4, *said)
        assert now.screening == ()
        assert isinstance(now.plans["beginner"], Plan)


def test_what_is_known_of_a_person_says_so() -> None:
    said = (*screening(0, falls=Answer.YES), Approved(day(2), "R. Jones", "ok"))
    found = findings(day(9), History((), said))
    assert found.answers["falls"] == Told(day(0), "falls", Answer.YES)
    assert found.latest.lifted >= {"falls"}
    assert (found.screened, found.approved) == (day(0), Approved(day(2), "R. Jones", "ok"))
