"""Configuration files, read as the Pulumi CLI reads them: the expected values are what its 3.260 hands to a program."""

from __future__ import annotations

import json

import pytest

from sandbox.engines.configuration import stack_config
from sandbox.engines.model import EngineError, StackChoice
from sandbox.engines.project import load
from sandbox.engines.yamlfile import read_yaml


def read(tmp_path, text):
    path = tmp_path / "Pulumi.s.yaml"
    path.write_text(text)
    return read_yaml(path)


def test_scalars_are_what_go_makes_of_them(tmp_path):
    text = """{y: yes, n: no, on: off, o: 010, e: 1e3, u: 1_000, h: 0x10, d: 2001-01-01, k: 16.60, t: 12:30, b: True, q: "007", m: -5}"""
    assert json.dumps(read(tmp_path, text)) == json.dumps(
        {
            "y": "yes",
            "n": "no",
            "on": "off",
            "o": 8,
            "e": 1000,
            "u": 1000,
            "h": 16,
            "d": "2001-01-01 00:00:00 +0000 UTC",
            "k": 16.6,
            "t": "12:30",
            "b": True,
            "q": "007",
            "m": -5,
        }
    )


@pytest.mark.parametrize(
    ("text", "key", "lines"),
    [
        ("config:\n  p:a: 1\n  p:a: 2\n", "p:a", "2 and 3"),
        ("config:\n  p:s: {x: 1,\n x: 2}\n", "x", "2 and 3"),
        ("config: {}\nconfig: {}\n", "config", "1 and 2"),
        ("config:\n  p:l: [{x: 1, x: 1}]\n", "x", "2 and 2"),
    ],
)
def test_a_key_that_stands_twice_is_refused_as_the_cli_does(tmp_path, text, key, lines):
    with pytest.raises(EngineError) as raised:
        read(tmp_path, text)
    assert str(raised.value) == f"Pulumi.s.yaml: key '{key}' stands twice, in lines {lines}: keep one"


def test_a_merged_key_may_be_given_again(tmp_path):
    found = read(tmp_path, "a: &a {q: 1, s: 4}\nb: {<<: *a, q: 2}\n")
    assert found == {"a": {"q": 1, "s": 4}, "b": {"q": 2, "s": 4}}


def test_a_key_without_a_value_is_handed_on_as_the_cli_does(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "__main__.py").touch()
    (tmp_path / "Pulumi.s.yaml").write_text("config:\n  p:a:\n  p:b: {c: , d: {}}\n  p:e: [1, null]\n")
    values = stack_config(load(tmp_path), StackChoice("s")).values
    assert values == {"p:a": "", "p:b": '{"c":null,"d":{}}', "p:e": "[1,null]"}
