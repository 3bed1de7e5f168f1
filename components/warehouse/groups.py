"""Security groups of a warehouse and of whoever asks it."""

from __future__ import annotations

import pulumi

from components.network.groups import Connected
from components.outputs import register
from components.tags import Tags

PORT = 5439
"""Of those that RA3 nodes take: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html"""
WAREHOUSE, CLIENTS = "warehouse", "clients"


class WarehouseGroups(Connected):
    """Two groups: the warehouse takes connections from members of the other one alone, and loads and unloads over HTTPS.

    Creates: both groups and their rules. Survives: instance and zone; security groups belong to the region. Costs: nothing.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """

    warehouse_id: pulumi.Output[str]
    clients_id: pulumi.Output[str]

    def __init__(
        self, name: str, vpc_id: pulumi.Input[str], tags: Tags, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:warehouse:WarehouseGroups", name, vpc_id=vpc_id, tags=tags, opts=opts)
        self.warehouse_id = self._group(WAREHOUSE, "Warehouse")
        self.clients_id = self._group(CLIENTS, "Whoever asks the warehouse")
        self._connect(CLIENTS, self.clients_id, WAREHOUSE, PORT, self.warehouse_id)
        self._https_out(WAREHOUSE, self.warehouse_id)
        register(self, "warehouse_id", "clients_id")
