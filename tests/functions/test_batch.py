"""A batch job is begun for each moment once, with what it needs, against moto's EMR Serverless."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.batch import start
from tests.sandbox.emptied import emptied

JOBS = {
    "daily": {"script": "daily.py", "arguments": ["--days", "1"], "parameters": "--conf a=b", "timeout": 60, "attempts": 3},
    "hourly": {"script": "etl/hourly.py", "arguments": [], "parameters": "", "timeout": 5, "attempts": 1},
}  # fmt: skip
DUE = "2027-01-31T02:00:00Z"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "emr-serverless")


@pytest.fixture
def application(boto: Any, in_lambda: Any) -> str:
    made = boto("emr-serverless").create_application(
        name="batch", releaseLabel="emr-7.9.0", type="SPARK", clientToken="1"
    )["applicationId"]
    for name, value in {
        "APPLICATION": made,
        "ROLE": "arn:aws:iam::123456789012:role/jobs",
        "BUCKET": "files",
        "INPUT": "s3://records/records/",
        "KEY_ARN": "arn:aws:kms:us-east-1:123456789012:key/0b5d5b9e-4e4b-4b0e-9a55-0d3f6c1a2b3c",
        "ENGINE": "spark",
        "JOBS": json.dumps(JOBS),
    }.items():
        in_lambda(name, value)
    start.emr.cache_clear()
    return str(made)


@pytest.fixture
def asked(application: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What EMR Serverless was asked, which moto answers."""
    real, found = start.emr(), []

    class Emr:
        def start_job_run(self, **given: Any) -> Any:
            found.append(given)
            return real.start_job_run(**given)

    monkeypatch.setattr(start, "emr", Emr)
    return found


def test_a_job_is_begun_with_its_script_its_places_and_its_limits(
    application: str, asked: list[dict[str, Any]]
) -> None:
    told = start.handler({"job": "daily", "due": DUE}, None)
    (given,) = asked
    assert told["results"] == "s3://files/results/daily/20270131T020000Z/"
    assert given["applicationId"] == application
    spark = given["jobDriver"]["sparkSubmit"]
    assert spark["entryPoint"] == "s3://files/scripts/daily.py"
    assert spark["sparkSubmitParameters"] == "--conf a=b"
    assert spark["entryPointArguments"] == [
        "--days", "1", "--input", "s3://records/records/", "--output", "s3://files/results/daily/20270131T020000Z/",
    ]  # fmt: skip
    logs = given["configurationOverrides"]["monitoringConfiguration"]["s3MonitoringConfiguration"]
    assert logs["logUri"] == "s3://files/logs/"
    assert logs["encryptionKeyArn"].startswith("arn:aws:kms:")
    assert (given["executionTimeoutMinutes"], given["retryPolicy"]) == (60, {"maxAttempts": 3})


def test_moto_keeps_the_run(application: str, boto: Any) -> None:
    told = start.handler({"job": "hourly", "due": DUE}, None)
    run = boto("emr-serverless").get_job_run(applicationId=application, jobRunId=told["run"])["jobRun"]
    assert run["name"] == "hourly-20270131T020000Z"
    assert run["executionTimeoutMinutes"] == 5
    assert "sparkSubmitParameters" not in run["jobDriver"]["sparkSubmit"]


def test_one_moment_has_one_token_whoever_says_it(asked: list[dict[str, Any]]) -> None:
    for due in (DUE, DUE, "2027-01-31T04:00:00+02:00", "2027-02-01T02:00:00Z"):
        start.handler({"job": "daily", "due": due}, None)
    start.handler({"job": "hourly", "due": DUE}, None)
    tokens = [each["clientToken"] for each in asked]
    assert len(set(tokens[:3])) == 1
    assert len(set(tokens)) == 3
    assert all(len(each) == 64 for each in tokens)


def test_hive_is_told_the_same_by_variables(asked: list[dict[str, Any]], in_lambda: Any) -> None:
    in_lambda("ENGINE", "hive")
    start.handler({"job": "daily", "due": DUE}, None)
    hive = asked[0]["jobDriver"]["hive"]
    assert hive["query"] == "s3://files/scripts/daily.py"
    assert hive["parameters"].startswith("--conf a=b --hivevar output=s3://files/results/daily/")
    assert hive["parameters"].endswith("--hivevar input=s3://records/records/")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"job": "weekly", "due": DUE}, "job: got 'weekly', allowed is one of daily, hourly"),
        (
            {"job": "daily", "due": "2027-01-31T02:00:00"},
            "due: got '2027-01-31T02:00:00', allowed is a moment",
        ),
        ({"job": "daily", "due": "soon"}, "Invalid isoformat"),
    ],
)
def test_what_can_not_be_is_said(asked: list[dict[str, Any]], event: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        start.handler(event, None)
    assert asked == []
