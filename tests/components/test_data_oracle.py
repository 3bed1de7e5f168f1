"""RDS for Oracle: editions, licences, options, restores, replicas."""

from __future__ import annotations

import re
from typing import Any

import pytest

from components.data import (
    DatabaseOption,
    Moment,
    RdsInstance,
    RdsProxyArgs,
    RdsReplica,
    RdsReplicaArgs,
    ReplicaHome,
    apex_options,
)
from tests.components.data_arguments import KEY, PEER_KEY, SUBNETS, TAGS, instance_args
from tests.pulumi_mocks import Deployment, deploy

VERSION = "19.0.0.0.ru-2025-10.rur-2025-10.r1"
SOURCE = "arn:aws:rds:us-east-1:123456789012:db:db-1"
TLS = DatabaseOption(name="SSL", port=2484, security_group_ids=["sg-1"])


def oracle(**changes: Any) -> Deployment:
    given = {
        "engine": "oracle-se2",
        "engine_version": VERSION,
        "license_model": "license-included",
        "iam_authentication": False,
        **changes,
    }
    return deploy(lambda: RdsInstance("db", instance_args(**given)))


def replica(**changes: Any) -> Deployment:
    given: dict[str, Any] = {
        "tags": TAGS,
        "source": SOURCE,
        "engine": "oracle-ee",
        "engine_version": VERSION,
        "mode": "mounted",
        "iam_authentication": False,
        "security_group_ids": ["sg-1"],
        "home": ReplicaHome(kms_key_arn=PEER_KEY, subnet_ids=SUBNETS, region="us-west-2"),
        **changes,
    }
    return deploy(lambda: RdsReplica("copy", RdsReplicaArgs(**given)))


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("oracle-se2", VERSION, "oracle-se2-19"),
        ("oracle-ee-cdb", "21.0.0.0.ru-2025-10.rur-2025-10.r1", "oracle-ee-cdb-21"),
        ("oracle-ee", "19.0.0.0.ru-2025-10.spb-1.r1", "oracle-ee-19"),
    ],
)
def test_groups_are_of_the_editions_major_version(engine: str, version: str, family: str) -> None:
    made = oracle(
        engine=engine, engine_version=version, license_model="bring-your-own-license", options=[TLS]
    )
    assert made.one("ParameterGroup").inputs["family"] == family
    group = made.one("OptionGroup").inputs
    assert f"{group['engineName']}-{group['majorEngineVersion']}" == family
    assert made.one("ParameterGroup").inputs.get("parameters", []) == [], "TLS is no parameter of Oracle's"
    known = made.made[made.one("OptionGroup").urn]["name"]
    assert made.one("aws:rds/instance:Instance").inputs["optionGroupName"] == known


def test_a_promoted_replicas_options_wait_in_its_region() -> None:
    made = replica(
        options=apex_options("24.2.v1", development=False, zone_file=False, security_group_ids=["sg-1"])
    )
    assert made.one("OptionGroup").inputs["region"] == "us-west-2"
    assert "optionGroupName" not in made.one("aws:rds/instance:Instance").inputs


@pytest.mark.parametrize(
    ("make", "changes", "said"),
    [
        (
            oracle,
            {"engine": "oracle-ee"},
            (
                "license_model: got 'license-included', allowed is bring-your-own-license with oracle-ee: AWS holds licences of Standard "
                "Edition 2 alone"
            ),
        ),
        (
            oracle,
            {"license_model": None},
            "license_model: got None, allowed is license-included or bring-your-own-license with oracle-se2",
        ),
        (
            oracle,
            {"engine": "postgres", "engine_version": "16.8"},
            "license_model: got 'license-included', allowed is None with postgres",
        ),
        (
            oracle,
            {"iam_authentication": True},
            "iam_authentication: got true, allowed is false with oracle-se2: it knows no IAM tokens",
        ),
        (
            oracle,
            {"options": [DatabaseOption(name="APEX-DEV")]},
            "options: got 'APEX-DEV', allowed is one beside APEX",
        ),
        (
            oracle,
            {"options": [DatabaseOption(name="APEX", version="24")]},
            "options.APEX: got '24', allowed is a version as AWS writes it, such as '24.2.v1'",
        ),
        (
            oracle,
            {"options": [TLS, DatabaseOption(name="NATIVE_NETWORK_ENCRYPTION")]},
            (
                "options: got ['NATIVE_NETWORK_ENCRYPTION', 'SSL'], allowed is only one of SSL and NATIVE_NETWORK_ENCRYPTION"
            ),
        ),
        (
            oracle,
            {"options": [DatabaseOption(name="SSL", port=2484)]},
            "options.security_group_ids: got none, allowed is one or more: SSL listens",
        ),
        (oracle, {"moment": Moment()}, "moment.source_identifier: got both or none"),
        (
            oracle,
            {"moment": Moment(source_identifier="db", time="2026-11-26 10:00")},
            "moment.time: got '2026-11-26 10:00'",
        ),
        (
            oracle,
            {"moment": Moment(source_identifier="db"), "snapshot_identifier": "snap"},
            "moment: got one, allowed is None with snapshot_identifier",
        ),
        (
            replica,
            {"engine": "oracle-se2"},
            "engine: got 'oracle-se2', allowed is one of mariadb, mysql, oracle-ee,",
        ),
        (replica, {"mode": None}, "mode: got None, allowed is one of mounted, open-read-only"),
        (
            replica,
            {"engine": "mysql", "engine_version": "8.4.5"},
            "mode: got 'mounted', allowed is None with mysql",
        ),
    ],
)
def test_bad_arguments(make: Any, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        make(**changes)


def test_no_proxy_stands_before_oracle() -> None:
    args = RdsProxyArgs(
        tags=TAGS,
        kms_key_arn=KEY,
        engine="oracle-ee",
        instance_identifier="db",
        secret_arns=[KEY],
        subnet_ids=SUBNETS,
        security_group_ids=["sg-1"],
    )
    with pytest.raises(ValueError, match="engine: got 'oracle-ee', allowed is one of aurora-mysql"):
        args.check()
