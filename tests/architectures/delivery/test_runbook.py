"""The runbook of a system of delivery: real names, and nothing of the lost region."""

from __future__ import annotations

import re

from tests.architectures.delivery.conftest import REGIONS
from tests.pulumi_mocks import Deployment


def test_every_command_goes_to_its_own_region(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        text = example[name].one("BucketObjectv2", f"release-runbook-{region}").inputs["content"]
        commands = [line for line in text.splitlines() if line.startswith("    aws ")]
        assert len(commands) == 7
        for each in commands:
            assert set(re.findall(r"--region (\S+)", each)) == {region}, each
        assert not re.search(r"@[A-Z_]+@", text)


def test_commands_name_what_was_registered(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = example[name]
        text = stack.one("BucketObjectv2", f"release-runbook-{region}").inputs["content"]
        function = stack.made[stack.one("aws:lambda/function:Function").urn]["name"]
        pipeline = stack.made[stack.one("aws:codepipeline/pipeline:Pipeline").urn]["name"]
        assert f"--function-name {function} --name live" in text
        assert f"start-pipeline-execution --region {region} --name {pipeline}" in text
