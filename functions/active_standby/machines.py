"""What EC2 says of an instance, and where the route tables lead the address. Only pairs with a mirrored disk ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Machines:
    """EC2, for one pair."""

    client: Any
    address: str
    tables: tuple[str, ...]

    def state(self, instance: str) -> str:
        """The instance's state; `absent` when EC2 has forgotten it, an hour after its end."""
        try:
            found = self.client.describe_instances(InstanceIds=[instance])["Reservations"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidInstanceID.NotFound":
                return "absent"
            raise
        states = [str(each["State"]["Name"]) for one in found for each in one["Instances"]]
        return states[0] if states else "absent"

    def stop(self, instance: str) -> None:
        """Take the machine away from whatever runs on it, without asking it."""
        self.client.stop_instances(InstanceIds=[instance], Force=True)

    def routes(self) -> Mapping[str, str]:
        """The network interface that each table leads the address to."""
        found = self.client.describe_route_tables(RouteTableIds=list(self.tables))["RouteTables"]
        return {
            table["RouteTableId"]: route["NetworkInterfaceId"]
            for table in found
            for route in table["Routes"]
            if route.get("DestinationCidrBlock") == self.address and "NetworkInterfaceId" in route
        }

    def point(self, table: str, interface: str) -> None:
        """Lead the address there. The route is the program's; only where it leads is changed here."""
        self.client.replace_route(
            RouteTableId=table, DestinationCidrBlock=self.address, NetworkInterfaceId=interface
        )
