"""The project and its configuration, read as the Pulumi CLI reads them."""

from __future__ import annotations

import pytest
import yaml

from sandbox.engines.configuration import stack_config
from sandbox.engines.model import EngineError, StackChoice
from sandbox.engines.project import load


def write(root, project, stack):
    (root / "Pulumi.yaml").write_text(project if isinstance(project, str) else yaml.safe_dump(project))
    (root / "__main__.py").touch()
    (root / "Pulumi.s.yaml").write_text(stack if isinstance(stack, str) else yaml.safe_dump(stack))
    return root


def values(root, project, stack):
    return stack_config(load(write(root, project, stack)), StackChoice("s")).values


def test_keys_get_the_projects_namespace_and_values_become_text(tmp_path):
    stack = """
config:
  aws:region: us-east-1
  text: plain
  number: 3
  fraction: 0.34
  truth: true
  date: 2026-01-02
  list: [a, 1]
  p:object: {b: {c: d}}
"""
    assert values(tmp_path, "name: p\nruntime: python\n", stack) == {
        "aws:region": "us-east-1",
        "p:text": "plain",
        "p:number": "3",
        "p:fraction": "0.34",
        "p:truth": "true",
        "p:date": "2026-01-02 00:00:00 +0000 UTC",
        "p:list": '["a",1]',
        "p:object": '{"b":{"c":"d"}}',
    }


def test_the_projects_defaults_stand_in(tmp_path):
    declared = {
        "a": {"type": "integer", "default": 1},
        "b": {"type": "string", "default": "x"},
        "c": "literal",
    }
    declared["aws:region"] = {"value": "eu-west-1"}
    found = values(tmp_path, {"name": "p", "config": declared}, {"config": {"b": "mine"}})
    assert found == {"p:a": "1", "p:b": "mine", "p:c": "literal", "aws:region": "eu-west-1"}


@pytest.mark.parametrize(
    ("type_", "value", "fits"),
    [
        ("integer", 1, True),
        ("integer", "12", True),
        ("integer", True, False),
        ("integer", "x", False),
        ("boolean", "true", True),
        ("boolean", 1, False),
        ("string", 5, True),
        ("string", [1], False),
        ("array", ["a"], True),
        ("object", ["a"], False),
    ],
)
def test_declared_types_are_held(tmp_path, type_, value, fits):
    project, stack = {"name": "p", "config": {"k": {"type": type_}}}, {"config": {"k": value}}
    if fits:
        assert "p:k" in values(tmp_path, project, stack)
    else:
        with pytest.raises(EngineError, match=f"'p:k' must be of type {type_}"):
            values(tmp_path, project, stack)


@pytest.mark.parametrize(
    ("project", "stack", "said"),
    [
        ({"runtime": "python"}, {}, "name is missing"),
        ({"name": "p", "config": {"k": {"type": "string"}}}, {}, "'p:k' is missing"),
        ({"name": "p", "config": {"k": {"type": "float"}}}, {"config": {"k": 1}}, "has type 'float'"),
        ({"name": "p"}, {"config": {"k": {"secure": "v1:abc"}}}, "'p:k' is encrypted"),
        ({"name": "p"}, "config: [", "is not YAML"),
        ({"name": "p"}, "- a\n", "must be a mapping"),
    ],
)
def test_errors_name_the_key(tmp_path, project, stack, said):
    with pytest.raises(EngineError, match=said):
        values(tmp_path, project, stack)


def test_a_directory_without_project_is_no_project(tmp_path):
    with pytest.raises(EngineError, match=r"no Pulumi\.yaml"):
        load(tmp_path)


def test_another_configuration_file_may_be_named(tmp_path):
    write(tmp_path, {"name": "p"}, {})
    other = tmp_path / "other.yaml"
    other.write_text("config: {k: v}\n")
    found = stack_config(load(tmp_path), StackChoice("new", other))
    assert found.values == {"p:k": "v"}
