"""The pack's rules, one module per theme: what each judges and how. What it says to people is in the TOML file beside its module.

A rule is anything in these modules that is made with `@rule`.
"""

from __future__ import annotations

from . import (
    accounts,
    apis,
    backup,
    backup_plans,
    beanstalk,
    capacity,
    clusters,
    containers,
    deletion,
    encryption,
    experiments,
    exposure,
    fronts,
    habits,
    health_checks,
    identity,
    images,
    mail,
    messaging,
    multi_az_clusters,
    multi_az_compute,
    multi_az_data,
    multi_az_network,
    placement,
    recovery_objectives,
    regions,
    retired,
    routing,
    serverless,
    switch_plans,
    tags,
    targets,
    transit,
    users,
    volumes,
)
from .kernel.rule import Rule

MODULES = (
    multi_az_data,
    multi_az_clusters,
    multi_az_compute,
    multi_az_network,
    placement,
    tags,
    backup,
    backup_plans,
    deletion,
    capacity,
    routing,
    health_checks,
    targets,
    switch_plans,
    experiments,
    exposure,
    fronts,
    identity,
    accounts,
    encryption,
    volumes,
    transit,
    users,
    images,
    containers,
    clusters,
    beanstalk,
    mail,
    messaging,
    serverless,
    apis,
    habits,
    regions,
    retired,
    recovery_objectives,
)
"""In the order of the documentation. A module joins the pack by its place here."""

RULES: tuple[Rule, ...] = tuple(
    found for module in MODULES for found in vars(module).values() if isinstance(found, Rule)
)
