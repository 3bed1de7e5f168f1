"""One violating, one conforming and one not yet knowable case for each rule, a table per theme."""

from __future__ import annotations

from tests.policies.cases import (
    backup,
    capacity,
    deletion,
    encryption,
    exposure,
    identity,
    multi_az_compute,
    multi_az_data,
    multi_az_network,
    operations,
    recovery,
    regions,
    routing,
    tags,
    transit,
)

CASES = [
    *multi_az_data.CASES,
    *multi_az_compute.CASES,
    *multi_az_network.CASES,
    *tags.CASES,
    *backup.CASES,
    *deletion.CASES,
    *capacity.CASES,
    *routing.CASES,
    *operations.CASES,
    *exposure.CASES,
    *identity.CASES,
    *encryption.CASES,
    *transit.CASES,
    *regions.CASES,
    *recovery.CASES,
]
