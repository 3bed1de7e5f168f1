"""Types without a row: how they are found by name, what of their values is refused, and what becomes of them."""

from __future__ import annotations

import re

import pytest
from pulumi.output import UNKNOWN

from sandbox.provider import Provider, ProviderError
from sandbox.provider.derived import createonly, importform, operations, outputs, row
from sandbox.provider.rows import unchecked
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401

BROKERS = {"clientSubnets": ["subnet-1"], "instanceType": "kafka.m5.large", "securityGroups": ["sg-1"]}


def token(short: str) -> str:
    """`msk:Cluster` as the token of pulumi_aws."""
    module, name = short.split(":")
    return f"aws:{module}/{name[:1].lower()}{name[1:]}:{name}"


def checked(provider: Provider, short: str, inputs: dict, name: str = "thing") -> tuple[dict, list]:
    urn = f"urn:pulumi:p::h::{token(short)}::{name}"
    return provider.check(token(short), urn, {}, inputs)


def make(provider: Provider, short: str, inputs: dict, name: str = "thing") -> tuple[str, dict, dict]:
    found, failures = checked(provider, short, inputs, name)
    assert failures == []
    id_, made = provider.create(token(short), found)
    return id_, found, made


@pytest.mark.parametrize(
    ("short", "service", "operation"),
    [
        ("msk:Cluster", "kafka", "CreateCluster"),
        ("msk:ServerlessCluster", "kafka", "CreateClusterV2"),
        ("lambda:FunctionUrl", "lambda", "CreateFunctionUrlConfig"),
        ("cfg:RemediationConfiguration", "config", "PutRemediationConfigurations"),
        ("kinesis:FirehoseDeliveryStream", "firehose", "CreateDeliveryStream"),
        ("cloudwatch:LogMetricFilter", "logs", "PutMetricFilter"),
        ("ec2transitgateway:RouteTablePropagation", "ec2", "EnableTransitGatewayRouteTablePropagation"),
        ("ec2:InternetGatewayAttachment", "ec2", "AttachInternetGateway"),
        ("ec2:VpcPeeringConnectionAccepter", "ec2", "AcceptVpcPeeringConnection"),
        ("elasticache:ReplicationGroup", "elasticache", "CreateReplicationGroup"),
        ("docdb:ClusterParameterGroup", "docdb", "CreateDBClusterParameterGroup"),
        ("cognito:IdentityPoolRoleAttachment", "cognito-identity", "SetIdentityPoolRoles"),
        ("wafv2:WebAclAssociation", "wafv2", "AssociateWebACL"),
        ("route53:ResolverEndpoint", "route53resolver", "CreateResolverEndpoint"),
        ("guardduty:Detector", "guardduty", "CreateDetector"),
        ("ebs:EncryptionByDefault", "ec2", "EnableEbsEncryptionByDefault"),
    ],
)
def test_service_and_operation_are_found_by_name(short, service, operation):
    found = row(token(short))
    assert (found.service, found.create.op, found.kind) == (service, operation, "recorded")


@pytest.mark.parametrize(
    ("short", "inputs", "id_", "computed"),
    [
        (
            "dlm:LifecyclePolicy",
            {"description": "d", "executionRoleArn": "arn:aws:iam::123456789012:role/r", "policyDetails": {}},
            r"policy-[0-9a-f]{17}",
            {"arn": r"arn:aws:dlm:us-east-1:123456789012:[a-z-]+/policy-[0-9a-f]{17}"},
        ),
        (
            "msk:Configuration",
            {"serverProperties": "a = b", "name": "c"},
            r"arn:aws:kafka:us-east-1:123456789012:configuration/c/[0-9a-f-]{36}-\w",
            {"latestRevision": r"1"},
        ),
        ("budgets:Budget", {"name": "b", "budgetType": "COST", "timeUnit": "MONTHLY"}, r"123456789012:b", {}),
        (
            "sqs:RedrivePolicy",
            {"queueUrl": "https://sqs/q", "redrivePolicy": "{}"},
            r"https://sqs/q",
            {},
        ),
        (
            "lambda:ProvisionedConcurrencyConfig",
            {"functionName": "f", "qualifier": "live", "provisionedConcurrentExecutions": 1},
            r"f,live",
            {},
        ),
        (
            "organizations:PolicyAttachment",
            {"policyId": "p-12345678", "targetId": "123456789012"},
            r"123456789012:p-12345678",
            {},
        ),
        ("ec2:SerialConsoleAccess", {"enabled": True}, r".+", {}),
        (
            "cognito:IdentityPool",
            {"identityPoolName": "p"},
            r"us-west-2_[0-9a-f]{9}|us-east-1:[0-9a-f-]{36}|.+",
            {"arn": r"arn:aws:cognito-identity:us-east-1:123456789012:\S+"},
        ),
        (
            "ecs:CapacityProvider",
            {"name": "c"},
            r"arn:aws:ecs:us-east-1:123456789012:capacity-provider/c",
            {},
        ),
        (
            "opensearch:Domain",
            {"domainName": "search"},
            r"arn:aws:es:us-east-1:123456789012:domain/search",
            {"endpoint": r"search\..*us-east-1\.amazonaws\.com"},
        ),
    ],
)
def test_ids_arns_and_computed_outputs_have_the_documented_form(provider, short, inputs, id_, computed):
    found, _, made = make(provider, short, inputs)
    assert re.fullmatch(id_, found), found
    for name, form in computed.items():
        assert re.fullmatch(form, str(made[name])), made[name]


def test_addresses_that_are_of_a_form_of_their_own(provider):
    id_, _, made = make(provider, "appsync:GraphQLApi", {"authenticationType": "API_KEY"})
    assert made["uris"]["GRAPHQL"] == f"https://{id_}.appsync-api.us-east-1.amazonaws.com/graphql"
    id_, _, made = make(provider, "vpclattice:Service", {"name": "orders"})
    assert made["dnsEntries"] == [{"domainName": f"{id_}.7d67968.vpc-lattice-svcs.us-east-1.on.aws"}]


def test_a_state_is_never_made_up(provider):
    inputs = {"clusterName": "c", "podExecutionRoleArn": "arn:aws:iam::123456789012:role/r", "selectors": []}
    _, _, made = make(provider, "eks:FargateProfile", inputs)
    assert "status" not in made
    assert made["arn"].startswith("arn:aws:eks:us-east-1:123456789012:fargate-profile/")


@pytest.mark.parametrize(
    ("short", "inputs", "path", "reason"),
    [
        ("ecr:RegistryScanningConfiguration", {"scanType": "DEEP"}, "scanType", "'DEEP' is not allowed; AWS allows BASIC, ENHANCED"),
        ("keyspaces:Keyspace", {"name": "a b"}, "name", "does not have the form that AWS asks for: [a-zA-Z0-9][a-zA-Z0-9_]{0,47}"),
        ("msk:Cluster", {"kafkaVersion": "3.6.0", "numberOfBrokerNodes": 99, "brokerNodeGroupInfo": BROKERS}, "numberOfBrokerNodes", "99 is out of range; AWS allows 1 to 15"),
        ("msk:Cluster", {"kafkaVersion": "3.6.0", "numberOfBrokerNodes": "many", "brokerNodeGroupInfo": BROKERS}, "numberOfBrokerNodes", "expected a number, got 'many'"),
        ("guardduty:Detector", {"findingPublishingFrequency": "DAILY"}, "findingPublishingFrequency", "'DAILY' is not allowed"),
        ("batch:JobQueue", {"name": "q", "priority": 1.5, "state": "ENABLED"}, "priority", "expected a whole number, got 1.5"),
        ("mwaa:Environment", {"dagS3Path": "dags", "executionRoleArn": "arn:aws:iam::123456789012:role/r", "networkConfiguration": {"securityGroupIds": ["sg-1"], "subnetIds": ["subnet-1"]}, "sourceBucketArn": "arn:aws:s3:::b"}, "networkConfiguration.subnetIds", "1 items; AWS allows 2 to 2"),
        ("fis:ExperimentTemplate", {"description": "d", "roleArn": "arn:aws:iam::123456789012:role/r", "actions": [{"name": "a"}], "stopConditions": [{"source": "none"}]}, "actions.a.actionId", "missing; AWS's CreateExperimentTemplateActionInput requires it"),
        ("budgets:Budget", {"timeUnit": "MONTHLY"}, "budgetType", "missing; CreateBudget requires it"),
    ],
)  # fmt: skip
def test_what_aws_knows_to_be_wrong_is_refused_with_property_and_reason(
    provider, short, inputs, path, reason
):
    _, failures = checked(provider, short, inputs)
    assert [p for p, _ in failures] == [path]
    assert reason in failures[0][1]
    assert failures[0][1].startswith(token(short))


def test_unknown_values_are_not_judged(provider):
    inputs = {
        "kafkaVersion": UNKNOWN,
        "numberOfBrokerNodes": UNKNOWN,
        "brokerNodeGroupInfo": {**BROKERS, "clientSubnets": UNKNOWN},
    }
    found, failures = checked(provider, "msk:Cluster", inputs)
    assert failures == []
    id_, shown = provider.create(token("msk:Cluster"), found, preview=True)
    assert id_ is None
    assert "arn" not in shown
    assert shown["kafkaVersion"] is UNKNOWN


def test_properties_that_no_member_stands_for_are_named():
    found = unchecked(
        token("iot:TopicRule"), {"name": "r", "sql": "SELECT 1", "sqlVersion": "1", "enabled": True, "s3": []}
    )
    assert found == ("enabled", "sqlVersion", "s3")
    nested = {"policyDetails": {"policyType": "EBS_SNAPSHOT_MANAGEMENT", "bogus": 1}}
    assert unchecked(token("dlm:LifecyclePolicy"), nested) == ("policyDetails.bogus",)


def test_create_only_properties_replace_and_others_update(provider):
    old = {
        "clusterName": "c",
        "kafkaVersion": "3.6.0",
        "numberOfBrokerNodes": 3,
        "brokerNodeGroupInfo": BROKERS,
        "tags": {"a": "b"},
    }
    diff = provider.diff(token("msk:Cluster"), old, {**old, "kafkaVersion": "3.7.0", "tags": {}})
    assert (diff.diffs, diff.replaces) == (["kafkaVersion", "tags"], [])
    assert provider.diff(token("msk:Cluster"), old, {**old, "clusterName": "d"}).replaces == ["clusterName"]
    kept = provider.diff(token("msk:Cluster"), old, {**old, "brokerNodeGroupInfo": {"clientSubnets": ["s"]}})
    assert kept.replaces == [], "CloudFormation changes a broker group in place"


def test_without_a_schema_of_cloudformation_the_update_operation_decides(provider):
    assert createonly.properties(token("swf:Domain"), "swf", "RegisterDomain") is None
    old = {"name": "d", "description": "a", "workflowExecutionRetentionPeriodInDays": "30"}
    assert provider.diff(token("swf:Domain"), old, {**old, "description": "b"}).replaces == ["description"]
    assert createonly.properties(token("lex:Intent"), "lex-models", "PutIntent") is None
    old = {"name": "n", "description": "a"}
    assert provider.diff(token("lex:Intent"), old, {**old, "description": "b"}).replaces == []


def test_update_read_replace_and_delete_are_kept(provider):
    short = "guardduty:Detector"
    id_, old, made = make(provider, short, {"enable": True, "tags": {"a": "b"}})
    new, _ = checked(provider, short, {"enable": False})
    after = provider.update(token(short), id_, old, made, new)
    assert (after["enable"], after["arn"], after["tagsAll"]) == (False, made["arn"], {})
    assert provider.read(token(short), id_, new) == after
    provider.delete(token(short), id_, new, after)
    assert provider.read(token(short), id_, new) is None
    provider.delete(token(short), id_, new, after)
    with pytest.raises(ProviderError, match="does not exist"):
        provider.update(token(short), id_, old, made, new)


def test_the_sandbox_keeps_the_request_in_aws_s_names(provider):
    id_, _, _ = make(provider, "guardduty:Detector", {"enable": True, "tags": {"a": "b"}})
    kept = provider.api.record("GET", f"guardduty/us-east-1/Detector/{id_}")
    assert kept is not None
    assert (kept["operation"], kept["request"], kept["tags"]) == (
        "CreateDetector",
        {"Enable": True},
        {"a": "b"},
    )


def test_a_name_that_is_taken_is_refused(provider):
    inputs = {"name": "taken", "budgetType": "COST", "timeUnit": "MONTHLY"}
    make(provider, "budgets:Budget", inputs)
    with pytest.raises(
        ProviderError, match="CreateBudget: ResourceAlreadyExists: 123456789012:taken already exists"
    ):
        make(provider, "budgets:Budget", inputs, "other")


def test_a_replacement_with_the_same_id_goes_after_what_it_replaces(provider):
    old = {
        "functionName": "f",
        "qualifier": "live",
        "provisionedConcurrentExecutions": 1,
        "region": "us-east-1",
    }
    short = token("lambda:ProvisionedConcurrencyConfig")
    moved = provider.diff(short, old, {**old, "region": "us-west-2"})
    assert not moved.delete_before_replace or moved.replaces
    same = row(short)
    contexts = [
        provider._context(same, dict(each)) for each in (old, {**old, "provisionedConcurrentExecutions": 2})
    ]
    assert same.collides(*contexts)
    contexts[1].inputs["qualifier"] = "next"
    assert not same.collides(*contexts)


@pytest.mark.parametrize(
    ("short", "inputs", "name", "form"),
    [
        ("glue:CatalogDatabase", {}, "name", r"thing_[g-v]{8}"),
        ("iot:TopicRule", {"enabled": True, "sql": "s", "sqlVersion": "v"}, "name", r"thing_[0-9a-f]{7}"),
        ("elasticache:ReplicationGroup", {"description": "d"}, "replicationGroupId", r"thing-[0-9a-f]{7}"),
        (
            "msk:ServerlessCluster",
            {"vpcConfigs": [], "clientAuthentication": {}},
            "clusterName",
            r"thing-[0-9a-f]{7}",
        ),
        ("batch:JobQueue", {"priority": 1, "state": "ENABLED"}, "name", r"thing-[0-9a-f]{7}"),
    ],
)
def test_automatic_names_are_pulumi_s(provider, short, inputs, name, form):
    found, _ = checked(provider, short, inputs)
    assert re.fullmatch(form, found[name])


def test_a_prefix_makes_the_name(provider):
    _, failures = checked(provider, "batch:JobQueue", {"priority": 1, "state": "ENABLED", "namePrefix": "q-"})
    assert [p for p, _ in failures] == ["namePrefix"], "a job queue has no prefix"
    named = outputs.names_of_prefixes(token("iam:ServerCertificate"), {"namePrefix": "cert-"})
    assert re.fullmatch(r"cert-\d{18}[0-9a-f]{8}", named["name"])
    assert (
        outputs.names_of_prefixes(token("iam:ServerCertificate"), {"namePrefix": "cert-", "name": "x"}) == {}
    )


def test_defaults_that_the_documentation_states_are_outputs(provider):
    _, _, made = make(provider, "neptune:Cluster", {})
    assert (made["port"], made["engine"], made["skipFinalSnapshot"]) == (8182, "neptune", False)


def test_pulumi_s_own_defaults_are_inputs(provider):
    found, _ = checked(provider, "docdb:SubnetGroup", {"subnetIds": ["subnet-1"]})
    assert found["description"] == "Managed by Pulumi"


def test_ended_services_and_unknown_types_say_why():
    with pytest.raises(ProviderError, match="AWS has ended QLDB"):
        row(token("qldb:Ledger"))
    with pytest.raises(ProviderError, match="aws:braket/job:Job is no resource type"):
        row("aws:braket/job:Job")


def test_words_of_a_sentence_name_the_parts_of_an_id():
    assert importform.form(token("route53:VpcAssociationAuthorization")).parts == ("zoneId", "vpcId")
    assert importform.form(token("emr:InstanceGroup")) == importform.Form(
        ("clusterId", "own"), "/", "ig-15EK4O09RZLNR"
    )
    assert operations.verb("CreateDBCluster") == ("Create", "DBCluster")
