"""The security groups of a cluster: brokers take connections of each other, of what stands in their group, and of clients alone."""

from __future__ import annotations

import pulumi

from components.network.groups import Connected
from components.outputs import register
from components.tags import Tags

PORT = 9098
"""IAM, over TLS, inside the VPC: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html"""
BROKERS, CLIENTS = "brokers", "clients"


class KafkaGroups(Connected):
    """Two groups: the brokers', in which Lambda's pollers and replicators stand too, and the clients'.

    Lambda polls from interfaces in the brokers' own subnets and group, and calls AWS from there.
    Creates: both groups and their rules. Survives: instance and zone; security groups belong to the region. Costs: nothing.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-cluster-network.html
    """

    brokers_id: pulumi.Output[str]
    clients_id: pulumi.Output[str]

    def __init__(
        self, name: str, vpc_id: pulumi.Input[str], tags: Tags, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:kafka:KafkaGroups", name, vpc_id=vpc_id, tags=tags, opts=opts)
        self.brokers_id = self._group(BROKERS, "Brokers of Kafka, pollers of Lambda and replicators")
        self.clients_id = self._group(CLIENTS, "Clients of Kafka: whoever sends to topics")
        self._connect(BROKERS, self.brokers_id, BROKERS, PORT, self.brokers_id)
        self._connect(CLIENTS, self.clients_id, BROKERS, PORT, self.brokers_id)
        self._https_out(BROKERS, self.brokers_id)
        register(self, "brokers_id", "clients_id")
