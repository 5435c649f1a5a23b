"""Items are asked for in chunks, and a model that did not see all of one is found out."""

from __future__ import annotations

import pytest

from llm.replaying import Model, tokens, tools
from scripts import Script
from session_journal.core.own_calls import MARK
from session_journal.errors import ModelError
from session_journal.llm.finding import find, mend, plan
from session_journal.llm.prompts import FIND, Claim, Found
from session_journal.llm.request import ContextError, Endpoint, Reply


def work(replies=40):
    script = Script()
    script.says("Round the heights of the stations.")
    for number in range(replies):
        script.replies(f"Station {number} is rounded. " + "It took a look at the code around it. " * 12)
    return script.session()


def endpoint(context=8_192):
    return Endpoint("http://127.0.0.1/v1", "m", context=context)


def items(*turns):
    return [
        {
            "kind": "discovery",
            "text": f"Station {turn - 2} is rounded",
            "turn": turn,
            "role": "assistant",
            "quote": f"Station {turn - 2} is rounded",
        }
        for turn in turns
    ]


def ask_all(session, model, context=8_192, hide=lambda text: text):
    given = tools(model, hide)
    planned = plan(session, endpoint(context), 10**6, given)
    return planned, find(planned, given)


def test_a_long_session_is_asked_about_in_chunks_that_fit():
    model = Model({"chunks": [{"items": items(5, 30)}]})
    planned, claims = ask_all(work(), model)
    assert len(planned.chunks) == len(model.requests) > 1
    assert {claim.turn for claim in claims} == {5, 30}
    for request in model.requests:
        assert tokens(request.instructions + request.content) + request.longest < 8_192


def test_the_instructions_are_the_same_bytes_each_time_and_the_marks_are_not():
    model = Model({"chunks": [{"items": []}]})
    ask_all(work(), model)
    assert {request.instructions for request in model.requests} == {FIND}
    assert len({request.content.splitlines()[1] for request in model.requests}) == len(model.requests)


def test_every_request_says_that_it_is_a_call_of_our_own():
    model = Model({"chunks": [{"items": []}]})
    ask_all(work(), model)
    for request in model.requests:
        assert request.content.startswith(MARK)
        assert request.instructions.startswith(MARK)


def test_what_is_sent_and_what_comes_back_is_redacted_again():
    def hide(text):
        return text.replace("Station 3 ", "[REDACTED:x] ")

    model = Model({"chunks": [{"items": items(5)}]})
    planned, claims = ask_all(work(), model, hide=hide)
    assert not any("Station 3 " in request.content for request in model.requests)
    assert planned.hidden == 1
    assert claims[0].text == claims[0].quote == "[REDACTED:x] is rounded"


class Short:
    """A model behind a server that passes only so many tokens on, and says nothing of it."""

    def __init__(self, holds, *, tells=False, breaks=False):
        self.holds, self.tells, self.breaks, self.sizes = holds, tells, breaks, []

    def __call__(self, request):
        size = tokens(request.content)
        self.sizes.append(size)
        whole = size <= self.holds
        if self.breaks and not whole:
            raise ContextError("too long")
        marks = [
            line.split()[-1] for line in request.content.splitlines() if line[:11] in {"start mark:", "end mark: m"}
        ]
        start = marks[0] if whole or self.tells else "?"
        read = min(size, self.holds if self.tells else size) // (6 if self.tells and not whole else 1)
        return Reply(Found(start_mark=start, items=[], end_mark=marks[-1]), read + tokens(request.instructions), 9)


@pytest.mark.parametrize("how", [{}, {"tells": True}, {"breaks": True}])
def test_a_model_that_saw_only_a_part_is_asked_in_smaller_chunks(how):
    short = Short(2_500, **how)
    planned, _ = ask_all(work(), short)
    assert short.sizes[0] > 2_500
    assert all(size <= 2_500 for size in short.sizes[1:])
    assert len(short.sizes) > len(planned.chunks)


@pytest.mark.parametrize("how", [{}, {"tells": True}, {"breaks": True}])
def test_a_model_that_still_saw_only_a_part_is_given_up(how):
    with pytest.raises(ModelError, match="did not see all") as caught:
        ask_all(work(), Short(500, **how))
    assert "llm.context" in caught.value.hint


def test_a_server_that_counts_no_tokens_is_believed_for_its_marks():
    model = Model({"chunks": [{"items": items(5)}]})

    def uncounted(request):
        return Reply(model(request).value)

    assert ask_all(work(), uncounted)[1]


def test_a_context_that_holds_nothing_is_an_error():
    with pytest.raises(ModelError, match="too small"):
        plan(work(), endpoint(2_000), 10**6, tools(None))


def test_a_session_over_the_cap_is_sent_in_brief_and_then_not_at_all():
    script = Script()
    script.says("Run the tests.")
    for _ in range(60):
        script.runs("pytest -q", "ok\n" * 300)
    given = tools(None)
    whole = plan(script.session(), endpoint(32_000), 10**6, given)
    brief = plan(script.session(), endpoint(32_000), whole.tokens + whole.replies - 1, given)
    assert (whole.whole, brief.whole) == (True, False)
    assert brief.tokens < whole.tokens
    with pytest.raises(ModelError, match=r"llm\.tokens"):
        plan(script.session(), endpoint(32_000), 9_000, given)


def test_only_a_bounded_number_of_items_is_taken():
    model = Model({"chunks": [{"items": items(*[3] * 500)}]})
    planned, claims = ask_all(work(3), model)
    assert len(planned.chunks) == 1
    assert len(claims) == 40


def test_what_failed_goes_back_with_its_turns_and_the_reason():
    model = Model({"chunks": [], "mended": {"items": items(5)}})
    given = tools(model)
    failed = Claim(kind="discovery", text="Station 3 is flat", turn=5, role="assistant", quote="nothing")
    planned = plan(work(), endpoint(), 10**6, given)
    (mended,) = mend([(failed, "the quote does not stand there")], work(), planned, given)
    assert mended.quote == "Station 3 is rounded"
    (request,) = model.requests
    assert request.instructions == FIND
    assert "the quote does not stand there" in request.content
    assert "Station 3 is rounded" in request.content
    assert "Station 30 is rounded" not in request.content


@pytest.mark.parametrize("how", ["error", "unseen", "too much"])
def test_what_cannot_go_back_is_dropped_and_nothing_else(how):
    def answer(request):
        if how == "error":
            raise ModelError("no more")
        return Reply(Found(start_mark="?", items=items(5), end_mark="?"))

    given = tools(answer)
    text = "long " * 5_000 if how == "too much" else "Station 3 is flat"
    failed = Claim(kind="discovery", text=text, turn=5, role="assistant", quote="nothing")
    planned = plan(work(), endpoint(), 10**6, given)
    assert mend([(failed, "it does not stand there")], work(), planned, given) == []


def test_a_session_without_anything_to_send_is_an_error():
    with pytest.raises(ModelError, match="nothing in this session"):
        plan(Script().session(), endpoint(), 10**6, tools(None))
