"""Whatever a history comes to, the coach has short words for it."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programme.past import LEVELS, MONDAY
from voice_coach.programme.day import Line
from voice_coach.programme.history import (
    Approved,
    Felt,
    History,
    Hurt,
    PastSession,
    Remark,
    Screened,
    Settled,
    Told,
)
from voice_coach.programme.ledger import Answer, Complaint, Feeling
from voice_coach.programme.planner import Today, today
from voice_coach.programme.questions import load_questions
from voice_coach.programme.replies import CUES
from voice_coach.programme.rules import load_rules
from voice_coach.speaking import Script

SCRIPT = Script.load()
SAFE = {question.name: question.safe for question in load_questions()}
KNOWN = {
    *CUES,
    *(f"refused.{reason}" for reason in load_rules().may_override),
    *(question.reply for question in load_questions()),
    *(question.noted for question in load_questions()),
}

days = st.integers(0, 120).map(lambda number: MONDAY + timedelta(days=number))
names = st.sampled_from([question.name for question in load_questions()])
sessions = st.builds(
    lambda on, level, prompted, completed, unheard: PastSession(
        on, level, prompted, completed, heard=max(prompted - unheard, 0)
    ),
    days,
    st.sampled_from([level.name for level in LEVELS]),
    st.integers(0, 90),
    st.booleans(),
    st.integers(0, 90),
)
remarks: st.SearchStrategy[Remark] = st.one_of(
    st.builds(Told, days, names, st.sampled_from(Answer)),
    st.builds(Screened, days),
    st.builds(Felt, days, st.sampled_from(Feeling)),
    st.builds(Hurt, days, st.sampled_from(Complaint)),
    st.builds(Settled, days),
    st.builds(Approved, days, st.just("R. Jones")),
)
histories = st.builds(
    lambda done, said: History(
        tuple(sorted(done, key=lambda s: s.day)), tuple(sorted(said, key=lambda r: r.day))
    ),
    st.lists(sessions, max_size=20),
    st.lists(remarks, max_size=12),
)


def sentences(lines: tuple[Line, ...]) -> list[str]:
    spoken = [text for line in lines for text in SCRIPT.lines(line.cue, line.slots)]
    return re.findall(r"[^.?!]+[.?!]", " ".join(spoken))


def everything(now: Today) -> list[tuple[Line, ...]]:
    refused = [answer.reasons for answer in now.plans.values() if hasattr(answer, "reasons")]
    return [*now.answers.values(), now.review, *refused]


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(days, histories)
def test_every_answer_is_three_sentences_at_most(day: date, history: History) -> None:
    now = today(day, history, LEVELS)
    for lines in everything(now):
        assert {line.cue for line in lines} <= KNOWN
    for intent, lines in now.answers.items():
        if intent == "numbers":  # which somebody asked for, one by one
            continue
        assert 1 <= len(sentences(lines)) <= 3, (intent, sentences(lines))


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(days, histories)
def test_nobody_is_let_in_who_is_blocked_or_in_pain(day: date, history: History) -> None:
    now = today(day, history, LEVELS)
    reasons = {getattr(answer, "reason", None) for answer in now.plans.values()}
    latest: dict[str, Told] = {}
    for remark in history.on(day).remarks:
        if isinstance(remark, Told):
            latest[remark.question] = remark
            if remark.answer is SAFE[remark.question]:  # which takes back what it had opened
                for question in load_questions():
                    if question.within == remark.question:
                        latest.pop(question.name, None)
    approved = any(isinstance(remark, Approved) for remark in history.remarks)
    unsafe = any(
        question.otherwise == "block"
        and question.name in latest
        and latest[question.name].answer != question.safe
        for question in load_questions()
    )
    if unsafe and not approved:
        assert now.screening or reasons == {"refused.blocked"}
    settled = any(isinstance(remark, Settled) for remark in history.remarks)
    hurt = any(isinstance(r, Hurt) and r.complaint is Complaint.PAIN for r in history.remarks)
    if hurt and not settled:
        assert None not in reasons
        assert now.offered is None
