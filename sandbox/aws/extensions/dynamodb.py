"""DynamoDB: replicas are tables of their own regions and have the same items; moto takes replicas and makes none.

A write is seen in every region at once: the sandbox has no clock that a lag could pass by. What AWS makes wait (24 hours until the table
that a replica was made from may go) is not waited for.
"""

from __future__ import annotations

from sandbox.aws.extensions import _dynamodb_replicas, _dynamodb_writes


def install() -> None:
    """Patch moto's DynamoDB."""
    _dynamodb_replicas.install()
    _dynamodb_writes.install()
