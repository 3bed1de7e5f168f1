"""What the mocks answer for outputs that AWS computes, by type token, and for functions.

`{name}` and `{region}` are filled in; a function gets the resource's inputs.
"""

from __future__ import annotations

import zlib
from typing import Any


def _validation_options(inputs: dict[str, Any]) -> list[dict[str, str]]:
    """One for each name; a wildcard's record is its base's, as ACM has it."""
    names = [inputs["domainName"], *(inputs.get("subjectAlternativeNames") or [])]
    return [
        {
            "domainName": name,
            "resourceRecordName": f"_x.{name.removeprefix('*.')}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_y.{name.removeprefix('*.')}.acm-validations.aws.",
        }
        for name in names
    ]


def _zone_name(inputs: dict[str, Any]) -> str:
    """A name for each zone id: zones differ where their ids do."""
    return f"zone-{inputs.get('availabilityZoneId', 'a')}"


def _groups(inputs: dict[str, Any]) -> str:
    """A name for each group of nodes: they differ where their tags do."""
    return str(inputs["tags"]["Name"])


COMPUTED: dict[str, dict[str, Any]] = {
    "aws:apigateway/restApi:RestApi": {
        "executionArn": "arn:aws:execute-api:{region}:123456789012:{name}",
        "rootResourceId": "{name}-root",
    },
    "aws:apigatewayv2/api:Api": {
        "apiEndpoint": "https://{name}.execute-api.{region}.amazonaws.com",
        "executionArn": "arn:aws:execute-api:{region}:123456789012:{name}",
    },
    "aws:apigatewayv2/domainName:DomainName": {
        "domainNameConfiguration": lambda inputs: {
            "targetDomainName": f"d-{zlib.crc32(inputs['domainName'].encode())}.execute-api.us-east-1.amazonaws.com",
            "hostedZoneId": "Z1UJRXOUMOOFQ8",
        },
    },
    "aws:cloudwatch/eventBus:EventBus": {
        "arn": lambda inputs: f"arn:aws:events:{{region}}:123456789012:event-bus/{inputs.get('name')}",
    },
    "aws:cognito/userPool:UserPool": {
        "endpoint": "cognito-idp.{region}.amazonaws.com/{region}_{name}",
    },
    "aws:dsql/cluster:Cluster": {
        "identifier": "{name}-1234567",
        "vpcEndpointServiceName": "com.amazonaws.{region}.dsql-x",
    },
    "aws:dynamodb/table:Table": {
        "name": "{name}-1234567",
        "streamArn": "arn:aws:dynamodb:{region}:123456789012:table/{name}-1234567/stream/1",
    },
    "aws:ec2/networkInterface:NetworkInterface": {
        # An address of its own for each subnet.
        "privateIp": lambda inputs: f"10.10.{zlib.crc32(str(inputs['subnetId']).encode()) % 250}.4",
    },
    "aws:opensearch/domain:Domain": {"endpoint": "vpc-{name}-x.{region}.es.amazonaws.com"},
    "aws:rds/cluster:Cluster": {
        "clusterIdentifier": "{name}-1234567",
        "clusterResourceId": "cluster-ABC",
        "endpoint": "{name}.cluster-x.{region}.rds.amazonaws.com",
        "readerEndpoint": "{name}.cluster-ro-x.{region}.rds.amazonaws.com",
    },
    "aws:rds/clusterEndpoint:ClusterEndpoint": {
        "endpoint": "{name}.cluster-custom-x.{region}.rds.amazonaws.com"
    },
    "aws:rds/clusterInstance:ClusterInstance": {"identifier": "{name}-1234567"},
    "aws:rds/globalCluster:GlobalCluster": {"endpoint": "{name}.global-x.global.rds.amazonaws.com"},
    "aws:rds/instance:Instance": {
        "address": "{name}.x.{region}.rds.amazonaws.com",
        "endpoint": "{name}.x.{region}.rds.amazonaws.com:5432",
        "identifier": "{name}-1234567",
        "resourceId": "db-ABC",
    },
    "aws:rds/proxy:Proxy": {
        "arn": "arn:aws:rds:{region}:123456789012:db-proxy:prx-{name}",
        "name": "{name}-1234567",
        "endpoint": "{name}.proxy-x.{region}.rds.amazonaws.com",
    },
    "aws:rds/proxyEndpoint:ProxyEndpoint": {"endpoint": "{name}.endpoint.proxy-x.{region}.rds.amazonaws.com"},
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {"name": "default"},
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": {"name": "{name}-1234567"},
    "aws:rds/parameterGroup:ParameterGroup": {"name": "{name}-1234567"},
    "aws:rds/optionGroup:OptionGroup": {"name": "{name}-1234567"},
    "aws:rds/subnetGroup:SubnetGroup": {"name": "{name}-1234567"},
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {
        "globalReplicationGroupId": lambda inputs: f"ldgnf-{inputs['globalReplicationGroupIdSuffix']}"
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {"name": "{name}-1234567"},
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "configurationEndpointAddress": "clustercfg.{name}.x.{region}.cache.amazonaws.com",
        "primaryEndpointAddress": "master.{name}.x.{region}.cache.amazonaws.com",
        "readerEndpointAddress": "replica.{name}.x.{region}.cache.amazonaws.com",
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {"name": "{name}-1234567"},
    "aws:redshift/cluster:Cluster": {
        "endpoint": "{name}.x.{region}.redshift.amazonaws.com:5439",
        "masterPasswordSecretArn": "arn:aws:secretsmanager:{region}:123456789012:secret:redshift!{name}",
    },
    "aws:redshift/parameterGroup:ParameterGroup": {"name": "{name}-1234567"},
    "aws:redshift/subnetGroup:SubnetGroup": {"name": "{name}-1234567"},
    "aws:s3/bucket:Bucket": {
        "bucket": "{name}-1234567",
        "bucketRegionalDomainName": "{name}-1234567.s3.{region}.amazonaws.com",
    },
    "aws:sesv2/emailIdentity:EmailIdentity": {
        "dkimSigningAttributes": {"tokens": [f"{each}-{{region}}" for each in ("first", "second", "third")]},
    },
    "aws:sqs/queue:Queue": {
        "name": "{name}-1234567",
        "url": "https://sqs.{region}.amazonaws.com/123456789012/{name}-1234567",
    },
    "aws:secretsmanager/secretVersion:SecretVersion": {"versionId": "version-1"},
    "aws:acm/certificate:Certificate": {"domainValidationOptions": _validation_options},
    "aws:cloudfront/distribution:Distribution": {
        "domainName": "{name}.cloudfront.net",
        "hostedZoneId": "Z2FDTNDATAQYW2",
    },
    "aws:lb/loadBalancer:LoadBalancer": {
        "arnSuffix": "app/{name}/50dc6c495c0c9188",
        "dnsName": "{name}-1.{region}.elb.amazonaws.com",
        "zoneId": "Z35SXDOTRQ7X7K",
    },
    "aws:lb/targetGroup:TargetGroup": {"arnSuffix": "targetgroup/{name}/73e2d6bc24d8a067"},
    "aws:elasticbeanstalk/environment:Environment": {
        "autoscalingGroups": lambda inputs: [f"awseb-of-{inputs['name']}"],
        "cname": "{name}.{region}.elasticbeanstalk.com",
        "endpointUrl": "awseb-{name}-1.{region}.elb.amazonaws.com",
        "loadBalancers": lambda inputs: [
            f"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/{inputs['name']}/50dc6c495c0c9188"
        ],
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": {"uuid": "{name}-uuid"},
    "aws:msk/cluster:Cluster": {
        "arn": "arn:aws:kafka:{region}:123456789012:cluster/{name}/0a1b2c3d-1",
        "bootstrapBrokersSaslIam": "b-1.{name}.kafka.{region}.amazonaws.com:9098",
    },
    "aws:msk/configuration:Configuration": {"latestRevision": 1},
    "aws:route53/record:Record": {"fqdn": lambda inputs: inputs["name"].rstrip(".")},
    "aws:route53/zone:Zone": {
        "zoneId": "Z0123456789ABCDEFGHIJ",
        "nameServers": ["ns-1.awsdns-00.com", "ns-2.awsdns-00.net"],
    },
    "aws:ec2/eip:Eip": {"allocationId": "{name}-id", "publicIp": "203.0.113.1"},
    "aws:autoscaling/group:Group": {"name": "{name}-1234567"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"name": "{name}-1234567"},
    "aws:cloudwatch/eventRule:EventRule": {"name": "{name}-1234567"},
    "aws:kms/key:Key": {"keyId": "mrk-{name}"},
    "aws:kms/replicaKey:ReplicaKey": {"keyId": "mrk-{name}"},
    "aws:sns/topic:Topic": {"name": "{name}-1234567"},
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": {"name": "{name}-1234567"},
    "aws:cloudwatch/logGroup:LogGroup": {"name": "{name}-1234567"},
    "aws:ecr/repository:Repository": {
        "name": "{name}-1234567",
        "repositoryUrl": "123456789012.dkr.ecr.{region}.amazonaws.com/{name}-1234567",
    },
    "aws:ecs/service:Service": {"name": "{name}-1234567"},
    "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 4711},
    "aws:vpclattice/service:Service": {
        "dnsEntries": lambda inputs: [{"domainName": f"{inputs['name']}-0123.vpc-lattice-svcs.on.aws"}],
    },
    "aws:eks/cluster:Cluster": {
        "endpoint": "https://{name}.gr7.{region}.eks.amazonaws.com",
        "vpcConfig": lambda inputs: {
            **inputs["vpcConfig"],
            "clusterSecurityGroupId": f"sg-{zlib.crc32(inputs['name'].encode()):08x}",
        },
    },
    "aws:eks/nodeGroup:NodeGroup": {
        "nodeGroupName": "{name}-1234567",
        "resources": lambda inputs: [{"autoscalingGroups": [{"name": f"eks-of-{_groups(inputs)}"}]}],
    },
    "aws:iam/instanceProfile:InstanceProfile": {"name": "{name}-1234567"},
    "aws:iam/role:Role": {"name": "{name}-1234567"},
    "aws:lambda/alias:Alias": {"invokeArn": "arn:aws:apigateway:{region}:lambda:path/{name}/invocations"},
    "aws:lambda/function:Function": {"name": "{name}-1234567", "version": "{name}-version"},
    "aws:sfn/stateMachine:StateMachine": {
        "stateMachineVersionArn": "arn:aws:states:{region}:123456789012:stateMachine:{name}:1"
    },
    "aws:ec2/subnet:Subnet": {"availabilityZone": _zone_name},
}


def protected(args: dict[str, Any], **by_side: str) -> dict[str, Any]:
    """A file system, with the protection that its side has: `east` or `west`."""
    side = args["region"].split("-")[1]
    return {**args, "id": args["fileSystemId"], "protections": [{"replicationOverwrite": by_side[side]}]}


def written_in(args: dict[str, Any], region: str) -> dict[str, Any]:
    """A global database that is written in that region."""
    members = [
        {"dbClusterArn": f"arn:aws:rds:{each}:123456789012:cluster:db", "isWriter": each == region}
        for each in ("us-east-1", "us-west-2")
    ]
    return {**args, "id": args["identifier"], "members": members}


INVOKES: dict[str, Any] = {
    "aws:rds/getGlobalCluster:getGlobalCluster": lambda args: written_in(args, "us-east-1"),
    # As when the system is new: the west's file system follows.
    "aws:efs/getFileSystem:getFileSystem": lambda args: protected(args, east="ENABLED", west="REPLICATING"),
    "aws:arcregionswitch/getRoute53HealthChecks:getRoute53HealthChecks": lambda args: {
        **args,
        "id": args["planArn"],
        "region": "us-east-1",
        "healthChecks": [
            {
                "healthCheckId": f"switch-{region}",
                "hostedZoneId": "Z0123456789ABCDEFGHIJ",
                "recordName": "www.holdfast.example",
                "region": region,
                "status": "healthy",
            }
            for region in ("us-east-1", "us-west-2")
        ],
    },
    "aws:elasticbeanstalk/getSolutionStack:getSolutionStack": lambda args: {
        **args,
        "id": "2026-08-12",
        "name": args["nameRegex"].strip("^$").replace("[0-9.]+", "4.7.0").replace("\\", ""),
        "region": "us-east-1",
    },
    "aws:lb/getHostedZoneId:getHostedZoneId": {"id": "Z35SXDOTRQ7X7K", "region": "us-east-1"},
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": lambda args: {**args, "id": f"pl-{args['name']}"},
    "aws:ssm/getParameter:getParameter": lambda args: {
        **args,
        "id": args["name"],
        "value": "ami-0123456789abcdef0",
        "type": "String",
        "version": 1,
        "arn": "",
        "insecureValue": "",
    },
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": "123456789012",
        "arn": "arn:aws:iam::123456789012:root",
        "id": "1",
        "userId": "u",
    },
    "aws:index/getRegion:getRegion": {
        "region": "us-east-1",
        "name": "us-east-1",
        "id": "us-east-1",
        "description": "",
        "endpoint": "",
    },
    "aws:index/getPartition:getPartition": {
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    },
}
