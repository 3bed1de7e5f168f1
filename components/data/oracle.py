"""What RDS for Oracle asks of editions and licences, and the options that APEX needs of its database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import each_once, need, one_of
from components.data.database_args import DatabaseArgs
from components.data.engines import ORACLE

INCLUDED, OWN = "license-included", "bring-your-own-license"
LICENSES = {engine: (INCLUDED, OWN) if engine.startswith("oracle-se2") else (OWN,) for engine in ORACLE}
"""Licence models of each edition: AWS holds licences of Standard Edition 2 alone.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Oracle.Concepts.Licensing.html"""
MOUNTED, READ_ONLY = "mounted", "open-read-only"
REPLICA_MODES = (MOUNTED, READ_ONLY)
"""Data Guard, which Enterprise Edition has, keeps a mounted replica; one that is read needs a licence of Active Data Guard.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/oracle-read-replicas.overview.html"""
TLS_PORT = 2484
"""The usual port of the option SSL: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.SSL.OptionGroup.html"""
TLS_SETTINGS = {
    "SQLNET.SSL_VERSION": "1.2",
    "SQLNET.CIPHER_SUITE": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "FIPS.SSLFIPS_140": "FALSE",
}
"""TLS 1.2 alone: unsaid it would be 1.0. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.SSL.html"""
CONFLICTS = (("SSL", "NATIVE_NETWORK_ENCRYPTION"),)
"""Only one of each pair: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.NetworkEncryption.html"""
NEEDS = {"APEX-DEV": "APEX"}
"""What an option needs beside it: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.APEX.html"""


@dataclass(frozen=True, kw_only=True)
class DatabaseOption:
    """One option of an option group."""

    name: str
    version: str | None = None
    port: int | None = None
    """Where it listens, with `security_group_ids`. None: nowhere."""
    security_group_ids: Sequence[pulumi.Input[str]] = ()
    settings: dict[str, str] = field(default_factory=dict)


def apex_options(
    version: str, *, development: bool, zone_file: bool, security_group_ids: Sequence[pulumi.Input[str]]
) -> list[DatabaseOption]:
    """The options of an APEX database: APEX, what they are built with (`development`), TLS, a newer time zone file (`zone_file`)."""
    apex = [DatabaseOption(name="APEX", version=version)]
    tls = DatabaseOption(
        name="SSL", port=TLS_PORT, security_group_ids=security_group_ids, settings=TLS_SETTINGS
    )
    building = [DatabaseOption(name="APEX-DEV")] if development else []
    zones = [DatabaseOption(name="TIMEZONE_FILE_AUTOUPGRADE")] if zone_file else []
    return [*apex, *building, tls, *zones]


def check_license(engine: str, model: str | None) -> None:
    """Raise ArgumentError unless RDS has that licence model of the edition; other engines have one that nobody names."""
    if engine not in LICENSES:
        need(model is None, "license_model", repr(model), f"None with {engine}")
        return
    held = "" if INCLUDED in LICENSES[engine] else ": AWS holds licences of Standard Edition 2 alone"
    allowed = f"{' or '.join(LICENSES[engine])} with {engine}{held}"
    need(model in LICENSES[engine], "license_model", repr(model), allowed)


def check_options(engine: str, options: Sequence[DatabaseOption]) -> None:
    """Raise ArgumentError for options that RDS has not, or not together."""
    if options:
        one_of("engine", engine, ORACLE)
    names = [option.name for option in options]
    each_once("options", names)
    for option in options:
        if option.name == "APEX":
            fits = bool(re.fullmatch(r"\d\d\.\d\.v\d+", option.version or ""))
            need(fits, "options.APEX", repr(option.version), "a version as AWS writes it, such as '24.2.v1'")
        needed = NEEDS.get(option.name)
        need(needed is None or needed in names, "options", repr(option.name), f"one beside {needed}")
        guarded = option.port is None or bool(option.security_group_ids)
        need(guarded, "options.security_group_ids", "none", f"one or more: {option.name} listens")
    for pair in CONFLICTS:
        need(not set(pair) <= set(names), "options", repr(sorted(names)), f"only one of {' and '.join(pair)}")


def check_database_name(name: str) -> None:
    """Raise ArgumentError unless Oracle takes the name: its system identifier, or the pluggable database's."""
    fits = re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,7}", name, re.ASCII)
    need(bool(fits), "database_name", repr(name), "a letter and up to 7 letters or digits")


def option_group(
    name: str,
    args: DatabaseArgs,
    options: Sequence[DatabaseOption],
    parent: pulumi.Resource,
    region: str | None = None,
) -> aws.rds.OptionGroup:
    """The option group, of the engine's major version."""
    return aws.rds.OptionGroup(
        f"{name}-options",
        engine_name=args.engine,
        major_engine_version=args.facts.major(args.engine_version),
        option_group_description=f"Options of {name}",
        options=[_option(each) for each in options],
        region=region,
        tags=args.tags.resource(f"{name}-options"),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _option(given: DatabaseOption) -> Any:
    return {
        "option_name": given.name,
        "version": given.version,
        "port": given.port,
        "vpc_security_group_memberships": list(given.security_group_ids) or None,
        "option_settings": [{"name": key, "value": value} for key, value in sorted(given.settings.items())],
    }
