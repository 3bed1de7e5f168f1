from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R, subnets

GROUP = "aws:autoscaling/group:Group"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
FUNCTION = "aws:lambda/function:Function"
SERVICE = "aws:ecs/service:Service"
NODES = "aws:eks/nodeGroup:NodeGroup"
THREE = ("use1-az1", "use1-az2", "use1-az4")


def spread(
    token: str, prop: str, zones: tuple[str, ...], *, inside: str = "", seen: bool = True, **props: object
) -> list[R]:
    """`it` in subnets of these zones, whose identifiers are unknown; not `seen`: nor is where they come from."""
    nets = subnets(*zones)
    ids = [NOT_KNOWN for _ in nets]
    value = {inside: ids} if inside else ids
    return [
        R(token, props={prop: value, **props}, refs={prop: [n.name for n in nets]} if seen else {}),
        *nets,
    ]


def by_arn(zones: tuple[str, ...]) -> list[R]:
    """As after a deployment: identifiers known, and found at the end of the subnets' ARNs."""
    nets = [
        R(
            "aws:ec2/subnet:Subnet",
            f"n{i}",
            {"availabilityZone": z, "arn": f"arn:aws:ec2:us-east-1:1:subnet/subnet-{i}"},
        )
        for i, z in enumerate(zones)
    ]
    return [R(GROUP, props={"vpcZoneIdentifiers": [f"subnet-{i}" for i in range(len(nets))]}), *nets]


def beside(other: object, *, target: str = "members", more: tuple[str, ...] = ()) -> list[R]:
    """`it` in one zone; another group in the zone `other`, and in `more`, with that target group."""
    theirs = [other, *more]
    nets = [
        R("aws:ec2/subnet:Subnet", f"theirs-{i}", {"availabilityZoneId": zone})
        for i, zone in enumerate(theirs)
    ]

    def group(name: str, inside: list[str], target: str) -> R:
        props = {"vpcZoneIdentifiers": [NOT_KNOWN] * len(inside), "targetGroupArns": [NOT_KNOWN]}
        return R(GROUP, name, props, {"vpcZoneIdentifiers": inside, "targetGroupArns": [target]})

    return [
        group("it", ["subnet-0"], "members"),
        group("twin", [net.name for net in nets], target),
        *(R("aws:lb/targetGroup:TargetGroup", each) for each in ("members", "others")),
        *subnets("use1-az1"),
        *nets,
    ]


OFF = [{"key": "dr:switched-off", "value": "true", "propagateAtLaunch": False}]
CASES = [
    Case(
        rule="autoscaling-group-multi-az",
        bad=spread(GROUP, "vpcZoneIdentifiers", ("use1-az1", "use1-az1")),
        good=spread(GROUP, "vpcZoneIdentifiers", THREE),
        unsure=spread(GROUP, "vpcZoneIdentifiers", THREE, seen=False),
    ),
    Case(
        rule="autoscaling-group-multi-az",
        note="one-of-three",
        bad=[
            R(
                GROUP,
                props={"vpcZoneIdentifiers": [NOT_KNOWN]},
                refs={"vpcZoneIdentifiers": ["subnet-0", "subnet-1"]},
            ),
            *subnets(*THREE),
        ],
        good=[
            R(
                GROUP,
                props={"vpcZoneIdentifiers": [NOT_KNOWN, NOT_KNOWN]},
                refs={"vpcZoneIdentifiers": ["subnet-0", "subnet-1", "subnet-2"]},
            ),
            *subnets(*THREE),
        ],
        unsure=[
            R(
                GROUP,
                props={"vpcZoneIdentifiers": NOT_KNOWN},
                refs={"vpcZoneIdentifiers": ["subnet-0", "subnet-1"]},
            ),
            *subnets(*THREE),
        ],
    ),
    Case(
        rule="autoscaling-group-multi-az",
        note="identifiers",
        bad=by_arn(("us-east-1a", "us-east-1a")),
        good=by_arn(("us-east-1a", "us-east-1b")),
        unsure=[R(GROUP, props={"vpcZoneIdentifiers": ["subnet-8", "subnet-9"]})],
    ),
    Case(
        rule="autoscaling-group-multi-az",
        note="zones",
        bad=[R(GROUP, props={"availabilityZones": ["us-east-1a"]})],
        good=[R(GROUP, props={"availabilityZones": ["us-east-1a", "us-east-1b"]})],
        unsure=[R(GROUP, props={"availabilityZones": ["us-east-1a", NOT_KNOWN]})],
    ),
    Case(
        rule="autoscaling-group-multi-az",
        note="a-group-a-zone",
        bad=beside("use1-az2", target="others", more=("use1-az4",)),
        good=beside("use1-az2"),
        unsure=beside(NOT_KNOWN),
    ),
    Case(
        rule="autoscaling-group-minimum-per-zone",
        bad=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=2),
        good=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=3),
        unsure=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=NOT_KNOWN),
    ),
    Case(
        rule="autoscaling-group-minimum-per-zone",
        note="switched-off",
        bad=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=0, desiredCapacity=0),
        good=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=6, desiredCapacity=6),
        unsure=spread(GROUP, "vpcZoneIdentifiers", THREE, seen=False, minSize=2),
        level="advisory",
    ),
    Case(
        rule="autoscaling-group-minimum-per-zone",
        note="switched-off-by-tag",  # after a failover a preview shows what runs
        bad=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=0, desiredCapacity=6, tags=OFF),
        good=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=3, desiredCapacity=6, tags=OFF),
        unsure=spread(GROUP, "vpcZoneIdentifiers", THREE, seen=False, minSize=2, tags=OFF),
        level="advisory",
    ),
    Case(
        rule="autoscaling-group-minimum-per-zone",
        note="may-shrink-to-nothing",
        bad=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=0, desiredCapacity=6),
        good=spread(GROUP, "vpcZoneIdentifiers", THREE, minSize=3, desiredCapacity=6),
        unsure=spread(GROUP, "vpcZoneIdentifiers", THREE, seen=False, minSize=2),
    ),
    Case(
        rule="lb-load-balancer-multi-az",
        bad=spread(BALANCER, "subnets", ("use1-az1",)),
        good=spread(BALANCER, "subnets", THREE),
        unsure=[
            R(BALANCER, props={"subnets": NOT_KNOWN}, refs={"subnets": ["vpc"]}),
            R("aws:ec2/vpc:Vpc", "vpc"),
        ],
    ),
    Case(
        rule="lb-load-balancer-multi-az",
        note="one-subnet-a-zone",  # AWS refuses two
        bad=[R(BALANCER, props={"subnets": ["subnet-1"]})],
        good=[R(BALANCER, props={"subnets": ["subnet-1", "subnet-2"]})],
        unsure=spread(BALANCER, "subnets", THREE, seen=False),
        then="good",
    ),
    Case(
        rule="lb-load-balancer-multi-az",
        note="mappings",
        bad=[
            R(
                BALANCER,
                props={"subnetMappings": [{"subnetId": NOT_KNOWN}], "subnets": NOT_KNOWN},
                refs={"subnetMappings": ["subnet-0"]},
            ),
            *subnets("use1-az1"),
        ],
        good=[
            R(
                BALANCER,
                props={"subnetMappings": [{"subnetId": NOT_KNOWN}, {"subnetId": NOT_KNOWN}]},
                refs={"subnetMappings": ["subnet-0", "subnet-1"]},
            ),
            *subnets("use1-az1", "use1-az2"),
        ],
        unsure=[R(BALANCER, props={"subnetMappings": NOT_KNOWN})],
    ),
    Case(
        rule="lambda-function-multi-az",
        bad=spread(FUNCTION, "vpcConfig", ("use1-az1",), inside="subnetIds"),
        good=spread(FUNCTION, "vpcConfig", THREE, inside="subnetIds"),
        unsure=spread(FUNCTION, "vpcConfig", THREE, inside="subnetIds", seen=False),
    ),
    Case(
        rule="lambda-function-multi-az",
        note="no-vpc",
        bad=spread(FUNCTION, "vpcConfig", ("use1-az1", "use1-az1"), inside="subnetIds"),
        good=[R(FUNCTION)],
        unsure=[
            R(FUNCTION, props={"vpcConfig": NOT_KNOWN}, refs={"vpcConfig": ["subnet-0"]}),
            *subnets("use1-az1"),
        ],
    ),
    Case(
        rule="ecs-service-multi-az",
        bad=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", desiredCount=2),
        good=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", desiredCount=3),
        unsure=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", desiredCount=NOT_KNOWN),
    ),
    Case(
        rule="ecs-service-multi-az",
        note="one-zone",
        bad=spread(SERVICE, "networkConfiguration", ("use1-az1",), inside="subnets", desiredCount=3),
        good=[R(SERVICE, props={"schedulingStrategy": "DAEMON"})],
        unsure=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", seen=False, desiredCount=3),
    ),
    Case(
        rule="eks-node-group-multi-az",
        bad=spread(NODES, "subnetIds", ("use1-az1",)),
        good=spread(NODES, "subnetIds", THREE),
        unsure=spread(NODES, "subnetIds", THREE, seen=False),
    ),
    Case(
        rule="eks-node-group-multi-az",
        note="group-per-zone",
        bad=spread(NODES, "subnetIds", ("use1-az1", "use1-az1")),
        good=[
            R("aws:eks/cluster:Cluster", "cluster"),
            *(
                R(
                    NODES,
                    name,
                    {"subnetIds": [NOT_KNOWN], "clusterName": NOT_KNOWN},
                    {"subnetIds": [f"subnet-{i}"], "clusterName": ["cluster"]},
                )
                for i, name in enumerate(("it", "other"))
            ),
            *subnets("use1-az1", "use1-az2"),
        ],
        unsure=[R(NODES, props={"subnetIds": NOT_KNOWN})],
    ),
    Case(
        rule="ecs-service-multi-az",
        note="rebalancing",
        bad=spread(
            SERVICE,
            "networkConfiguration",
            THREE,
            inside="subnets",
            desiredCount=3,
            availabilityZoneRebalancing="DISABLED",
        ),
        good=spread(
            SERVICE,
            "networkConfiguration",
            THREE,
            inside="subnets",
            desiredCount=3,
            availabilityZoneRebalancing="ENABLED",
        ),
        unsure=spread(
            SERVICE,
            "networkConfiguration",
            THREE,
            inside="subnets",
            desiredCount=3,
            availabilityZoneRebalancing=NOT_KNOWN,
        ),
        level="advisory",
    ),
    Case(
        rule="ecs-service-multi-az",
        note="instances",
        bad=[R(SERVICE, props={"desiredCount": 1})],
        good=[R(SERVICE, props={"desiredCount": 2})],
        unsure=[R(SERVICE, props={"desiredCount": NOT_KNOWN})],
    ),
    Case(
        rule="ecs-service-multi-az",
        note="instances-no-count",
        bad=[R(SERVICE)],
        good=[R(SERVICE, props={"schedulingStrategy": "DAEMON"})],
        unsure=[R(SERVICE, props={"desiredCount": NOT_KNOWN})],
        level="advisory",
    ),
    Case(
        rule="ecs-service-multi-az",
        note="no-count",
        bad=spread(SERVICE, "networkConfiguration", THREE, inside="subnets"),
        good=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", schedulingStrategy="DAEMON"),
        unsure=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", seen=False, desiredCount=2),
        level="advisory",
    ),
    Case(
        rule="ecs-service-multi-az",
        note="switched-off",
        bad=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", desiredCount=0),
        good=spread(
            SERVICE, "networkConfiguration", ("use1-az1", "use1-az2"), inside="subnets", desiredCount=2
        ),
        unsure=spread(SERVICE, "networkConfiguration", THREE, inside="subnets", seen=False, desiredCount=2),
        level="advisory",
    ),
]
