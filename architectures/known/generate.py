"""Writes `names.json` anew from packages installed for development: `python -m architectures.known.generate`.

No package that is installed lists versions of APEX for Oracle 19c and 21c, nor interface endpoints: those stay as they are, from
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.APEX.Requirements.html, and what
InterfaceVpcEndpointAwsService of AWS's CDK has under com.amazonaws and the region:
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.InterfaceVpcEndpointAwsService.html
Nor does any list EKS's versions of Kubernetes: those are the ones of the release calendar whose support had not ended in that month.
https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from importlib import metadata, resources
from typing import Any

import botocore.session

from architectures.known import (
    APEX,
    ENDPOINT,
    EXTENDED,
    FILE,
    INSTANCE_TYPE,
    KUBERNETES,
    ZONE,
    instance_class,
    licensed_class,
    version,
)
from components.data.oracle import INCLUDED, OWN

ENGINES = ("aurora-mysql", "aurora-postgresql", "mysql", "postgres")
LICENSED = (("oracle-ee", OWN), ("oracle-se2", INCLUDED), ("oracle-se2", OWN))
"""Editions by licence model: their classes differ. Those of container databases don't."""
MONTHS = {"botocore": "2026-11", "cfn-lint": "2026-10"}
"""When the pinned versions came out, where it is known: a package doesn't say it of itself."""
_LINT = "data/schemas/extensions/aws_rds_dbinstance"


def _rules(name: str) -> Iterator[tuple[str, Any]]:
    """What cfn-lint asks of a DB instance, by its engine, in each region where regions differ."""
    given = json.loads(resources.files("cfnlint").joinpath(f"{_LINT}/{name}.json").read_text())
    for schema in [given] if "allOf" in given else given.values():
        for rule in schema["allOf"]:
            yield rule["if"]["properties"].get("Engine", {}).get("const", ""), rule


def _of(engine: str, schema: str, part: str, name: str) -> set[str]:
    found = (rule[part]["properties"] for given, rule in _rules(schema) if given == engine)
    return {value for properties in found for value in properties[name]["enum"]}


def _classes(engine: str) -> set[str]:
    return _of(engine, "dbinstanceclass_enum", "then", "DBInstanceClass")


def _licensed_classes(edition: str, model: str) -> set[str]:
    wanted = {"Engine": {"const": edition}, "LicenseModel": {"const": model}}
    found: set[str] = set()
    for engine, rule in _rules("dbinstanceclass_enum"):
        if engine == edition and wanted.items() <= rule["if"]["properties"].items():
            found.update(rule["then"]["properties"]["DBInstanceClass"]["enum"])
    return found


def _versions(engine: str) -> set[str]:
    """Full versions that can still be created."""
    every = _of(engine, "engine_version", "then", "EngineVersion")
    ended = _of(engine, "engine_version_deprecated", "if", "EngineVersion")
    full = (name for name in every if not any(other.startswith(f"{name}.") for other in every))
    return {name for name in full if not name.endswith("-limitless")} - ended


def _instance_types() -> list[str]:
    names: list[str] = botocore.session.get_session().get_service_model("ec2").shape_for("InstanceType").enum
    return names


def _zone_ids() -> list[str]:
    """Of every region that moto has."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    return [zone.zone_id for zones in RegionsAndZonesBackend.zones.values() for zone in zones]


def _table(package: str, names: Iterable[str]) -> dict[str, Any]:
    lines = textwrap.wrap(" ".join(sorted(names)), 120, break_long_words=False, break_on_hyphens=False)
    month = f", {MONTHS[package]}" if package in MONTHS else ""
    return {"source": f"{package} {metadata.version(package)}{month}", "names": lines}


def tables() -> dict[str, Any]:
    """What the file should hold."""
    return {
        INSTANCE_TYPE: _table("botocore", _instance_types()),
        **{instance_class(engine): _table("cfn-lint", _classes(engine)) for engine in ENGINES},
        **{version(engine): _table("cfn-lint", _versions(engine)) for engine in ENGINES},
        **{
            licensed_class(engine, model): _table("cfn-lint", _licensed_classes(engine, model))
            for engine, model in LICENSED
        },
        ZONE: _table("moto", _zone_ids()),
        **{
            kept: json.loads(FILE.read_text(encoding="utf-8"))[kept]
            for kept in (ENDPOINT, APEX, KUBERNETES, EXTENDED)
        },
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(tables(), indent=1) + "\n", encoding="utf-8")
