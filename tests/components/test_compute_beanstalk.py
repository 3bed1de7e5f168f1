"""Arguments of Elastic Beanstalk's application and environment that can't be, and bundles that are a zip."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architectures.parts.arguments import PLACEHOLDER_TAGS
from components.checks import ArgumentError
from components.compute import BeanstalkApplicationArgs, BeanstalkEnvironmentArgs, Bundle

TWO = {"a": "subnet-a", "b": "subnet-b"}
GOOD = BeanstalkEnvironmentArgs(
    tags=PLACEHOLDER_TAGS,
    environment_name="shop-live",
    application_name="shop",
    version_label="one",
    runtime="Python 3.13",
    service_role="arn",
    vpc_id="vpc",
    subnet_ids=TWO,
    balancer_subnet_ids=TWO,
    internal=False,
    security_group_id="sg-1",
    balancer_security_group_id="sg-2",
    certificate_arn="arn",
    log_bucket="logs",
    topic_arn="arn",
    instance_type="m7g.large",
    required=2,
    running=4,
    most=8,
)
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"environment_name": "app"}, "environment_name.length: got 3, allowed is 4 to 40 characters"),
    ({"environment_name": "x" * 41}, "environment_name.length: got 41, allowed is 4 to 40 characters"),
    (
        {"subnet_ids": {"a": "subnet-a"}},
        "subnet_ids: got \\['a'\\], allowed is 2 or more: what is in one zone",
    ),
    ({"balancer_subnet_ids": {"a": "x"}}, "balancer_subnet_ids: got \\['a'\\], allowed is 2 or more"),
    ({"running": 1}, "running: got 1, allowed is at least one a zone, 2 or more"),
    ({"running": 9}, "running: got 9, allowed is at most 8, as scaling may reach"),
    ({"deployment": "AllAtOnce"}, "deployment: got 'AllAtOnce', allowed is one of Immutable, Rolling"),
    ({"update_level": "major"}, "update_level: got 'major', allowed is one of patch, minor"),
]


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=lambda value: str(value)[:30])
def test_what_can_not_be(changes: dict[str, Any], message: str) -> None:
    GOOD.validate()
    with pytest.raises(ArgumentError, match=f"^{message}"):
        replace(GOOD, **changes).validate()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"application_name": ""}, "application_name: got '', allowed is 1 to 100 characters"),
        ({"application_name": "x" * 101}, "application_name: got 'x+', allowed is 1 to 100 characters"),
        ({"kept_versions": 1001}, "kept_versions: got 1001, allowed is 1 to 1000 versions"),
        ({"bundle": Bundle(Path("/none.zip"))}, "bundle: got 'none.zip', allowed is a folder or a zip"),
    ],
)
def test_an_application_that_can_not_be(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    (tmp_path / "application.py").write_text("a")
    given: dict[str, Any] = {"application_name": "shop", "bundle": Bundle(tmp_path), "kept_versions": 5}
    rest: dict[str, Any] = {"tags": PLACEHOLDER_TAGS, "bucket": "b", "folder": "us-east-1"}
    BeanstalkApplicationArgs(**given, **rest).check()
    with pytest.raises(ArgumentError, match=f"^{message}"):
        BeanstalkApplicationArgs(**{**given, **changes}, **rest).check()


def test_an_empty_folder_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"x")
    with pytest.raises(ArgumentError, match=r"^bundle: got no files, allowed is at least one file"):
        Bundle(tmp_path).check()


def test_a_zip_goes_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("application.py", "a")
    bundle = Bundle(path)
    bundle.check()
    source = bundle.source
    assert isinstance(source, pulumi.FileAsset)
    assert source.path == str(path)
    before = bundle.label
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("more.py", "b")
    assert bundle.label != before


FOLDERS = st.dictionaries(
    st.from_regex(r"[a-c](/[a-c]){0,2}\.py", fullmatch=True), st.binary(max_size=3), min_size=1, max_size=4
)


def label(files: dict[str, bytes]) -> str:
    with tempfile.TemporaryDirectory() as made:
        for name, content in files.items():
            path = Path(made, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Bundle(Path(made)).label


@given(FOLDERS, FOLDERS, st.binary(max_size=3))
@settings(max_examples=40)
def test_two_folders_are_one_version_only_if_they_are_alike(
    one: dict[str, bytes], other: dict[str, bytes], content: bytes
) -> None:
    for each in (other, {**one, min(one): content}, dict(reversed(one.items()))):
        assert (label(one) == label(each)) is (one == each)
