"""The keys of a system of delivery: what is refused, in one line each."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.delivery.settings import DeliverySettings
from architectures.telling import SettingsError
from tests.architectures.delivery.conftest import configured
from tests.architectures.test_every_setting import keys
from tests.test_examples import config
from tests.test_settings import ROOT, load, refusals

RELEASE = "holdfast:systems.release"

REPOSITORY = "allowed is OWNER/NAME of one repository on GitHub, or OWNER@ID/NAME@ID, without a wildcard"
BRANCH = "allowed is the name of one branch, such as main, without a wildcard"
ENVIRONMENT = "allowed is the name of one environment, of letters, digits and ._-, without a wildcard"
SHIFT = "allowed is such as Canary10Percent5Minutes or Linear10PercentEvery1Minute: percent of the requests, and minutes"
PINNED = "allowed is a digest, sha256: and 64 hexadecimal digits: what a tag means can change"
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"


def refused(stack: str = "prod", function: dict[str, Any] | None = None, **changes: Any) -> list[str]:
    return refusals(configured(stack, function, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack)).systems) == {"release"}


@pytest.mark.parametrize(
    "repository",
    [
        "*/holdfast",
        "holdfast-example/*",
        "holdfast",
        "a/b/c",
        "a b/c",
        "-a/b",
        "a/b?",
        "repo:a/b",
        "a@1/b",
        "a/b.git",
    ],
)
def test_a_repository_is_one(repository: str) -> None:
    assert refused(repository=repository) == [f"{RELEASE}.repository: got {repository!r}, {REPOSITORY}"]


def test_a_repository_may_have_the_ids_that_its_tokens_have() -> None:
    found = load(configured("prod", repository="holdfast-example@12/holdfast@34")).systems["release"]
    assert isinstance(found, DeliverySettings)
    assert found.subject(found.build) == "repo:holdfast-example@12/holdfast@34:ref:refs/heads/main"
    assert found.subject(found.deploy) == "repo:holdfast-example@12/holdfast@34:environment:prod"


@pytest.mark.parametrize(
    ("jobs", "line"),
    [
        ({"branch": "*"}, f".branch: got '*', {BRANCH}"),
        ({"branch": "release/*"}, f".branch: got 'release/*', {BRANCH}"),
        ({"branch": "a..b"}, f".branch: got 'a..b', {BRANCH}"),
        ({"branch": "x:environment:prod"}, f".branch: got 'x:environment:prod', {BRANCH}"),
        ({"environment": "prod*"}, f".environment: got 'prod*', {ENVIRONMENT}"),
        ({"environment": "a:b"}, f".environment: got 'a:b', {ENVIRONMENT}"),
        ({"environment": "${aws:x}"}, f".environment: got '${{aws:x}}', {ENVIRONMENT}"),
        ({}, ": got neither, allowed is a branch or an environment, one of the two"),
        (
            {"branch": "main", "environment": "prod"},
            ": got branch and environment, allowed is a branch or an environment, one of the two",
        ),
    ],
)
@pytest.mark.parametrize("key", ["build", "deploy"])
def test_jobs_are_those_of_one_branch_or_of_one_environment(
    key: str, jobs: dict[str, str], line: str
) -> None:
    assert refused(**{key: jobs}) == [f"{RELEASE}.{key}{line}"]


@pytest.mark.parametrize(
    ("function", "line"),
    [
        ({"image": "latest"}, f"image: got 'latest', {PINNED}"),
        ({"image": "release/greeting:1.4"}, f"image: got 'release/greeting:1.4', {PINNED}"),
        ({"image": "sha256:abc"}, f"image: got 'sha256:abc', {PINNED}"),
        ({"memory": 64}, "memory: got 64, allowed is 128 to 10240 MiB"),
        ({"timeout": 901}, "timeout: got 901, allowed is 1 to 900 s"),
        ({"architecture": "ARM64"}, "architecture: got 'ARM64', allowed is one of arm64, x86_64"),
        ({"shift": "AllAtOnce"}, f"shift: got 'AllAtOnce', {SHIFT}"),
        ({"shift": "Canary10Percent"}, f"shift: got 'Canary10Percent', {SHIFT}"),
        ({"shift": "Canary11Percent5Minutes"}, "shift: got 11, allowed is 1 to 10 percent"),
        ({"shift": "Canary0Percent5Minutes"}, "shift: got 0, allowed is 1 to 10 percent"),
        ({"shift": "Linear51PercentEvery1Minute"}, "shift: got 51, allowed is 1 to 50 percent"),
        ({"shift": "Canary10Percent0Minutes"}, "shift: got 0, allowed is 1 minute or more"),
        (
            {"shift": "Linear1PercentEvery15Minutes", "errorPercent": 0.5},
            "shift: got 1485 minutes, allowed is at most 1440 minutes from first to last",
        ),
        ({"errorPercent": 0}, "errorPercent: got 0, allowed is above 0 and below 100 percent"),
        (
            {"errorPercent": 10},
            (
                "errorPercent: got 10, allowed is below 10, the share of the invocations that Canary10Percent5Minutes begins with: "
                "their failures must ring"
            ),
        ),
        (
            {"environment": {"1X": "y"}},
            "environment.1X: got '1X', allowed is letters, digits and _, a letter first",
        ),
    ],
)
def test_a_function_that_can_not_be_is_one_line(function: dict[str, Any], line: str) -> None:
    (told,) = refused(function=function)
    assert told == f"{RELEASE}.functions.greeting.{line}"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"approvers": None},
            "approvers: got none, allowed is one e-mail address or more with an approval: else the topic tells nobody that it waits",
        ),
        (
            {"approval": False},
            "approvers: got ['releases@holdfast.example'], allowed is none without an approval: nobody is asked",
        ),
        ({"approvers": ["nobody"]}, "approvers: got 'nobody', allowed is an e-mail address"),
        (
            {"deploy": {"branch": "main"}},
            "deploy: got the jobs of build, allowed is others: who builds doesn't deploy",
        ),
        (
            {"existingProvider": "arn:aws:iam::123456789012:oidc-provider/example.com"},
            (
                "existingProvider: got 'arn:aws:iam::123456789012:oidc-provider/example.com', allowed is the ARN of the account's provider "
                "token.actions.githubusercontent.com"
            ),
        ),
        (
            {"rebuild": True},
            "rebuild: got true, allowed is false but in the joining stack with backup-and-restore: elsewhere all of it stands",
        ),
        ({"functions": {}}, "functions: got {}, allowed is 1 or more"),
        (
            {"services": {"shop": ["web"]}},
            "services: got 'shop', allowed is a system of containers of this stack: there is none",
        ),
        ({"approval": "perhaps"}, "approval: got 'perhaps', allowed is true or false"),
        ({"replicateImages": "all"}, "replicateImages: got 'all', allowed is true or false"),
    ],
)
def test_a_system_that_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(**changes) == [f"{RELEASE}.{line}"]


def test_the_joining_stack_takes_the_founders_provider() -> None:
    assert load(configured("prod", existingProvider=PROVIDER))
    assert refused("dr", existingProvider=PROVIDER) == [
        f"{RELEASE}.existingProvider: got '{PROVIDER}', allowed is nothing in the joining stack: it takes the founding one's"
    ]


def test_an_account_has_github_once() -> None:
    found = configured("prod")
    systems = found["holdfast:systems"]
    systems["other"] = {**systems["release"], "functions": {"farewell": {}}}
    with pytest.raises(SettingsError) as told:
        load(found)
    assert str(told.value) == (
        'holdfast:systems.other.existingProvider: got "GitHub\'s provider", allowed is one system of a stack, and release has it'
    )
    systems["other"]["existingProvider"] = PROVIDER
    assert load(found)


def beside_containers(**services: list[str]) -> dict[str, Any]:
    found = configured("prod", services=services)
    shop = config(ROOT / "examples" / "containers", "prod")["holdfast:systems"]["shop"]
    found["holdfast:systems"]["shop"] = shop
    return found


def test_services_are_those_of_containers_that_deploy_blue_green() -> None:
    assert list(load(beside_containers(shop=["web"])).placed) == ["shop", "release"]
    for services, line in (
        (
            {"shop": ["orders"]},
            ".shop: got 'orders', allowed is a service of shop that deploys blue-green: web",
        ),
        ({"web": ["web"]}, ": got 'web', allowed is a system of containers of this stack: shop"),
        ({"release": ["greeting"]}, ": got 'release', allowed is a system of containers of this stack: shop"),
    ):
        with pytest.raises(SettingsError) as told:
            load(beside_containers(**services))
        assert str(told.value) == f"{RELEASE}.services{line}"


def test_nothing_of_it_is_in_the_subnets_that_experiments_cut() -> None:
    found = configured("prod")
    found["holdfast:systems"]["tiers"] = {"kind": "three-tier", "experiments": ["zone-power"]}
    assert load(found)


COVERED = {
    "approval", "approvers", "build", "build.branch", "build.environment", "deploy", "deploy.branch", "deploy.environment",
    "existingProvider", "functions", "kind", "leaving", "objectives", "rebuild", "replicateImages", "repository", "services", "strategy",
}  # fmt: skip


def test_every_key_of_the_system_is_tried() -> None:
    found = {key for key in keys(DeliverySettings) if not key.startswith(("objectives.", "functions."))}
    assert found <= COVERED
