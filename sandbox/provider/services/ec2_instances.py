"""EC2 instances and key pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource

DISK = {
    "volumeSize": "VolumeSize",
    "volumeType": "VolumeType",
    "encrypted": "Encrypted",
    "iops": "Iops",
    "kmsKeyId": "KmsKeyId",
    "throughput": "Throughput",
    "deleteOnTermination": "DeleteOnTermination",
    "snapshotId": "SnapshotId",
}


def _launch(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Subnet and groups stand in the interface when it says whether it is public, else in the request; disks are a list."""
    given = ctx.inputs
    subnet, public = given.get("subnetId"), given.get("associatePublicIpAddress")
    if public is not None and subnet:
        interface = {"DeviceIndex": 0, "AssociatePublicIpAddress": public, "SubnetId": params.pop("SubnetId")}
        groups = params.pop("SecurityGroupIds", None)
        params["NetworkInterfaces"] = [interface | ({"Groups": groups} if groups else {})]
    root = [{"deviceName": "/dev/xvda", **given["rootBlockDevice"]}] if given.get("rootBlockDevice") else []
    disks = [_disk(each) for each in (*root, *(given.get("ebsBlockDevices") or ()))]
    return params | ({"BlockDeviceMappings": disks} if disks else {})


def _disk(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "DeviceName": given["deviceName"],
        "Ebs": {m: given[n] for n, m in DISK.items() if given.get(n) is not None},
    }


class Instance(Resource):
    """An instance; a terminated one is gone."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the instance and what its description holds in lists."""
        found = ctx.look()
        if found is None or found["State"]["Name"] in ("terminated", "shutting-down"):
            return None
        groups = [group["GroupId"] for group in found.get("SecurityGroups", [])]
        interfaces: list[dict[str, Any]] = found.get("NetworkInterfaces") or [{}]
        return {**found, "Groups": groups, "Interface": interfaces[0].get("NetworkInterfaceId")}


INSTANCE = simulated(
    "aws:ec2/instance:Instance",
    Instance,
    create=Call(
        "RunInstances",
        {
            "MinCount": "`1`",
            "MaxCount": "`1`",
            "IamInstanceProfile.Name": "in.iamInstanceProfile",
            "Placement.AvailabilityZone": "in.availabilityZone",
            "Placement.Tenancy": "in.tenancy",
            "UserData": "in.userData || in.userDataBase64",
        },
        adjust=_launch,
    ),
    id="Instances[0].InstanceId",
    read=Read("DescribeInstances", {"InstanceIds": "[id]"}, path="Reservations[0].Instances[0]"),
    update=(
        Call(
            "ModifyInstanceAttribute",
            {"InstanceId": "id", "Groups": "in.vpcSecurityGroupIds"},
            take=(),
            when=("vpcSecurityGroupIds",),
        ),
        Call("ModifyInstanceAttribute", {"InstanceId": "id"}, take=("disableApiTermination",)),
        Call("ModifyInstanceAttribute", {"InstanceId": "id"}, take=("sourceDestCheck",)),
    ),
    delete=(Call("TerminateInstances", {"InstanceIds": "[id]"}),),
    rename={"ami": "ImageId", "privateIp": "PrivateIpAddress", "vpcSecurityGroupIds": "SecurityGroupIds"},
    outputs={
        "privateDns": "PrivateDnsName",
        "publicDns": "PublicDnsName",
        "publicIp": "PublicIpAddress",
        "instanceState": "State.Name",
        "vpcSecurityGroupIds": "Groups",
        "primaryNetworkInterfaceId": "Interface",
        "availabilityZone": "Placement.AvailabilityZone",
        "securityGroups": "SecurityGroups[].GroupName",
    },
    replace=(
        "associatePublicIpAddress",
        "availabilityZone",
        "ebsBlockDevices",
        "iamInstanceProfile",
        "rootBlockDevice",
        "tenancy",
        "userData",
        "userDataBase64",
    ),
    ignore={
        "monitoring": "the sandbox has no CloudWatch agent",
        "userDataReplaceOnChange": "a change replaces here in any case",
    },
    unprotect=(
        Call("ModifyInstanceAttribute", {"InstanceId": "id", "DisableApiTermination.Value": "`false`"}),
    ),
    keeps=True,
)
KEY_PAIR = simulated(
    "aws:ec2/keyPair:KeyPair",
    create=Call("ImportKeyPair", rename={"publicKey": "PublicKeyMaterial"}),
    id="KeyName",
    read=Read("DescribeKeyPairs", {"KeyNames": "[id]"}, path="KeyPairs[0]"),
    delete=(Call("DeleteKeyPair", {"KeyName": "id"}),),
    outputs={"fingerprint": "KeyFingerprint"},
)
RESOURCES = (INSTANCE, KEY_PAIR)
