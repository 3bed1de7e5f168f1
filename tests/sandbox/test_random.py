"""The random package's provider: what it draws, what it refuses, and a program that uses it."""

from __future__ import annotations

import base64
import re
import string
import uuid

import pytest

from sandbox.provider.context import ProviderError
from sandbox.provider.values import UNKNOWN_TEXT, plain
from sandbox.random.provider import RandomProvider
from tests.sandbox.projects import Runner, project, state_of

URN = "urn:pulumi:one::small::random:index/x:X::x"


def token(name):
    return f"random:index/{name[0].lower()}{name[1:]}:{name}"


def make(name, **inputs):
    checked, failures = RandomProvider().check(token(name), URN, {}, inputs)
    assert failures == []
    return RandomProvider().create(token(name), checked)


def failure(name, **inputs):
    _, failures = RandomProvider().check(token(name), URN, {}, inputs)
    return "; ".join(f"{prop} {why}" for prop, why in failures)


def test_a_password_has_the_characters_asked_for():
    for _ in range(20):
        id_, found = make("RandomPassword", length=12, minUpper=3, minNumeric=4, special=False)
        assert id_ == "none"
        assert len(found["result"]) == 12
        assert sum(c in string.ascii_uppercase for c in found["result"]) >= 3
        assert sum(c in string.digits for c in found["result"]) >= 4
        assert set(found["result"]) <= set(string.ascii_letters + string.digits)


def test_a_string_is_its_own_id_and_takes_other_special_characters():
    id_, found = make(
        "RandomString", length=200, lower=False, upper=False, number=False, overrideSpecial="_%"
    )
    assert id_ == found["result"]
    assert set(found["result"]) == {"_", "%"}
    assert make("RandomString", length=30)[0] != make("RandomString", length=30)[0]


def test_an_id_is_the_same_bytes_in_every_form():
    id_, found = make("RandomId", byteLength=8, prefix="p-")
    drawn = base64.urlsafe_b64decode(id_ + "=" * (-len(id_) % 4))
    assert len(drawn) == 8
    assert found["hex"] == f"p-{drawn.hex()}"
    assert found["dec"] == f"p-{int.from_bytes(drawn)}"
    assert found["b64Std"] == f"p-{base64.b64encode(drawn).decode()}"
    assert found["b64Url"] == f"p-{id_}"


def test_pets_have_as_many_words_as_asked_for():
    assert re.fullmatch(r"[a-z]+-[a-z]+", make("RandomPet")[0])
    assert re.fullmatch(
        r"my_[a-z]+_[a-z]+_[a-z]+_[a-z]+", make("RandomPet", length=4, separator="_", prefix="my")[0]
    )
    assert re.fullmatch(r"[a-z]+", make("RandomPet", length=1)[0])


def test_numbers_lists_and_uuids():
    drawn = {make("RandomInteger", min=1, max=3)[1]["result"] for _ in range(100)}
    assert drawn == {1, 2, 3}
    repeated = [make("RandomInteger", min=1, max=10**9, seed="s")[1]["result"] for _ in range(2)]
    assert repeated[0] == repeated[1]
    assert sorted(make("RandomShuffle", inputs=["a", "b", "c"])[1]["results"]) == ["a", "b", "c"]
    assert len(make("RandomShuffle", inputs=["a", "b", "c"], resultCount=2)[1]["results"]) == 2
    assert sorted(make("RandomShuffle", inputs=["a", "b"], resultCount=4)[1]["results"]) == [
        "a",
        "a",
        "b",
        "b",
    ]
    id_, found = make("RandomUuid")
    assert uuid.UUID(found["result"]).version == 4
    assert id_ == found["result"]
    assert len(base64.b64decode(make("RandomBytes", length=5)[1]["base64"])) == 5


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("RandomPassword", {}, "length random:index/randomPassword:RandomPassword: it must be given"),
        ("RandomPassword", {"length": 0}, "length: got 0, allowed is 1 or more"),
        ("RandomString", {"length": 3, "minUpper": 2, "minLower": 2}, "length: got 3, allowed is at least 4"),
        (
            "RandomString",
            {"length": 3, "upper": False, "lower": False, "numeric": False, "special": False},
            "at least one must be true",
        ),
        ("RandomInteger", {"min": 2, "max": 1}, "min: got 2, allowed is at most max, 1"),
        ("RandomPet", {"length": 0}, "length: got 0, allowed is 1 or more"),
        (
            "RandomUuid",
            {"size": 1},
            "size random:index/randomUuid:RandomUuid: no such property, allowed are keepers",
        ),
    ],
)
def test_what_it_refuses(name, inputs, said):
    assert said in failure(name, **inputs)


def test_other_types_are_named():
    with pytest.raises(
        ProviderError, match=r"randomDice:RandomDice: the sandbox has no such random type, only RandomBytes"
    ):
        make("RandomDice")


def test_an_unknown_input_is_judged_when_it_is_known():
    assert failure("RandomPassword", length=plain(UNKNOWN_TEXT)) == ""


def test_every_change_makes_something_new():
    diff = RandomProvider().diff(
        token("RandomId"), {"byteLength": 8}, {"byteLength": 8, "keepers": {"a": "b"}}
    )
    assert (diff.diffs, diff.replaces) == (["keepers"], ["keepers"])
    same = RandomProvider().diff(token("RandomId"), {"byteLength": 8}, {"byteLength": 8})
    assert same.diffs == []


def test_a_program_names_its_bucket_by_it(tmp_path, aws_endpoint, boto, monkeypatch):
    program = """
class RandomPet(pulumi.CustomResource):
    def __init__(self, name):
        super().__init__("random:index/randomPet:RandomPet", name, {"prefix": "data", "length": None})

pet = RandomPet("pet")
aws.s3.Bucket("b", bucket=pet.id)
"""
    root = project(tmp_path / "project", program)
    (result,) = Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch).up()
    assert result.ok, result.errors
    (bucket,) = boto("s3").list_buckets()["Buckets"]
    assert re.fullmatch(r"data-[a-z]+-[a-z]+", bucket["Name"])
