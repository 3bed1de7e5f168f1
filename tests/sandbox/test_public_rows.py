"""Types that public programs use: what reaches AWS, what comes back, what changes and goes."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import pulumi
import pytest

from sandbox.provider import ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]})  # fmt: skip


def _text(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


KEY = "ssh-ed25519 " + base64.b64encode(_text(b"ssh-ed25519") + _text(bytes(range(32)))).decode()


class World:
    """One provider, with what was made in it."""

    def __init__(self, provider) -> None:
        self.provider = provider

    def make(self, token: str, inputs: dict, name: str = "thing"):
        checked, failures = self.provider.check(token, f"urn:pulumi:p::h::{token}::{name}", {}, inputs)
        assert failures == []
        id_, outputs = self.provider.create(token, checked)
        assert self.provider.read(token, id_, checked) == outputs
        assert not self.provider.diff(token, checked, dict(checked)).changes
        return Made(self.provider, token, id_, checked, outputs)

    def refused(self, token: str, inputs: dict) -> list[tuple[str, str]]:
        return self.provider.check(token, f"urn:pulumi:p::h::{token}::thing", {}, inputs)[1]


class Made:
    """A resource that was made."""

    def __init__(self, provider, token, id_, inputs, outputs) -> None:
        self.provider, self.token, self.id, self.inputs, self.outputs = provider, token, id_, inputs, outputs

    def change(self, **new):
        wanted = {k: v for k, v in {**self.inputs, **new}.items() if v is not None}
        diff = self.provider.diff(self.token, self.inputs, wanted)
        assert not diff.replaces, diff
        self.outputs = self.provider.update(self.token, self.id, self.inputs, self.outputs, wanted)
        self.inputs = wanted
        return self

    def replaced_by(self, **new) -> list[str]:
        return self.provider.diff(self.token, self.inputs, {**self.inputs, **new}).replaces

    def gone(self) -> None:
        self.provider.delete(self.token, self.id, self.inputs, self.outputs)
        assert self.provider.read(self.token, self.id, self.inputs) is None


@pytest.fixture(scope="module")
def world(provider) -> World:
    return World(provider)


@pytest.fixture(scope="module")
def vpc(world) -> Made:
    return world.make("aws:ec2/vpc:Vpc", {"cidrBlock": "10.7.0.0/16"}, "net")


@pytest.fixture(scope="module")
def role(world) -> Made:
    return world.make("aws:iam/role:Role", {"assumeRolePolicy": TRUST}, "role")


def rule(port: int, **more) -> dict:
    return {"protocol": "tcp", "fromPort": port, "toPort": port, **more}


def test_rules_given_in_a_security_group_are_its_rules(world, vpc, boto):
    made = world.make(
        "aws:ec2/securityGroup:SecurityGroup",
        {
            "vpcId": vpc.id,
            "ingress": [rule(80, cidrBlocks=["0.0.0.0/0"], description="web"), rule(22, self=True)],
            "egress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}],
        },
    )

    def rules(side: str) -> list:
        [found] = boto("ec2").describe_security_groups(GroupIds=[made.id])["SecurityGroups"]
        return found[side]

    assert {each["FromPort"] for each in rules("IpPermissions")} == {80, 22}
    [web] = [each for each in rules("IpPermissions") if each["FromPort"] == 80]
    assert web["IpRanges"] == [{"CidrIp": "0.0.0.0/0", "Description": "web"}]
    [own] = [each for each in rules("IpPermissions") if each["FromPort"] == 22]
    assert own["UserIdGroupPairs"][0]["GroupId"] == made.id
    assert [each["IpProtocol"] for each in rules("IpPermissionsEgress")] == ["-1"]
    made.change(ingress=[rule(443, cidrBlocks=["10.0.0.0/8"])])
    assert [each["FromPort"] for each in rules("IpPermissions")] == [443]
    made.change(ingress=None)
    assert rules("IpPermissions") == []
    made.gone()


def test_routes_given_in_a_route_table_are_its_routes(world, vpc, boto):
    gateway = world.make("aws:ec2/internetGateway:InternetGateway", {"vpcId": vpc.id})
    routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}]
    made = world.make("aws:ec2/routeTable:RouteTable", {"vpcId": vpc.id, "routes": routes})

    def destinations() -> set:
        [table] = boto("ec2").describe_route_tables(RouteTableIds=[made.id])["RouteTables"]
        return {each["DestinationCidrBlock"] for each in table["Routes"]}

    assert destinations() == {"10.7.0.0/16", "0.0.0.0/0"}
    made.change(routes=[{"cidrBlock": "192.168.0.0/16", "gatewayId": gateway.id}])
    assert destinations() == {"10.7.0.0/16", "192.168.0.0/16"}
    made.change(routes=[])
    made.gone()
    gateway.gone()


def test_another_main_route_table_takes_the_place_and_gives_it_back(world, vpc, boto):
    table = world.make("aws:ec2/routeTable:RouteTable", {"vpcId": vpc.id}, "main")

    def main() -> str:
        filters = [{"Name": "vpc-id", "Values": [vpc.id]}, {"Name": "association.main", "Values": ["true"]}]
        [found] = boto("ec2").describe_route_tables(Filters=filters)["RouteTables"]
        return found["RouteTableId"]

    first = main()
    token = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
    made = world.make(token, {"vpcId": vpc.id, "routeTableId": table.id})
    assert (main(), made.outputs["originalRouteTableId"]) == (table.id, first)
    made.gone()
    assert main() == first
    table.gone()


def test_an_instance_runs_with_its_key_groups_and_disks(world, vpc, boto):
    subnet = world.make("aws:ec2/subnet:Subnet", {"vpcId": vpc.id, "cidrBlock": "10.7.1.0/24"})
    group = world.make("aws:ec2/securityGroup:SecurityGroup", {"vpcId": vpc.id}, "of-instance")
    key = world.make("aws:ec2/keyPair:KeyPair", {"publicKey": KEY, "keyName": "k"})
    made = world.make(
        "aws:ec2/instance:Instance",
        {
            "ami": boto("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"],
            "instanceType": "t3.micro",
            "keyName": key.id,
            "subnetId": subnet.id,
            "vpcSecurityGroupIds": [group.id],
            "rootBlockDevice": {"volumeSize": 20, "volumeType": "gp3"},
            "userData": "echo hello",
            "creditSpecification": {"cpuCredits": "standard"},
            "tags": {"a": "b"},
        },
    )
    [found] = boto("ec2").describe_instances(InstanceIds=[made.id])["Reservations"][0]["Instances"]
    assert (found["KeyName"], found["SubnetId"], found["Tags"]) == (
        "k",
        subnet.id,
        [{"Key": "a", "Value": "b"}],
    )
    assert made.outputs["privateIp"].startswith("10.7.1.")
    assert made.outputs["vpcSecurityGroupIds"] == [group.id]
    assert made.outputs["arn"].endswith(f":instance/{made.id}")
    assert made.replaced_by(userData="echo bye") == ["userData"]
    other = world.make("aws:ec2/securityGroup:SecurityGroup", {"vpcId": vpc.id}, "other")
    made.change(vpcSecurityGroupIds=[other.id])
    [found] = boto("ec2").describe_instances(InstanceIds=[made.id])["Reservations"][0]["Instances"]
    assert [each["GroupId"] for each in found["SecurityGroups"]] == [other.id]
    made.gone()
    key.gone()


def test_a_function_has_the_code_of_its_archive(world, role, boto):
    def archive(text: str) -> pulumi.AssetArchive:
        return pulumi.AssetArchive({"index.py": pulumi.StringAsset(text)})

    made = world.make(
        "aws:lambda/function:Function",
        {"role": role.outputs["arn"], "runtime": "python3.13", "handler": "index.f", "code": archive("a = 1"), "environment": {"variables": {"A": "b"}}},
        "fun",
    )  # fmt: skip
    found = boto("lambda").get_function(FunctionName=made.id)["Configuration"]
    assert (found["Handler"], found["Environment"]["Variables"]) == ("index.f", {"A": "b"})
    assert made.outputs["invokeArn"].endswith(f":function:{made.id}/invocations")
    before = found["CodeSha256"]
    made.change(code=archive("a = 2"), timeout=9)
    found = boto("lambda").get_function(FunctionName=made.id)["Configuration"]
    assert found["Timeout"] == 9
    assert found["CodeSha256"] != before
    permission = world.make(
        "aws:lambda/permission:Permission",
        {"function": made.id, "action": "lambda:InvokeFunction", "principal": "events.amazonaws.com"},
    )
    assert permission.id in boto("lambda").get_policy(FunctionName=made.id)["Policy"]
    alias = world.make(
        "aws:lambda/alias:Alias", {"functionName": made.id, "functionVersion": "$LATEST", "name": "live"}
    )
    alias.change(description="d")
    assert boto("lambda").get_alias(FunctionName=made.id, Name="live")["Description"] == "d"
    for each in (alias, permission, made):
        each.gone()


def test_an_archive_of_a_folder_is_a_zip_and_a_missing_file_is_named(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("x")
    from sandbox.provider import assets

    zipped = assets.content(pulumi.FileArchive(str(tmp_path / "app")), "code")
    assert zipfile.ZipFile(io.BytesIO(zipped)).namelist() == ["main.py"]
    assert zipped == assets.content({"path": str(tmp_path / "app")}, "code"), (
        "the same folder is the same archive"
    )
    with pytest.raises(ProviderError, match=r"code: can't read none\.zip: No such file"):
        assets.content(pulumi.FileArchive("./none.zip"), "code")


def test_an_object_takes_its_key_from_the_resource_s_name_and_its_body_from_a_file(world, boto, tmp_path):
    bucket = world.make("aws:s3/bucket:Bucket", {}, "Site")
    assert bucket.id == bucket.id.lower()
    (tmp_path / "index.html").write_text("<h1>")
    asset = pulumi.FileAsset(str(tmp_path / "index.html"))
    made = world.make(
        "aws:s3/bucketObject:BucketObject", {"bucket": bucket.id, "source": asset}, "index.html"
    )
    assert boto("s3").get_object(Bucket=bucket.id, Key="index.html")["Body"].read() == b"<h1>"
    website = world.make("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", {"bucket": bucket.id, "indexDocument": {"suffix": "index.html"}})  # fmt: skip
    assert website.outputs["websiteEndpoint"] == f"{bucket.id}.s3-website-us-east-1.amazonaws.com"
    website.change(indexDocument={"suffix": "home.html"})
    assert boto("s3").get_bucket_website(Bucket=bucket.id)["IndexDocument"] == {"Suffix": "home.html"}
    acl = world.make("aws:s3/bucketAclV2:BucketAclV2", {"bucket": bucket.id, "acl": "public-read"})
    grants = boto("s3").get_bucket_acl(Bucket=bucket.id)["Grants"]
    assert "READ" in [each["Permission"] for each in grants]
    assert acl.token.endswith("V2"), "a type's other name is the same type"
    for each in (website, made, bucket):
        each.gone()


def test_a_table_has_keys_indexes_recovery_and_expiry(world, boto):
    inputs = {
        "attributes": [{"name": n, "type": "S"} for n in ("id", "at", "owner")],
        "hashKey": "id",
        "rangeKey": "at",
        "billingMode": "PAY_PER_REQUEST",
        "globalSecondaryIndexes": [{"name": "by-owner", "hashKey": "owner", "projectionType": "ALL"}],
        "streamEnabled": True,
        "streamViewType": "NEW_IMAGE",
        "pointInTimeRecovery": {"enabled": True},
        "ttl": {"attributeName": "until", "enabled": True},
        "deletionProtectionEnabled": True,
    }
    made = world.make("aws:dynamodb/table:Table", inputs, "orders")
    found = boto("dynamodb").describe_table(TableName=made.id)["Table"]
    assert [each["AttributeName"] for each in found["KeySchema"]] == ["id", "at"]
    assert found["GlobalSecondaryIndexes"][0]["IndexName"] == "by-owner"
    assert made.outputs["streamArn"] == found["LatestStreamArn"]
    backups = boto("dynamodb").describe_continuous_backups(TableName=made.id)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    expiry = boto("dynamodb").describe_time_to_live(TableName=made.id)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}
    assert made.replaced_by(rangeKey="owner") == ["rangeKey"]
    with pytest.raises(ProviderError, match="DeletionProtectionEnabled"):
        made.gone()
    made.change(deletionProtectionEnabled=False).gone()


def test_a_queue_is_its_attributes(world, boto):
    made = world.make("aws:sqs/queue:Queue", {"fifoQueue": True, "visibilityTimeoutSeconds": 45}, "jobs")
    assert made.outputs["name"].endswith(".fifo")
    found = boto("sqs").get_queue_attributes(QueueUrl=made.id, AttributeNames=["All"])["Attributes"]
    assert (found["VisibilityTimeout"], found["FifoQueue"], made.outputs["arn"]) == (
        "45",
        "true",
        found["QueueArn"],
    )
    made.change(visibilityTimeoutSeconds=60, delaySeconds=5)
    found = boto("sqs").get_queue_attributes(QueueUrl=made.id, AttributeNames=["All"])["Attributes"]
    assert (found["VisibilityTimeout"], found["DelaySeconds"]) == ("60", "5")
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sqs:SendMessage",
        "Resource": made.outputs["arn"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = world.make("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": made.id, "policy": document})
    assert (
        boto("sqs").get_queue_attributes(QueueUrl=made.id, AttributeNames=["Policy"])["Attributes"]["Policy"]
        == document
    )
    policy.provider.delete(policy.token, policy.id, policy.inputs, policy.outputs)
    made.gone()


def test_a_rest_api_with_resource_method_integration_and_stage(world, boto):
    api = world.make("aws:apigateway/restApi:RestApi", {"description": "d"}, "rest")
    assert api.outputs["executionArn"] == f"arn:aws:execute-api:us-east-1:123456789012:{api.id}"
    path = world.make("aws:apigateway/resource:Resource", {"restApi": api.id, "parentId": api.outputs["rootResourceId"], "pathPart": "a"})  # fmt: skip
    where = {"restApi": api.id, "resourceId": path.id, "httpMethod": "GET"}
    method = world.make("aws:apigateway/method:Method", {**where, "authorization": "NONE"})
    assert method.id == f"agm-{api.id}-{path.id}-GET"
    world.make("aws:apigateway/integration:Integration", {**where, "type": "MOCK"})
    deployment = world.make("aws:apigateway/deployment:Deployment", {"restApi": api.id})
    stage = world.make(
        "aws:apigateway/stage:Stage", {"restApi": api.id, "deployment": deployment.id, "stageName": "live"}
    )
    assert stage.outputs["invokeUrl"] == f"https://{api.id}.execute-api.us-east-1.amazonaws.com/live"
    assert boto("apigateway").get_stage(restApiId=api.id, stageName="live")["deploymentId"] == deployment.id
    api.gone()


def test_a_rest_api_may_come_from_a_swagger_document(world, boto):
    document = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/hello": {"get": {"responses": {}}}},
    }
    api = world.make("aws:apigateway/restApi:RestApi", {"body": json.dumps(document)}, "swagger")
    assert "/hello" in [each["path"] for each in boto("apigateway").get_resources(restApiId=api.id)["items"]]
    api.gone()


def test_an_http_api_with_integration_route_and_stage(world, boto):
    api = world.make("aws:apigatewayv2/api:Api", {"protocolType": "HTTP"}, "http")
    assert api.outputs["apiEndpoint"] == f"https://{api.id}.execute-api.us-east-1.amazonaws.com"
    integration = world.make(
        "aws:apigatewayv2/integration:Integration",
        {
            "apiId": api.id,
            "integrationType": "HTTP_PROXY",
            "integrationUri": "https://example.com",
            "integrationMethod": "GET",
        },
    )
    route = world.make(
        "aws:apigatewayv2/route:Route",
        {"apiId": api.id, "routeKey": "GET /a", "target": f"integrations/{integration.id}"},
    )
    route.change(routeKey="GET /b")
    assert boto("apigatewayv2").get_route(ApiId=api.id, RouteId=route.id)["RouteKey"] == "GET /b"
    stage = world.make(
        "aws:apigatewayv2/stage:Stage", {"apiId": api.id, "name": "$default", "autoDeploy": True}
    )
    assert stage.outputs["executionArn"] == f"arn:aws:execute-api:us-east-1:123456789012:{api.id}/$default"
    for each in (stage, route, integration, api):
        each.gone()


def test_a_cluster_and_its_nodes(world, role, vpc, boto):
    subnets = [
        world.make("aws:ec2/subnet:Subnet", {"vpcId": vpc.id, "cidrBlock": f"10.7.{n}.0/24"}, f"s{n}").id
        for n in (20, 21)
    ]
    made = world.make(
        "aws:eks/cluster:Cluster",
        {"roleArn": role.outputs["arn"], "vpcConfig": {"subnetIds": subnets}},
        "eks",
    )
    assert made.outputs["certificateAuthority"]["data"]
    assert made.outputs["endpoint"].startswith("https://")
    nodes = world.make(
        "aws:eks/nodeGroup:NodeGroup",
        {"clusterName": made.id, "nodeRoleArn": role.outputs["arn"], "subnetIds": subnets, "scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 1}},
        "nodes",
    )  # fmt: skip
    assert nodes.id == f"{made.id}:{nodes.inputs['nodeGroupName']}"
    nodes.gone()
    made.gone()


def test_what_a_row_keeps_is_judged_all_the_same(world):
    wanted = {
        "role": "arn:aws:iam::123456789012:role/r",
        "codeSigningConfigArn": "mine",
        "s3Bucket": "b",
        "s3Key": "k",
    }
    [(path, reason)] = world.refused("aws:lambda/function:Function", wanted)
    assert path == "codeSigningConfigArn"
    assert "does not have the form that AWS asks for" in reason


def test_a_bus_takes_rules_and_a_stream_is_one_that_aws_knows(world, boto):
    bus = world.make("aws:cloudwatch/eventBus:EventBus", {}, "bus")
    pattern = json.dumps({"source": ["mine"]})
    rule_ = world.make(
        "aws:cloudwatch/eventRule:EventRule", {"eventBusName": bus.id, "eventPattern": pattern}, "rule"
    )
    assert boto("events").describe_event_bus(Name=bus.id)["Arn"] == bus.outputs["arn"]
    rule_.gone()
    bus.gone()
    stream = world.make("aws:kinesis/stream:Stream", {"shardCount": 2}, "stream")
    found = boto("kinesis").describe_stream_summary(StreamName=stream.outputs["name"])[
        "StreamDescriptionSummary"
    ]
    assert (found["OpenShardCount"], found["StreamARN"]) == (2, stream.id)
    stream.gone()


def test_a_graphql_api_tells_its_endpoints(world):
    inputs = {"name": "api", "authenticationType": "API_KEY", "schema": "type Query { a: String }"}
    made = world.make("aws:appsync/graphQLApi:GraphQLApi", inputs, "api")
    assert made.outputs["uris"]["GRAPHQL"] == f"https://{made.id}.appsync-api.us-east-1.amazonaws.com/graphql"
    made.change(name="other", schema="type Query { b: String }")
    made.gone()
