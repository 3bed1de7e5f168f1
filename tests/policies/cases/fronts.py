from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
SITE = "aws:cloudfront/distribution:Distribution"
SERVICE = "aws:ecs/service:Service"
GROUP, CLASSIC = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/securityGroupRule:SecurityGroupRule"
DATABASE = R(
    "aws:rds/instance:Instance", "db", {"vpcSecurityGroupIds": [NOT_KNOWN]}, {"vpcSecurityGroupIds": ["it"]}
)
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
FOUR = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def origin(policy: object, *protocols: str) -> list[R]:
    config = {"originProtocolPolicy": policy, "originSslProtocols": list(protocols)}
    return [
        R(SITE, props={"origins": [{"originId": "app", "customOriginConfig": config}, {"originId": "files"}]})
    ]


CASES = [
    Case(
        rule="lb-web-firewall",
        bad=[R(BALANCER)],
        good=[
            R(BALANCER),
            R(
                "aws:wafv2/webAclAssociation:WebAclAssociation",
                "a",
                {"resourceArn": NOT_KNOWN},
                {"resourceArn": ["it"]},
            ),
            R(BALANCER, "inside", {"internal": True}),
            R(BALANCER, "tcp", {"loadBalancerType": "network"}),
        ],
        unsure=[R(BALANCER, props={"internal": NOT_KNOWN})],
    ),
    Case(
        rule="cloudfront-web-firewall",
        bad=[R(SITE, props={"webAclId": ""})],
        good=[R(SITE, props={"webAclId": "arn:aws:wafv2:us-east-1:1:global/webacl/x"})],
        unsure=[R(SITE, props={"webAclId": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="cloudfront-origin-tls",
        bad=origin("match-viewer"),
        good=origin("https-only", "TLSv1.2"),
        unsure=origin(NOT_KNOWN),
    ),
    Case(
        rule="cloudfront-origin-tls",
        note="old",
        bad=origin("https-only", "TLSv1", "TLSv1.2"),
        good=[R(SITE, props={"origins": [{"originId": "files"}]})],
        unsure=[R(SITE, props={"origins": NOT_KNOWN})],
    ),
    Case(
        rule="ec2-no-public-address",
        bad=[R("aws:ec2/instance:Instance", props={"associatePublicIpAddress": True})],
        good=[R("aws:ec2/instance:Instance", props={"associatePublicIpAddress": False})],
        unsure=[R("aws:ec2/instance:Instance", props={"associatePublicIpAddress": NOT_KNOWN})],
    ),
    Case(
        rule="ec2-no-public-address",
        note="template",
        bad=[
            R(
                "aws:ec2/launchTemplate:LaunchTemplate",
                props={"networkInterfaces": [{"associatePublicIpAddress": "true"}]},
            )
        ],
        good=[
            R(
                "aws:ec2/launchTemplate:LaunchTemplate",
                props={"networkInterfaces": [{"associatePublicIpAddress": "false"}]},
            )
        ],
        unsure=[R("aws:ec2/launchTemplate:LaunchTemplate", props={"networkInterfaces": NOT_KNOWN})],
    ),
    Case(
        rule="ec2-no-public-address",
        note="service",
        bad=[R(SERVICE, props={"networkConfiguration": {"assignPublicIp": True}})],
        good=[R(SERVICE, props={"networkConfiguration": {"subnets": ["a"]}})],
        unsure=[R(SERVICE, props={"networkConfiguration": {"assignPublicIp": NOT_KNOWN}})],
    ),
    Case(
        rule="ec2-database-ingress-by-group",
        bad=[
            R(
                GROUP,
                props={"ingress": [{"protocol": "tcp", "fromPort": 5432, "cidrBlocks": ["10.0.0.0/16"]}]},
            ),
            DATABASE,
        ],
        good=[
            R(
                GROUP,
                props={"ingress": [{"protocol": "tcp", "fromPort": 5432, "securityGroups": [NOT_KNOWN]}]},
            ),
            DATABASE,
            R(
                GROUP,
                "app",
                {"ingress": [{"protocol": "tcp", "fromPort": 80, "cidrBlocks": ["10.0.0.0/16"]}]},
            ),
        ],
        unsure=[R(GROUP, props={"ingress": NOT_KNOWN}), DATABASE],
        then="good",
    ),
    Case(
        rule="ec2-database-ingress-by-group",
        note="rule",
        bad=[
            R(
                CLASSIC,
                props={"type": "ingress", "cidrBlocks": ["10.0.0.0/16"], "securityGroupId": NOT_KNOWN},
                refs={"securityGroupId": ["group"]},
            ),
            R(GROUP, "group"),
            R(
                "aws:rds/cluster:Cluster",
                "db",
                {"vpcSecurityGroupIds": [NOT_KNOWN]},
                {"vpcSecurityGroupIds": ["group"]},
            ),
        ],
        good=[
            R(
                CLASSIC,
                props={"type": "egress", "cidrBlocks": ["10.0.0.0/16"], "securityGroupId": NOT_KNOWN},
                refs={"securityGroupId": ["group"]},
            ),
            R(GROUP, "group"),
            R(
                "aws:rds/cluster:Cluster",
                "db",
                {"vpcSecurityGroupIds": [NOT_KNOWN]},
                {"vpcSecurityGroupIds": ["group"]},
            ),
        ],
        unsure=[R(CLASSIC, props={"type": "ingress", "cidrBlocks": [NOT_KNOWN]})],
        then="good",
    ),
    Case(
        rule="s3-public-access-block-on",
        bad=[R("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", props={"blockPublicAcls": True})],
        good=[R("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", props=dict.fromkeys(FOUR, True))],
        unsure=[
            R(
                "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
                props=dict.fromkeys(FOUR, NOT_KNOWN),
            )
        ],
    ),
    Case(
        rule="s3-public-access-block-on",
        note="of-a-bucket",
        bad=[R(BLOCK, props={"bucket": "elsewhere", "blockPublicAcls": False})],
        good=[
            R(BLOCK, props={"bucket": NOT_KNOWN}, refs={"bucket": ["b"]}),
            R("aws:s3/bucket:Bucket", "b"),
        ],
        unsure=[R(BLOCK, props={"bucket": "elsewhere", **dict.fromkeys(FOUR, NOT_KNOWN)})],
    ),
]
