"""A master password's rotation: labels of versions, what the database has, and what happens when a step fails or runs twice."""

from __future__ import annotations

import json
import uuid
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.master_password import handler as function
from sandbox.aws import faults
from tests.sandbox.rds_world import PASSWORD, cluster, global_database, instance

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
ACCOUNT = "123456789012"
FIRST = {"username": "holdfast", "password": PASSWORD, "note": "kept"}


def secret(boto):
    """A secret as the program makes it, with a replica."""
    client = boto("secretsmanager")
    client.create_secret(Name="master", AddReplicaRegions=[{"Region": "us-west-2"}])
    client.put_secret_value(SecretId="master", SecretString=json.dumps(FIRST), VersionStages=["first"])


def begin(boto):
    """What Secrets Manager does before the first step: a version without a value that is pending; its id."""
    from moto.secretsmanager.models import secretsmanager_backends

    token = str(uuid.uuid4())
    versions = secretsmanager_backends[ACCOUNT]["us-east-1"].secrets["master"].versions
    for version in versions.values():
        if "AWSPENDING" in version["version_stages"]:
            version["version_stages"].remove("AWSPENDING")
    versions[token] = {"createdate": 0, "version_id": token, "version_stages": ["AWSPENDING"]}
    return token


def step(name, token, left=60_000):
    function.handler(
        {"Step": name, "SecretId": "master", "ClientRequestToken": token},
        SimpleNamespace(get_remaining_time_in_millis=lambda: left),
    )


def value(boto, region="us-east-1", **which):
    found = boto("secretsmanager", region).get_secret_value(**{"SecretId": "master", **which})
    return json.loads(found["SecretString"])


def current(boto):
    return value(boto, VersionStage="AWSCURRENT")


def of_cluster(name, region="us-east-1"):
    from moto.rds.models import rds_backends

    return rds_backends[ACCOUNT][region].clusters[name]._master_user_password


@pytest.fixture
def world(boto, in_lambda):
    """A secret and the global database `shop`."""
    in_lambda("DATABASE_KIND", "global")
    in_lambda("DATABASE", "shop")
    secret(boto)
    return global_database(boto)


def test_a_rotation_moves_the_labels_and_sets_the_password(boto, world):
    first = boto("secretsmanager").get_secret_value(SecretId="master", VersionStage="first")
    token = begin(boto)
    step("createSecret", token)
    assert current(boto) == FIRST, "nobody sees the new password yet"
    step("setSecret", token)
    step("testSecret", token)
    step("finishSecret", token)
    new = current(boto)
    assert new["password"] == of_cluster("east") != PASSWORD
    assert {**new, "password": PASSWORD} == FIRST, "all else is kept"
    assert len(new["password"]) == 30
    assert new["password"].isalnum()
    stages = boto("secretsmanager").describe_secret(SecretId="master")["VersionIdsToStages"]
    assert "AWSCURRENT" in stages[token]
    assert set(stages[first["VersionId"]]) == {"first", "AWSPREVIOUS"}
    (replica,) = boto("secretsmanager", "us-west-2").list_secrets()["SecretList"]
    assert value(boto, "us-west-2", SecretId=replica["ARN"], VersionStage="AWSCURRENT") == new


def test_the_program_that_writes_its_version_again_puts_no_old_password_back(boto, world):
    token = begin(boto)
    for name in STEPS:
        step(name, token)
    rotated = current(boto)
    boto("secretsmanager").put_secret_value(
        SecretId="master", SecretString=json.dumps(FIRST), VersionStages=["first"]
    )
    assert current(boto) == rotated


def test_the_password_is_set_where_the_database_writes(boto, world):
    _, west = world
    boto("rds", "us-west-2").switchover_global_cluster(
        GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=west
    )
    before = of_cluster("east")
    token = begin(boto)
    for name in STEPS:
        step(name, token)
    assert of_cluster("west", "us-west-2") == current(boto)["password"]
    assert of_cluster("east") == before


def test_without_a_writer_nothing_is_set(boto, world):
    from moto.rds.models import rds_backends

    token = begin(boto)
    step("createSecret", token)
    for region in ("us-east-1", "us-west-2"):
        for member in rds_backends[ACCOUNT][region].clusters.values():
            member.is_writer = False
    with pytest.raises(RuntimeError, match="shop: 0 members write, a password can be set in exactly one"):
        step("setSecret", token)
    assert current(boto) == FIRST


@pytest.mark.parametrize(
    ("failing", "action"),
    [
        ("createSecret", "secretsmanager:PutSecretValue"),
        ("setSecret", "rds:ModifyDBCluster"),
        ("testSecret", "rds:DescribeDBClusters"),
        ("finishSecret", "secretsmanager:UpdateSecretVersionStage"),
    ],
)
def test_a_step_that_fails_leaves_the_current_password_until_it_is_tried_again(boto, world, failing, action):
    token = begin(boto)
    for name in STEPS[: STEPS.index(failing)]:
        step(name, token)
    faults.apply({"actions": {action: [400, "InvalidStateFault"]}})
    with pytest.raises(ClientError, match="InvalidStateFault"):
        step(failing, token)
    faults.apply({"clear": True})
    assert current(boto) == FIRST
    for name in STEPS:
        step(name, token)
    assert current(boto)["password"] == of_cluster("east") != PASSWORD


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 3), min_size=4, max_size=4), st.integers(0, 3))
def test_steps_may_run_any_number_of_times(boto, world, times, again_from):
    token, seen = begin(boto), set()
    for name, count in zip(STEPS, times, strict=True):
        for _ in range(count):
            step(name, token)
            seen.add(of_cluster("east"))
    rotated = current(boto)["password"]
    for name in STEPS[again_from:]:
        step(name, token)
    assert current(boto)["password"] == rotated == of_cluster("east")
    assert len(seen) == 2, "one new password, however often it is set"


def test_a_rotation_begun_anew_keeps_the_password_that_is_pending(boto, world):
    token = begin(boto)
    step("createSecret", token)
    step("setSecret", token)
    step("createSecret", token)
    assert value(boto, VersionId=token)["password"] == of_cluster("east")


def test_a_step_that_comes_again_after_the_end_does_nothing(boto, world):
    token = begin(boto)
    for name in STEPS:
        step(name, token)
    boto("secretsmanager").update_secret_version_stage(
        SecretId="master", VersionStage="AWSPENDING", RemoveFromVersionId=token
    )
    boto("rds").modify_db_cluster(DBClusterIdentifier="east", MasterUserPassword="set-by-somebody")
    for name in STEPS:
        step(name, token)
    assert of_cluster("east") == "set-by-somebody"


def test_a_database_that_disagrees_with_its_secret_agrees_after_a_rotation(boto, world):
    boto("rds").modify_db_cluster(DBClusterIdentifier="east", MasterUserPassword="somebody-changed-it")
    token = begin(boto)
    for name in STEPS:
        step(name, token)
    assert current(boto)["password"] == of_cluster("east")


@pytest.mark.parametrize(
    ("kind", "make", "kept"),
    [("cluster", cluster, "clusters"), ("instance", instance, "databases")],
)
def test_clusters_and_instances_by_themselves(boto, in_lambda, kind, make, kept):
    from moto.rds.models import rds_backends

    in_lambda("DATABASE_KIND", kind)
    in_lambda("DATABASE", "alone")
    secret(boto)
    make(boto, "alone")
    token = begin(boto)
    for name in STEPS:
        step(name, token)
    held = getattr(rds_backends[ACCOUNT]["us-east-1"], kept)["alone"]
    assert held._master_user_password == current(boto)["password"] != PASSWORD


@pytest.mark.parametrize("stages", [[], ["other"]])
def test_a_version_that_is_not_in_rotation_is_refused(boto, world, stages):
    token = str(uuid.uuid4())
    if stages:
        boto("secretsmanager").put_secret_value(
            SecretId="master", ClientRequestToken=token, SecretString="{}", VersionStages=stages
        )
    with pytest.raises(ValueError, match=f"master: version {token} isn't pending: it has the labels"):
        step("setSecret", token)
    assert of_cluster("east") == PASSWORD


def described(*states):
    """An RDS that answers with each state in turn: (status, whether a password is pending)."""
    left = list(states)

    def describe_db_clusters(**_):
        status, pending = left.pop(0)
        values = {"MasterUserPassword": "****"} if pending else {}
        return {"DBClusters": [{"Status": status, "PendingModifiedValues": values}]}

    return SimpleNamespace(describe_db_clusters=describe_db_clusters), left


@pytest.mark.parametrize(
    "states",
    [
        [("available", False)],
        [("resetting-master-credentials", True), ("available", True), ("available", False)],
        [("resetting-master-credentials", False), ("available", False)],
    ],
)
def test_the_test_waits_until_the_password_is_set(monkeypatch, in_lambda, states):
    in_lambda("DATABASE_KIND", "cluster")
    in_lambda("DATABASE", "alone")
    rds, left = described(*states)
    waits = []
    monkeypatch.setattr(function, "boto3", SimpleNamespace(client=lambda *_, **__: rds))
    monkeypatch.setattr(function.time, "sleep", waits.append)
    function.Rotation("master", "token", lambda: 60_000).test()
    assert left == []
    assert waits == [function.POLL_SECONDS] * (len(states) - 1)


def test_the_test_gives_up_before_lambda_stops_it(monkeypatch, in_lambda):
    in_lambda("DATABASE_KIND", "cluster")
    in_lambda("DATABASE", "alone")
    rds, _ = described(("available", True))
    monkeypatch.setattr(function, "boto3", SimpleNamespace(client=lambda *_, **__: rds))
    with pytest.raises(TimeoutError, match="alone: the password is still being set"):
        function.Rotation("master", "token", lambda: 9_999).test()
