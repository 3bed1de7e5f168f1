"""What the runbooks say, with the real names."""

from __future__ import annotations

import pytest

from architectures.elastic_beanstalk.runbook import HERE, text
from architectures.strategies import Strategy
from tests.architectures.conftest import outputs
from tests.architectures.elastic_beanstalk.test_strategies import standing
from tests.architectures.runbooks import all_is_filled_in
from tests.pulumi_mocks import Deployment

KINDS = ("data-plane", "none", "restore")


def content(stack: Deployment) -> str:
    return next(r.inputs["content"] for r in stack.all("BucketObjectv2") if "-runbook-" in r.name)


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_in_a_text_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, HERE.glob("*.md"))


def test_it_names_the_environment_and_how_many_instances_it_needs(example: dict[str, Deployment]) -> None:
    found, told = content(example["dr"]), outputs(example["dr"])["systems"]["greet"]
    assert (
        f"aws elasticbeanstalk update-environment --region us-west-2 --environment-name {told['environment']} "
        "--option-settings Namespace=aws:autoscaling:asg,OptionName=MinSize,Value=6\n"
    ) in found
    assert f"--state-machine-arn {told['takeover']} --input" in found
    bucket = outputs(example["prod"])["systems"]["greet"]["peerBundles"]
    assert f"--source-bundle S3Bucket={bucket},S3Key=us-east-1/LABEL.zip\n" in found
    assert "@" not in found


def test_without_a_machine_health_checks_do_it(other: Deployment) -> None:
    assert "Health checks send clients here by themselves." in content(other)
    assert "Value=3\n" in content(other)
    assert "stepfunctions" not in content(other)


def test_where_nothing_stands_it_says_how_it_is_built() -> None:
    found = content(standing(Strategy.BACKUP_AND_RESTORE)["dr"])
    assert "Set `holdfast:systems.greet.rebuild` to true" in found
    assert (
        "describe-application-versions --region us-west-2 --application-name example-production-greet\n"
        in found
    )
