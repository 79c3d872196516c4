"""Every type that people enter has a form with words for all of it, and what they fill in becomes the contract's data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway import words
from services.gateway.forms import acts, faults, reading
from services.gateway.forms.fields import Field
from services.gateway.forms.posted import Posted
from shared import contracts
from shared.contracts import Refusal, decode_data, moment, to_builtins
from tests.support.site import TODAY

WORDS = words.load()
LIMIT = moment(TODAY)
VOTE = {"on": "2024-11-08", "team": "A", "year": "2024", "members": "6", "present": "5", "agreed": "4", "all_met": "yes"}
EXAMPLES = Path(contracts.__file__).parent / "examples"


def act(name: str) -> acts.Act:
    found = acts.find(name)
    assert found is not None
    return found


def read(name: str, filled: Mapping[str, str | list[str]]) -> reading.Read:
    values = {key: value if isinstance(value, list) else [value] for key, value in filled.items()}
    return reading.read(act(name).fields, Posted(values))


def every_field(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from every_field(field.fields)


@pytest.mark.parametrize("name", [a.name for a in acts.every()])
def test_every_form_has_words_for_every_field_and_choice(name: str) -> None:
    for field in every_field(act(name).fields):
        assert WORDS.has(f"label.{field.name}") or WORDS.has(f"label.{name.replace('.', '_')}.{field.name}"), field.name
        for choice in field.choices:
            assert WORDS.has(f"choice.{choice}"), choice


def test_what_people_decide_has_a_form_and_only_these_have_private_parts() -> None:
    names = {a.name for a in acts.every()}
    assert {"recognition.self-assessed", "recognition.decided", "commendation.paid", "verification.opened", "evaluation.closed",
            "practice.noted"} <= names
    private = ("case.", "directory.mediator.", "situation.")
    assert not [a for a in acts.every() if a.has("private") and not a.name.startswith(private)]


def test_every_fault_has_a_sentence() -> None:
    for _, word in faults._KINDS:
        assert WORDS.has(f"wrong.{word}")


class TestReading:
    def test_a_vote(self) -> None:
        found = read("recognition.self-assessed", {
            **VOTE, "on": "8/11/2024", "criteria.settled_rate": "yes", "criteria.funding": "no", "evidence.0.kind": "minutes",
            "evidence.0.number": "3/BB",
        })
        assert found.missing == []
        assert found.data == {
            "on": "2024-11-08", "team": "A", "year": 2024, "members": 6, "present": 5, "agreed": 4, "all_met": True,
            "criteria": {"settled_rate": True, "funding": False}, "evidence": [{"kind": "minutes", "number": "3/BB"}],
        }

    def test_an_offered_row_counts_only_if_something_was_filled_in(self) -> None:
        found = read("recognition.reviewed", {
            "results.0.team": "A", "results.0.offered": "team", "results.1.team": "B", "results.1.offered": "team",
            "results.1.recognise": "yes", "results.2.team": "C", "results.2.offered": "team", "results.2.remark": "thiếu",
        })
        assert found.data["results"] == [{"team": "B", "recognise": True}, {"team": "C", "remark": "thiếu"}]
        assert [m.field for m in found.missing] == ["on", "unit", "year", "chair", "front_present", "results.2.recognise"]

    def test_a_row_typed_by_hand_is_never_dropped(self) -> None:
        found = read("recognition.decided", {"declined.0.team": "A"})
        assert [m.field for m in found.missing if m.field.startswith("declined")] == ["declined.0.reason"]

    def test_ticks_and_lines_are_one_list(self) -> None:
        assert read("recognition.decided", {"recognised": ["A", "B", "A"]}).data["recognised"] == ["A", "B"]
        assert read("recognition.decided", {"recognised": "A\n B \n\n"}).data["recognised"] == ["A", "B"]

    def test_pairs_by_hand(self) -> None:
        found = read("evaluation.scheme-chosen", {"additions.0.parameters": "least = 2\nkinds = a; b\none = a;\nodd"})
        assert found.data["additions"][0]["parameters"] == {"least": "2", "kinds": ["a", "b"], "one": ["a"], "odd": ""}

    @pytest.mark.parametrize(("text", "value"), [
        ("1.404.000", 1404000), ("1 404 000 đ", 1404000), ("1,404,000 đồng", 1404000), ("12", 12), ("-3", -3),
        ("1.40", "1.40"), ("mười", "mười"), ("٣", "٣"), ("9" * 40, "9" * 40), ("1.404.00", "1.404.00"),
    ])
    def test_numbers(self, text: str, value: Any) -> None:
        assert reading.number(text) == value

    @pytest.mark.parametrize(("text", "value"), [
        ("05/12/2024", "2024-12-05"), ("5-1-2024", "2024-01-05"), ("2024-12-05", "2024-12-05"), ("31/13/2024", "2024-13-31"),
        ("hôm nay", "hôm nay"),
    ])
    def test_days_stand_before_months(self, text: str, value: str) -> None:
        assert reading.day(text) == value

    @given(st.dictionaries(
        st.sampled_from(["on", "team", "year", "results", "results.0.team", "results.0", "results.x.team", "results.0.offered",
                         "results.0.remark", "evidence.99999.kind", "evidence.0.sha256", "chair", "unit", "front_present"]),
        st.lists(st.text(max_size=20), max_size=3), max_size=8,
    ))
    def test_whatever_is_sent_is_read_and_the_contract_has_the_last_word(self, values: dict[str, list[str]]) -> None:
        found = reading.read(act("recognition.reviewed").fields, Posted(values))
        try:
            decode_data(act("recognition.reviewed").type, msgspec.Raw(msgspec.json.encode(found.data)), LIMIT)
        except Refusal as refusal:
            assert WORDS.has(f"wrong.{faults.of(refusal, found).word}")


class TestFaults:
    def fault(self, name: str, filled: Mapping[str, str]) -> faults.Fault:
        found = read(name, filled)
        assert found.missing == []
        with pytest.raises(Refusal) as caught:
            decode_data(act(name).type, msgspec.Raw(msgspec.json.encode(found.data)), LIMIT)
        return faults.of(caught.value, found)

    @pytest.mark.parametrize(("field", "value", "word", "n"), [
        ("on", "2027-01-01", "future", ""), ("on", "32/1/2024", "date", ""), ("members", "0", "least", "1"),
        ("members", "sáu", "number", ""), ("all_met", "maybe", "yes_no", ""), ("year", "3000", "most", "2100"),
    ])
    def test_each_names_its_field(self, field: str, value: str, word: str, n: str) -> None:
        assert self.fault("recognition.self-assessed", {**VOTE, field: value}) == (field, word, n, "")

    def test_votes_that_cannot_be(self) -> None:
        assert self.fault("recognition.self-assessed", {**VOTE, "agreed": "6"}).word == "votes"

    def test_a_row_keeps_its_number_though_rows_before_it_were_dropped(self) -> None:
        fault = self.fault("recognition.reviewed", {
            "on": "2024-12-10", "unit": "00118", "year": "2024", "chair": "other", "front_present": "yes",
            "results.0.team": "A", "results.0.offered": "team", "results.3.team": "B", "results.3.recognise": "yes",
            "results.3.remark": "x" * 501,
        })
        assert (fault.field, fault.word, fault.n) == ("results.3.remark", "long", "500")

    def test_a_reason_without_a_sentence_of_ours_is_passed_on(self) -> None:
        fault = faults.of(Refusal("data", "data.on", "something new"), read("practice.noted", {}))
        assert fault == ("on", "other", "", "something new")


def test_the_same_form_is_about_the_same_subject() -> None:
    vote = act("recognition.requested")
    assert vote.subject("tuphap.example", {"team": "HG-A B", "year": 2024}, "k") == "recognition://tuphap.example/HG-A%20B/2024"
    assert act("recognition.decided").subject("a.example", {"unit": "00118", "year": 2024}, "k1") == "decision://a.example/00118/2024/k1"
    assert act("commendation.proposed").subject("a.example", {}, "k1") == "commendation://a.example/k1"
    assert act("commendation.paid").continues and not act("commendation.proposed").continues


def controls(value: Any, at: str = "") -> Iterator[tuple[str, list[str]]]:
    """An event's data taken apart as a browser would send it."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from controls(inner, f"{at}.{key}" if at else key)
        case [dict(), *_]:
            for number, inner in enumerate(value):
                yield from controls(inner, f"{at}.{number}")
        case list():
            yield at, ["; ".join(value) + ";"] if ".parameters." in at else value
        case bool():
            yield at, ["yes" if value else "no"]
        case _:
            yield at, [str(value)]


@pytest.mark.parametrize("name", [a.name for a in acts.every()])
def test_whatever_a_system_can_send_a_person_can_enter(name: str) -> None:
    (example,) = EXAMPLES.rglob(f"{name}.json")
    data = json.loads(example.read_text())["data"]
    data.pop("ext", None)
    found = reading.read(act(name).fields, Posted(dict(controls(data))))
    kind = act(name).type
    entered, sent = (decode_data(kind, msgspec.Raw(msgspec.json.encode(one)), LIMIT) for one in (found.data, data))
    assert to_builtins(entered) == to_builtins(sent)
