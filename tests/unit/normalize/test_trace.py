"""Edits applied, mapped both ways, cut into lines and stored."""

import json
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.errors import GongshiError
from normalize.trace import Edit, Trace, TraceError, apply_edits

ALPHABET = "鄉区社(qū)?\n"
SMALL = st.integers(min_value=0, max_value=3)
CONFIDENCES = st.floats(min_value=0, max_value=1)


@st.composite
def edit_lists(draw: st.DrawFn, text: str) -> list[Edit]:
    """Edits of one step on a text: deleted, put in, replaced at any length, often touching."""
    edits, cursor = [], 0
    while (start := cursor + draw(SMALL)) <= len(text) and len(edits) < 8:
        end = min(len(text), start + draw(SMALL))
        new = draw(st.text(ALPHABET, max_size=3))
        kind = draw(st.sampled_from(["pinyin", "script"]))
        edits.append(Edit(start, end, text[start:end], new, kind, draw(CONFIDENCES)))
        cursor = end
    return edits


@st.composite
def traces(draw: st.DrawFn) -> tuple[str, str, Trace]:
    """A printed text, its clean text and the trace of one to four steps between them."""
    printed = clean = draw(st.text(ALPHABET, max_size=20))
    trace = Trace()
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        edits = draw(edit_lists(clean))
        trace, clean = trace.then(edits), apply_edits(clean, edits)
    return printed, clean, trace


@st.composite
def spans(draw: st.DrawFn, length: int) -> tuple[int, int]:
    start = draw(st.integers(min_value=0, max_value=length))
    return start, draw(st.integers(min_value=start, max_value=length))


def origins(printed: str, trace: Trace) -> list[int | None]:
    """Say for each clean character which printed one it is, or None: the slow, plain way."""
    current: list[int | None] = list(range(len(printed)))
    for edits in trace.steps:
        for edit in reversed(edits):
            current[edit.start : edit.end] = [None] * len(edit.new)
    return current


def edit(start: int, old: str, new: str, confidence: float = 1.0) -> Edit:
    return Edit(start, start + len(old), old, new, "test", confidence)


@pytest.mark.parametrize(
    "edits",
    [
        [edit(0, "社", "")],
        [edit(1, "区治", ""), edit(2, "治", "")],
        [edit(2, "治", ""), edit(1, "区", "")],
        [Edit(1, 2, "区治", "", "test")],
        [Edit(2, 1, "", "", "test")],
        [Edit(-1, 0, "理", "", "test")],
        [edit(5, "", "市")],
        [edit(3, "理县", "")],
    ],
    ids="other overlap disorder length reversed negative beyond_put beyond".split(),
)
def test_edits_that_do_not_fit_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(TraceError, match=r"edit \d .*does not fit") as caught:
        apply_edits("市区治理", edits)
    assert isinstance(caught.value, GongshiError)


@pytest.mark.parametrize(
    "edits", [[edit(1, "区治", ""), edit(2, "治", "")], [Edit(2, 1, "", "", "k")]]
)
def test_a_trace_of_disordered_edits_is_refused_when_asked(edits: list[Edit]) -> None:
    with pytest.raises(TraceError, match="text order"):
        Trace().then(edits).to_printed(0, 1)


def test_a_cell_of_a_damaged_page_is_followed_through_all_steps() -> None:
    printed = "城鄉(xiāng)社區(qū)，４個"
    trace = (
        Trace()
        .then([edit(2, "(xiāng)", "", 0.99), edit(11, "(qū)", "", 0.95)])
        .then([edit(1, "鄉", "乡"), edit(3, "區", "区"), edit(6, "個", "个")])
        .then([edit(4, "，", ","), edit(5, "４", "4")])
    )
    assert trace.apply(printed) == "城乡社区,4个"
    assert printed[slice(*trace.to_printed(2, 4))] == "社區"
    assert printed[slice(*trace.to_printed(5, 7))] == "４個"
    assert printed[slice(*trace.to_printed(0, 4))] == "城鄉(xiāng)社區"
    assert trace.to_clean(3, 5) == (2, 2)
    assert [one.new for one in trace.edits_within(2, 4)] == ["", "", "区"]
    assert trace.confidence(3, 4) == 0.95
    assert trace.confidence(5, 7) == 1.0


def test_runs_of_equal_length_map_by_character_others_as_a_whole() -> None:
    trace = Trace().then([edit(1, "社群治理", "社区治理"), edit(5, "?bào)", "報")])
    assert trace.to_printed(2, 3) == (2, 3)
    assert trace.to_printed(5, 6) == (5, 10)
    assert trace.to_printed(4, 6) == (4, 10)
    assert trace.to_clean(3, 4) == (3, 4)
    assert trace.to_clean(7, 8) == (5, 6)


def test_empty_spans_hold_what_was_deleted_or_put_in_at_their_place() -> None:
    trace = Trace().then([edit(0, "\ufeff", ""), edit(3, "", "区"), edit(4, "\u200b", "")])
    assert trace.to_printed_spans([(0, 0), (1, 1), (4, 4)]) == [(0, 1), (2, 2), (4, 5)]
    assert trace.to_clean_spans([(0, 0), (1, 1), (3, 3), (5, 5)]) == [
        (0, 0),
        (0, 0),
        (2, 3),
        (4, 4),
    ]
    assert trace.to_printed(2, 3) == (3, 3)


def test_an_empty_trace_maps_everything_to_itself() -> None:
    trace = Trace().then([])
    assert trace.apply("社区") == "社区"
    assert trace.to_printed(0, 2) == trace.to_clean(0, 2) == (0, 2)
    assert trace.edits_within(0, 2) == ()
    assert trace == Trace() == Trace.from_json(trace.to_json())


@pytest.mark.parametrize("ask", [Trace.to_printed, Trace.to_clean, Trace.edits_within, Trace.slice])
@pytest.mark.parametrize("span", [(3, 2), (-1, 2)])
def test_what_is_no_span_is_refused(
    ask: Callable[[Trace, int, int], object], span: tuple[int, int]
) -> None:
    with pytest.raises(TraceError, match="is no span"):
        ask(Trace(), *span)


@given(traces())
def test_apply_equals_the_steps_one_after_the_other(given_: tuple[str, str, Trace]) -> None:
    printed, clean, trace = given_
    assert trace.apply(printed) == clean


@given(traces())
def test_untouched_characters_map_to_themselves(given_: tuple[str, str, Trace]) -> None:
    printed, clean, trace = given_
    for place, origin in enumerate(origins(printed, trace)):
        if origin is not None:
            assert trace.to_printed(place, place + 1) == (origin, origin + 1)
            assert printed[origin] == clean[place]


@given(traces())
def test_replaced_runs_of_equal_length_map_by_character(given_: tuple[str, str, Trace]) -> None:
    printed, _, trace = given_
    [*edits] = trace.steps[0] if trace.steps else ()
    once = Trace().then(edits)
    shift = 0
    for one in edits:
        if len(one.old) == len(one.new):
            for place in range(one.start, one.end):
                assert once.to_printed(place + shift, place + shift + 1) == (place, place + 1)
                low, high = once.to_clean(place, place + 1)
                assert low <= place + shift < high
        shift += len(one.new) - len(one.old)
    assert shift == len(once.apply(printed)) - len(printed)


@given(st.data())
def test_there_and_back_covers_the_span(data: st.DataObject) -> None:
    printed, clean, trace = data.draw(traces())
    start, end = data.draw(spans(len(clean)))
    low, high = trace.to_printed(start, end)
    assert 0 <= low <= high <= len(printed)
    back = trace.to_clean(low, high)
    assert back[0] <= start <= end <= back[1] <= len(clean)


@given(st.data())
def test_back_and_there_covers_the_printed_span_but_for_deleted_edges(data: st.DataObject) -> None:
    printed, clean, trace = data.draw(traces())
    start, end = data.draw(spans(len(printed)))
    low, high = trace.to_clean(start, end)
    assert 0 <= low <= high <= len(clean)
    kept = [
        place
        for place, origin in enumerate(origins(printed, trace))
        if origin is not None and start <= origin < end
    ]
    assert all(low <= place < high for place in kept)


@given(traces())
def test_both_ways_keep_the_order(given_: tuple[str, str, Trace]) -> None:
    printed, clean, trace = given_
    for size in (0, 1, 2):
        for length, ask in ((len(clean), trace.to_printed), (len(printed), trace.to_clean)):
            found = [ask(start, start + size) for start in range(length - size + 1)]
            assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(found))


@given(st.data())
def test_a_wider_printed_span_gives_a_clean_span_at_least_as_wide(data: st.DataObject) -> None:
    printed, _, trace = data.draw(traces())
    outer = data.draw(spans(len(printed)))
    inner = tuple(outer[0] + place for place in data.draw(spans(outer[1] - outer[0])))
    wide, narrow = trace.to_clean(*outer), trace.to_clean(*inner)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@given(st.data())
def test_many_spans_map_as_one_by_one(data: st.DataObject) -> None:
    printed, clean, trace = data.draw(traces())
    some = data.draw(st.lists(spans(min(len(printed), len(clean))), max_size=5))
    assert trace.to_printed_spans(some) == [trace.to_printed(*span) for span in some]
    assert trace.to_clean_spans(some) == [trace.to_clean(*span) for span in some]


@given(traces())
def test_the_whole_text_holds_all_edits_and_stays_whole(given_: tuple[str, str, Trace]) -> None:
    printed, clean, trace = given_
    every = tuple(one for edits in trace.steps for one in edits)
    assert trace.edits_within(0, len(clean)) == every
    assert trace.confidence(0, len(clean)) == min((one.confidence for one in every), default=1.0)
    assert trace.to_clean(0, len(printed)) == (0, len(clean))
    assert trace.slice(0, len(printed)) == trace


@given(st.data())
def test_a_slice_gives_its_piece_of_the_clean_text(data: st.DataObject) -> None:
    printed, clean, trace = data.draw(traces())
    start, end = data.draw(spans(len(printed)))
    try:
        piece = trace.slice(start, end)
    except TraceError as refused:
        assert "cuts through" in str(refused)
        return
    low, high = trace.to_clean(start, end)
    assert piece.apply(printed[start:end]) == clean[low:high]
    for place in range(high - low):
        whole = trace.to_printed(low + place, low + place + 1)
        inside = piece.to_printed(place, place + 1)
        assert inside == tuple(min(max(at, start), end) - start for at in whole)


@given(traces(), traces())
def test_traces_compose(first: tuple[str, str, Trace], second: tuple[str, str, Trace]) -> None:
    composed = first[2].compose(second[2])
    assert composed.steps == first[2].steps + second[2].steps


@given(traces())
def test_stored_traces_read_back(given_: tuple[str, str, Trace]) -> None:
    trace = given_[2]
    assert Trace.from_json(trace.to_json()) == trace


def test_lone_surrogates_are_stored_too() -> None:
    old = "\ud83d\ude00\x00"
    trace = Trace().then([Edit(0, 3, old, "\ud83d", "\udc00")])
    stored = trace.to_json()
    assert stored.encode("utf-8")
    assert Trace.from_json(stored) == trace
    assert trace.apply(old) == "\ud83d"


GOOD = [[[2], [1], [1], "區", "区", [["script", 1.0, 1]]]]


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "7",
        "{}x",
        '{"steps": 1}',
        "[" * 100_000,
        "[1]",
        '["abcdef"]',
        "1" * 5000,
        json.dumps([[[-1], *GOOD[0][1:]]]),
        json.dumps([[[0.5], *GOOD[0][1:]]]),
        json.dumps([[[2], [2], *GOOD[0][2:]]]),
        json.dumps([[[2, 2], *GOOD[0][1:]]]),
        json.dumps([[[2], [1, 0], *GOOD[0][2:]]]),
        json.dumps([[[2], [1], [1, 0], *GOOD[0][3:]]]),
        json.dumps([[*GOOD[0][:5], [["script", 1.0, 10**12]]]]),
        json.dumps([[*GOOD[0][:5], [["script", "1.0", 1]]]]),
        json.dumps([[*GOOD[0][:5], [["script", float("nan"), 1]]]]),
        json.dumps([[*GOOD[0][:5], [["script", 10**400, 1]]]]),
        json.dumps([[*GOOD[0][:3], [-1], "区", [["script", 1.0, 1]]]]),
        json.dumps([[*GOOD[0][:3], [10**30], "区", [["script", 1.0, 1]]]]),
    ],
)
def test_what_is_no_stored_trace_is_refused(stored: str) -> None:
    with pytest.raises(TraceError, match="no stored trace"):
        Trace.from_json(stored)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=20))
def test_any_other_json_is_read_or_refused(value: object) -> None:
    try:
        trace = Trace.from_json(json.dumps(value))
    except TraceError:
        return
    assert Trace.from_json(trace.to_json()) == trace


def test_lines_of_a_joined_page_are_looked_at_one_by_one() -> None:
    lines = ["城鄉(xiāng)", "\u200b", "", "社區(qū)４"]
    printed = "\n".join(lines)
    deleted = [edit(2, "(xiāng)", ""), edit(10, "\u200b", ""), edit(15, "(qū)", "")]
    trace = Trace().then(deleted).then([edit(1, "鄉", "乡"), edit(6, "區４", "区4")])
    clean, start = trace.apply(printed).split("\n"), 0
    for line, wanted in zip(lines, clean, strict=True):
        piece = trace.slice(start, start + len(line))
        assert piece.apply(line) == wanted
        start += len(line) + 1
    assert clean == ["城乡", "", "", "社区4"]


def test_a_hundred_thousand_edits_are_built_and_asked_in_time() -> None:
    count = 100_000
    printed = "社區(qū)" * count
    edits = [Edit(6 * n + 2, 6 * n + 6, "(qū)", "", "pinyin") for n in range(count)]
    trace = Trace().then(edits)
    started = time.process_time()
    assert trace.to_printed(2 * count - 2, 2 * count) == (6 * count - 6, 6 * count - 4)
    built = time.process_time() - started
    asked = [(n, n + 2) for n in range(0, 2 * count - 2, 2)]
    started = time.process_time()
    assert len(trace.to_printed_spans(asked)) == len(asked)
    mapped = time.process_time() - started
    assert len(trace.apply(printed)) == 2 * count
    # Measured at 0.05 s and 0.13 s: the bounds only tell linear from quadratic.
    assert built < 2
    assert mapped < 2
