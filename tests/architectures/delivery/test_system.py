"""What a system of delivery registers: who may do what, how a version takes over, and what the other region has of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from architectures.strategies import Strategy
from policies.recovery import check, facts
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.delivery.conftest import REGIONS, actions, configured, pair, statements
from tests.architectures.delivery.test_settings import PROVIDER, beside_containers
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

FUNCTION, ALIAS = "aws:lambda/function:Function", "aws:lambda/alias:Alias"
GROUP, PIPELINE = "aws:codedeploy/deploymentGroup:DeploymentGroup", "aws:codepipeline/pipeline:Pipeline"
LONG = "Linear1PercentEvery14Minutes"
ISSUER = "token.actions.githubusercontent.com"


OTHERWISE = {"existingProvider": PROVIDER, "approval": False, "approvers": None}


def prod(function: dict[str, Any] | None = None, **changes: Any) -> Deployment:
    return deployed("prod", configured("prod", function, **changes), {})


def trust(stack: Deployment, role: str) -> dict[str, Any]:
    (found,) = statements(stack, role, "aws:iam/role:Role", "assumeRolePolicy")
    return dict(found)


def test_the_account_has_github_once(example: dict[str, Deployment]) -> None:
    made = example["prod"].one("OpenIdConnectProvider")
    assert (made.inputs["url"], made.inputs["clientIdLists"]) == (f"https://{ISSUER}", ["sts.amazonaws.com"])
    assert "thumbprintLists" not in made.inputs
    assert not example["dr"].all("OpenIdConnectProvider")
    found = prod(**OTHERWISE)
    assert not found.all("OpenIdConnectProvider")
    assert trust(found, "release-build-role")["Principal"] == {"Federated": PROVIDER}


def test_each_role_is_for_the_tokens_of_one_subject(example: dict[str, Deployment]) -> None:
    provider = outputs(example["prod"])["systems"]["release"]["provider"]
    for name, stack in example.items():
        for role, subject in (("build", "ref:refs/heads/main"), ("deploy", f"environment:{name}")):
            found = trust(stack, f"release-{role}-role")
            assert found["Principal"] == {"Federated": provider}
            assert found["Action"] == "sts:AssumeRoleWithWebIdentity"
            assert found["Condition"] == {
                "StringEquals": {
                    f"{ISSUER}:aud": "sts.amazonaws.com",
                    f"{ISSUER}:sub": f"repo:holdfast-example/holdfast:{subject}",
                }
            }


def test_who_builds_pushes_and_puts_down_and_no_more(stack: Deployment) -> None:
    found = statements(stack, "release-build-policy")
    assert actions(found) == {
        "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload",
        "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
        "s3:PutObject", "kms:Decrypt", "kms:GenerateDataKey",
    }  # fmt: skip
    wide = [s["Action"] for s in found if s["Resource"] == "*"]
    assert wide == ["ecr:GetAuthorizationToken"]
    (put,) = [s["Resource"] for s in found if s["Action"] == "s3:PutObject"]
    assert put.endswith("/releases/*")


def test_who_deploys_starts_and_takes_back_and_never_past_the_approval(stack: Deployment) -> None:
    found = statements(stack, "release-deploy-policy")
    assert {"codepipeline:StartPipelineExecution", "codedeploy:StopDeployment"} <= actions(found)
    assert not actions(found) & {
        *("codepipeline:PutApprovalResult", "codedeploy:CreateDeployment", "lambda:UpdateAlias"),
        *("codepipeline:UpdatePipeline", "lambda:UpdateFunctionCode", "iam:PassRole", "ecr:PutImage"),
    }
    assert "*" not in [s["Resource"] for s in found]


@pytest.mark.parametrize("role", ["build", "deploy"])
def test_a_role_can_be_given_no_more_than_its_boundary(role: str, example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = example[name]
        boundary = stack.one("aws:iam/policy:Policy", f"release-{role}-boundary")
        made = stack.one("aws:iam/role:Role", f"release-{role}-role")
        assert made.inputs["permissionsBoundary"] == stack.made[boundary.urn]["arn"]
        (within,) = json.loads(boundary.inputs["policy"])["Statement"]
        assert within["Condition"] == {"StringEquals": {"aws:RequestedRegion": region}}
        services = {each.split(":")[0] for each in within["Action"]}
        assert {
            each.split(":")[0] for each in actions(statements(stack, f"release-{role}-policy"))
        } <= services
        assert not services & {"iam", "sts", "organizations"}


def test_a_version_is_published_and_waits_for_its_deployment(stack: Deployment) -> None:
    function, alias = stack.one(FUNCTION), stack.one(ALIAS)
    assert (function.inputs["publish"], function.inputs["packageType"]) == (True, "Image")
    assert "@sha256:" in function.inputs["imageUri"]
    assert alias.inputs["name"] == "live"
    assert alias.ignore_changes == ("functionVersion", "routingConfig")


def test_an_alarm_or_a_failure_takes_a_deployment_back(stack: Deployment) -> None:
    group, alarm = stack.one(GROUP).inputs, stack.one("MetricAlarm", "release-greeting-errors")
    assert group["alarmConfiguration"] == {
        "alarms": [stack.made[alarm.urn]["name"]],
        "enabled": True,
        "ignorePollAlarmFailure": False,
    }
    assert group["autoRollbackConfiguration"] == {
        "enabled": True,
        "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
    }
    assert group["deploymentStyle"] == {
        "deploymentOption": "WITH_TRAFFIC_CONTROL",
        "deploymentType": "BLUE_GREEN",
    }
    assert group["deploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert stack.one("aws:codedeploy/application:Application").inputs["computePlatform"] == "Lambda"
    assert not stack.all("DeploymentConfig")
    queries = {each["id"]: each for each in alarm.inputs["metricQueries"]}
    assert queries["result"]["expression"] == "100 * errors / invocations"
    name = stack.made[stack.one(FUNCTION).urn]["name"]
    for each in ("errors", "invocations"):
        dimensions = queries[each]["metric"]["dimensions"]
        assert dimensions == {"FunctionName": name, "Resource": f"{name}:live"}
    assert (alarm.inputs["threshold"], alarm.inputs["treatMissingData"]) == (1, "notBreaching")


def test_a_shift_that_aws_has_no_name_for_is_a_configuration_of_its_own() -> None:
    for shift, routing in (
        (
            "Canary5Percent7Minutes",
            {"type": "TimeBasedCanary", "timeBasedCanary": {"interval": 7, "percentage": 5}},
        ),
        (
            LONG,
            {"type": "TimeBasedLinear", "timeBasedLinear": {"interval": 14, "percentage": 1}},
        ),
    ):
        found = prod({"shift": shift, "errorPercent": 0.5})
        made = found.one("DeploymentConfig").inputs
        assert made["trafficRoutingConfig"] == routing
        assert made["deploymentConfigName"] == f"example-production-release-greeting-{shift}"
        assert found.one(GROUP).inputs["deploymentConfigName"] == made["deploymentConfigName"]


def stages(stack: Deployment) -> dict[str, Any]:
    return {each["name"]: each for each in stack.one(PIPELINE).inputs["stages"]}


def test_a_pipeline_looks_asks_and_deploys(stack: Deployment) -> None:
    found, made = stages(stack), stack.one(PIPELINE).inputs
    assert list(found) == ["Source", "Build", "Approve", "Deploy"]
    assert (made["pipelineType"], made["executionMode"]) == ("V2", "QUEUED")
    (store,) = made["artifactStores"]
    assert store["encryptionKey"]["type"] == "KMS"
    source = found["Source"]["actions"][0]["configuration"]
    assert source["PollForSourceChanges"] == "false"
    assert source["S3Bucket"] == store["location"]
    assert source["S3ObjectKey"] == "releases/greeting.zip"
    asked = found["Approve"]["actions"][0]
    assert (asked["category"], asked["provider"]) == ("Approval", "Manual")
    topic = stack.one("aws:sns/topic:Topic", "release-approvals-topic")
    assert asked["configuration"]["NotificationArn"] == stack.made[topic.urn]["arn"]
    mails = [s.inputs["endpoint"] for s in stack.all("TopicSubscription")]
    assert mails == ["releases@holdfast.example"]
    assert found["Deploy"]["onFailure"] == {"result": "ROLLBACK"}
    assert found["Build"]["actions"][0]["namespace"] == "Verify"


def test_without_an_approval_nobody_is_asked() -> None:
    found = prod(**OTHERWISE)
    assert list(stages(found)) == ["Source", "Build", "Deploy"]
    assert not found.all("TopicSubscription")
    assert "sns:Publish" not in actions(statements(found, "release-greeting-release-policy"))


def test_each_step_of_a_pipeline_can_do_its_part_alone(stack: Deployment) -> None:
    told = {
        each: actions(statements(stack, f"release-greeting-release-{each}policy"))
        for each in ("", "verify-", "shift-")
    }
    assert not told["verify-"] & {"codedeploy:CreateDeployment", "lambda:UpdateAlias"}
    assert "codedeploy:CreateDeployment" in told["shift-"]
    assert "lambda:UpdateAlias" not in told["shift-"]
    assert {"codebuild:StartBuild", "sns:Publish"} <= told[""]
    mover = actions(statements(stack, "release-greeting-deploy-policy"))
    assert "lambda:UpdateAlias" in mover
    for role in ("greeting-release", "greeting-release-verify", "greeting-release-shift"):
        assert "aws:SourceAccount" in json.dumps(trust(stack, f"release-{role}-role"))
    for spec in stack.all("aws:codebuild/project:Project"):
        said = yaml.safe_load(spec.inputs["source"]["buildspec"])
        assert (said["version"], list(said["phases"])) == (0.2, ["build"])
        variables = {each["name"] for each in spec.inputs["environment"]["environmentVariables"]}
        assert all(
            f"${name}" in said["phases"]["build"]["commands"][0]
            or name in said["phases"]["build"]["commands"][0]
            for name in variables
        )


def test_a_longer_shift_is_waited_for() -> None:
    found = prod({"shift": LONG, "errorPercent": 0.5})
    shift = found.one("aws:codebuild/project:Project", "release-greeting-release-shift-project")
    assert shift.inputs["buildTimeout"] == 99 * 14 + 30


def test_lambda_fetches_images_for_the_accounts_functions(example: dict[str, Deployment]) -> None:
    for name, region in (("images", "us-east-1"), ("images-copy", "us-west-2")):
        (said,) = statements(example["prod"], f"release-greeting-{name}-functions", "RepositoryPolicy")
        assert said["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert f":lambda:{region}:" in said["Condition"]["StringLike"]["aws:SourceArn"]


def test_a_function_without_an_image_is_a_repository_that_waits() -> None:
    found = prod({"image": None})
    assert found.one("aws:ecr/repository:Repository", "release-greeting-images")
    assert not found.all(FUNCTION)
    assert not found.all(PIPELINE)
    assert found.one("aws:iam/role:Role", "release-build-role")
    assert not [r for r in found.all("aws:iam/role:Role") if r.name == "release-deploy-role"]


def test_what_is_put_into_either_bucket_is_in_both(example: dict[str, Deployment]) -> None:
    founder = example["prod"]
    own, copy = (founder.one("aws:s3/bucket:Bucket", f"release-artifacts{c}-bucket") for c in ("", "-copy"))
    assert (own.protect, copy.protect, copy.inputs["region"]) == (True, True, "us-west-2")
    assert len([r for r in founder.all("BucketReplicationConfig") if "artifacts" in r.name]) == 2
    assert not example["dr"].all("aws:s3/bucket:Bucket")


def test_services_blue_green_are_watched_and_taken_back() -> None:
    found = deployed("prod", beside_containers(shop=["web"]), {})
    service = found.made[found.one("aws:ecs/service:Service", "shop-web-service").urn]["arn"]
    said = {s["Action"][0]: s["Resource"] for s in statements(found, "release-deploy-policy")}
    assert said["ecs:DescribeServices"] == [service]
    assert said["ecs:DescribeServiceDeployments"] == [
        service.replace(":service/", ":service-deployment/") + "/*"
    ]
    pushed = [
        s["Resource"] for s in statements(found, "release-build-policy") if "ecr:PutImage" in s["Action"]
    ]
    names = {
        name: found.made[found.one("aws:ecr/repository:Repository", name).urn]["arn"]
        for name in ("release-greeting-images", "shop-web-images")
    }
    assert pushed == [list(names.values())]


STANDS = {each: each is not Strategy.BACKUP_AND_RESTORE for each in Strategy}


@pytest.mark.parametrize("strategy", list(Strategy), ids=str)
def test_what_stands_by(strategy: Strategy, example: dict[str, Deployment]) -> None:
    found = example if strategy is Strategy.WARM_STANDBY else pair(strategy=str(strategy))
    for name, there in (("prod", True), ("dr", STANDS[strategy])):
        stack = found[name]
        for token in (FUNCTION, ALIAS, GROUP, PIPELINE):
            assert len(stack.all(token)) == there, (name, token)
        roles = {r.name for r in stack.all("aws:iam/role:Role")}
        assert ({"release-build-role", "release-deploy-role"} <= roles) == there
        told = outputs(stack)["recovery"]
        assert check(told) == []
        read = facts(resources(stack, REGIONS[name]), stack=name, region=REGIONS[name])["members"]
        mine = {each["name"]: each for each in told["members"]}
        assert sorted(mine) == sorted(each["name"] for each in read)
        for each in read:
            for key in COMPARED:
                default = {"region": REGIONS[name], "role": "active"}.get(key)
                assert mine[each["name"]].get(key, default) == each.get(key), (each["name"], key)
    told = next(iter(outputs(found["dr"])["systems"]["release"]["runbook"].values()))
    assert told.endswith("us-west-2.md")
    text = found["dr"].one("BucketObjectv2", "release-runbook-us-west-2").inputs["content"]
    assert ("rebuild" in text.splitlines()[0]) == (not STANDS[strategy])


def test_a_lost_regions_delivery_is_built_anew() -> None:
    config = configured("dr", strategy="backup-and-restore", rebuild=True)
    founder = prod(strategy="backup-and-restore")
    found = deployed("dr", config, {PEER: outputs(founder)})
    assert found.one(PIPELINE)
    assert not found.all("OpenIdConnectProvider")
