"""EC2: networks, security groups, launch templates, instances."""

from __future__ import annotations

from sandbox.provider.deviations.deviation import Deviation
from sandbox.provider.table import Read

_RULES = (
    "{protocol: IpProtocol, fromPort: FromPort, toPort: ToPort, cidrBlocks: IpRanges[].CidrIp,"
    " ipv6CidrBlocks: Ipv6Ranges[].CidrIpv6, prefixListIds: PrefixListIds[].PrefixListId,"
    " securityGroups: UserIdGroupPairs[].GroupId,"
    " description: (IpRanges[].Description || Ipv6Ranges[].Description || UserIdGroupPairs[].Description) | [0]}"
)
_ROUTES = (
    "Routes[?GatewayId != 'local'].{cidrBlock: DestinationCidrBlock, ipv6CidrBlock: DestinationIpv6CidrBlock,"
    " destinationPrefixListId: DestinationPrefixListId, gatewayId: GatewayId, natGatewayId: NatGatewayId,"
    " egressOnlyGatewayId: EgressOnlyInternetGatewayId, networkInterfaceId: NetworkInterfaceId,"
    " transitGatewayId: TransitGatewayId, vpcPeeringConnectionId: VpcPeeringConnectionId}"
)
_GROUP = Deviation(told={"ingress": f"IpPermissions[].{_RULES}", "egress": f"IpPermissionsEgress[].{_RULES}"})
_TABLE = Deviation(told={"routes": _ROUTES})
_RULE = Deviation(
    told={"referencedSecurityGroupId": "ReferencedGroupInfo.GroupId", "securityGroupId": "GroupId"}
)


def _vpc_attribute(name: str) -> Read:
    return Read(
        "DescribeVpcAttribute", {"VpcId": "id", "Attribute": f"'{name}'"}, path=f"{{{name}: @.*.Value | [0]}}"
    )


DEVIATIONS = {
    "aws:ec2/vpc:Vpc": Deviation(
        reads=tuple(map(_vpc_attribute, ("enableDnsSupport", "enableDnsHostnames")))
    ),
    "aws:ec2/internetGateway:InternetGateway": Deviation(told={"vpcId": "Attachments[0].VpcId"}),
    "aws:ec2/natGateway:NatGateway": Deviation(told={"allocationId": "NatGatewayAddresses[0].AllocationId"}),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Deviation(told={"securityGroupIds": "Groups[].GroupId"}),
    "aws:ec2/flowLog:FlowLog": Deviation(
        told=dict.fromkeys(("vpcId", "subnetId", "eniId"), "ResourceId"),
    ),
    "aws:ec2/securityGroup:SecurityGroup": _GROUP,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _GROUP,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _RULE,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _RULE,
    "aws:ec2/routeTable:RouteTable": _TABLE,
    "aws:ec2/defaultRouteTable:DefaultRouteTable": _TABLE,
    "aws:ec2/launchTemplate:LaunchTemplate": Deviation(
        reads=(
            Read(
                "DescribeLaunchTemplateVersions",
                {"LaunchTemplateId": "id", "Versions": "['$Latest']"},
                path="merge(LaunchTemplateVersions[0].LaunchTemplateData,"
                " {VersionDescription: LaunchTemplateVersions[0].VersionDescription})",
            ),
        ),
        told={
            "description": "VersionDescription",
            "vpcSecurityGroupIds": "SecurityGroupIds",
            "securityGroupNames": "SecurityGroups",
            "tagSpecifications": "TagSpecifications[?ResourceType != 'launch-template']"
            ".{resourceType: ResourceType, tags: Tags}",
        },
    ),
    "aws:ec2/instance:Instance": Deviation(
        told={"iamInstanceProfile": "IamInstanceProfile.Name", "tenancy": "Placement.Tenancy"},
        silent={
            "userData": "AWS tells it by a call for each attribute, and a change replaces the instance",
            "rootBlockDevice": "the disk is a volume of its own",
            "ebsBlockDevices": "each disk is a volume of its own",
            "disableApiTermination": "AWS tells it by a call for each attribute",
        },
    ),
}
