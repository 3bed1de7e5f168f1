"""What a pipeline's steps run, against an `aws` that answers as the CLI does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from components.delivery.pipeline import SPECS

DIGEST = "sha256:" + "5" * 64
CLI = """#!/bin/bash
case "$1 $2" in
  "lambda list-versions-by-function") echo "$FOUND";;
  "lambda get-alias") echo 6;;
  "deploy create-deployment") cp revision.json given.json; echo d-1;;
  "deploy get-deployment") echo "$ENDS";;
esac
"""


def run(folder: Path, spec: str, **variables: str) -> tuple[bool, str]:
    """Whether a step's commands succeed, and the last line that they say."""
    (folder / "aws").write_text(CLI)
    (folder / "aws").chmod(0o755)
    (said,) = yaml.safe_load((SPECS / f"{spec}.yaml").read_text("utf-8"))["phases"]["build"]["commands"]
    given = {"FUNCTION": "greeting", "ALIAS": "live", "APPLICATION": "a", "GROUP": "g", **variables}
    done = subprocess.run(
        ["/bin/bash", "-c", said.replace("sleep 15", "sleep 0")],
        cwd=folder,
        env={"PATH": f"{folder}:/usr/local/bin:/usr/bin:/bin", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("digest", "found", "ends"),
    [
        (f"{DIGEST}\n", '"7"', (True, f"version 7 has the image {DIGEST}")),
        (
            DIGEST,
            "null",
            (False, f"no version of greeting has the image {DIGEST}: deploy the stack with it first"),
        ),
        ("latest", '"7"', (False, "digest: got 'latest', allowed is sha256: and 64 hexadecimal digits")),
    ],
)
def test_a_release_is_a_digest_that_some_version_has(
    tmp_path: Path, digest: str, found: str, ends: tuple[bool, str]
) -> None:
    (tmp_path / "digest").write_text(digest)
    assert run(tmp_path, "verify", FOUND=found) == ends


@pytest.mark.parametrize("ends", ["Succeeded", "Failed", "Stopped"])
def test_callers_are_led_to_the_version_and_a_deployment_that_is_taken_back_fails(
    tmp_path: Path, ends: str
) -> None:
    assert run(tmp_path, "shift", VERSION="7", ENDS=ends) == (ends == "Succeeded", f"deployment d-1: {ends}")
    revision = json.loads((tmp_path / "given.json").read_text())
    assert revision["revisionType"] == "AppSpecContent"
    (resource,) = json.loads(revision["appSpecContent"]["content"])["Resources"]
    assert resource["function"]["Properties"] == {
        "Name": "greeting",
        "Alias": "live",
        "CurrentVersion": "6",
        "TargetVersion": "7",
    }


def test_a_version_that_serves_is_not_deployed_again(tmp_path: Path) -> None:
    assert run(tmp_path, "shift", VERSION="6", ENDS="Failed") == (True, "version 6 serves already")
    assert not (tmp_path / "given.json").exists()
