"""The AWS process: start, health, errors one can read, recorded resources, stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import server
from sandbox.aws.client import client, environment, forget
from sandbox.aws.request import parse


def _http(method, url, document=None):
    data = None if document is None else json.dumps(document).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data, method=method)) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_process_lives_on_its_own_and_stops_cleanly(tmp_path):
    assert server.running(tmp_path) is None
    started = server.start(tmp_path)
    try:
        assert (tmp_path / "endpoint").read_text().strip() == started.endpoint
        assert int((tmp_path / "pid").read_text()) == started.pid != os.getpid()
        assert os.getsid(started.pid) == started.pid, "in the caller's session it would die with its terminal"
        assert server.start(tmp_path) == started, "a second start finds the first"
        assert started.call("GET", "/sandbox/health")["status"] == "ok"
        sqs = client(started.endpoint, "sqs", "us-west-2")
        sqs.create_queue(QueueName="kept")
        seen = subprocess.run(
            [sys.executable, "-c", "import boto3; print(boto3.client('sqs').list_queues()['QueueUrls'])"],
            env={**os.environ, **environment(started.endpoint, "us-west-2")},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "kept" in seen.stdout, "another process sees the same AWS"
        started.reset()
        assert "QueueUrls" not in sqs.list_queues()
    finally:
        assert server.stop(tmp_path)
    assert server.running(tmp_path) is None
    assert not (tmp_path / "endpoint").exists()
    assert server.stop(tmp_path) is False
    assert client(started.endpoint, "sqs", "us-west-2") is not sqs, "its client is forgotten with it"


def test_there_is_one_client_until_its_aws_is_forgotten(aws_endpoint):
    made = client(aws_endpoint, "sqs", "us-east-1")
    assert client(aws_endpoint, "sqs", "us-east-1") is made
    others = [("sqs", "us-west-2"), ("sns", "us-east-1"), ("sqs", "us-east-1", "somebody")]
    assert not [each for each in others if client(aws_endpoint, *each) is made]
    made.list_queues()
    connections = made._endpoint.http_session._manager.pools
    assert len(connections) == 1
    forget(aws_endpoint)
    assert len(connections) == 0
    assert client(aws_endpoint, "sqs", "us-east-1") is not made


def test_a_stale_pid_file_is_never_signalled(tmp_path):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (tmp_path / "pid").write_text(str(bystander.pid))
        (tmp_path / "endpoint").write_text("http://127.0.0.1:9")
        assert server.running(tmp_path) is None
        assert server.stop(tmp_path) is False
        assert bystander.poll() is None
    finally:
        bystander.terminate()
        bystander.wait()


def test_a_pid_file_of_another_process_beside_a_live_endpoint_is_not_ours(tmp_path, aws_endpoint):
    (tmp_path / "endpoint").write_text(aws_endpoint)
    (tmp_path / "pid").write_text("1")
    assert server.running(tmp_path) is None


def test_a_server_that_cannot_start_says_why(tmp_path, aws_server):
    with pytest.raises(server.ServerError, match="did not start") as refused:
        server.start(tmp_path, port=aws_server.port)
    assert "in use" in str(refused.value)


@pytest.mark.parametrize(
    ("service", "call", "arguments", "named"),
    [
        ("ec2", "get_ebs_default_kms_key_id", {}, "ec2:GetEbsDefaultKmsKeyId"),
        ("elasticache", "describe_reserved_cache_nodes", {}, "elasticache:DescribeReservedCacheNodes"),
        ("dynamodb", "list_imports", {}, "dynamodb:ListImports"),
        ("route53", "list_traffic_policies", {}, "route53:ListTrafficPolicies"),
        ("fis", "list_actions", {}, "fis:ListActions"),
        ("globalaccelerator", "list_accelerators", {}, "globalaccelerator:ListAccelerators"),
    ],
    ids=["ec2", "query", "json", "rest-xml", "rest-json", "no backend"],
)
def test_what_moto_lacks_is_an_aws_error_naming_service_and_action(boto, service, call, arguments, named):
    with pytest.raises(ClientError) as refused:
        getattr(boto(service), call)(**arguments)
    assert refused.value.response["Error"]["Code"] == "NotImplemented"
    assert named in refused.value.response["Error"]["Message"]


def test_a_real_aws_error_passes_unchanged(boto):
    with pytest.raises(ClientError) as refused:
        boto("route53").get_hosted_zone(Id="ZNONE")
    assert refused.value.response["Error"]["Code"] == "NoSuchHostedZone"
    with pytest.raises(ClientError) as refused:
        boto("backup").describe_backup_vault(BackupVaultName="none")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_aws_managed_policies_exist(boto):
    arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    assert boto("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn


def test_recorded_resources_are_kept_listed_and_reset(aws_server, aws_endpoint):
    of_type = f"{aws_endpoint}/sandbox/recorded/globalaccelerator/us-west-2/Accelerator"
    arn = "arn:aws:globalaccelerator::123456789012:accelerator/1"
    assert _http("GET", f"{of_type}/{arn}")[0] == 404
    assert _http("PUT", f"{of_type}/{arn}", {"Name": "a"})[0] == 200
    assert _http("GET", f"{of_type}/{arn}") == (200, {"Name": "a"})
    assert _http("GET", of_type) == (200, {arn: {"Name": "a"}})
    assert _http("PUT", of_type, {})[0] == 405
    everything = _http("GET", f"{aws_endpoint}/sandbox/recorded")[1]
    assert everything == {"globalaccelerator/us-west-2/Accelerator": {arn: {"Name": "a"}}}
    assert _http("DELETE", f"{of_type}/{arn}")[0] == 200
    assert _http("DELETE", f"{of_type}/{arn}")[0] == 404
    _http("PUT", f"{of_type}/{arn}", {})
    aws_server.app.reset()
    assert _http("GET", of_type) == (200, {})
    assert _http("GET", f"{aws_endpoint}/sandbox/recorded/only")[0] == 404
    assert _http("GET", f"{aws_endpoint}/sandbox/nothing")[0] == 404


@pytest.mark.parametrize(
    ("service", "method", "path", "query", "action"),
    [
        ("s3", "PUT", "/b", "versioning", "PutBucketVersioning"),
        ("s3", "GET", "/b/k/a", "", "GetObject"),
        ("s3", "PUT", "/b", "", "CreateBucket"),
        ("route53", "POST", "/2013-04-01/hostedzone/Z/rrset/", "", "ChangeResourceRecordSets"),
        ("backup", "PUT", "/backup/plans/", "", "CreateBackupPlan"),
        ("lambda", "POST", "/2015-03-31/functions", "", "CreateFunction"),
        ("elasticfilesystem", "POST", "/2015-02-01/file-systems", "", "CreateFileSystem"),
    ],
)
def test_rest_actions_are_told_from_method_and_path(service, method, path, query, action):
    scope = f"AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=h, Signature=s"
    environ = {
        "HTTP_AUTHORIZATION": scope,
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
    }
    call = parse(environ)
    assert (call.service, call.region, call.action) == (service, "eu-west-1", action)


def test_an_unsigned_request_is_no_aws_call():
    assert parse({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}) is None


def test_faults_are_set_over_http_and_decided_by_the_signatures_scope(boto, aws_server, aws_endpoint):
    change = {
        "regions": {"us-east-1": [503, "ServiceUnavailable"]},
        "actions": {"sqs:CreateQueue": [400, "ThrottlingException"]},
    }
    status, table = _http("POST", f"{aws_endpoint}/sandbox/faults", change)
    assert status == 200
    assert table["regions"] == {"us-east-1": [503, "ServiceUnavailable"]}
    assert _http("GET", f"{aws_endpoint}/sandbox/faults")[1] == table
    for service, call in (
        ("ec2", "describe_vpcs"),
        ("s3", "list_buckets"),
        ("dynamodb", "list_tables"),
        ("backup", "list_backup_vaults"),
    ):
        with pytest.raises(ClientError) as refused:
            getattr(boto(service), call)()
        assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert boto("ec2", "us-west-2").describe_vpcs()["Vpcs"], "the other region lives"
    assert boto("route53").list_hosted_zones()["HostedZones"] == [], "global services outlive a region"
    with pytest.raises(ClientError) as refused:
        boto("sqs", "us-west-2").create_queue(QueueName="q")
    assert refused.value.response["Error"]["Code"] == "ThrottlingException"
    assert "sqs:CreateQueue in us-west-2" in refused.value.response["Error"]["Message"]
    assert (
        _http("POST", f"{aws_endpoint}/sandbox/faults", {"regions": {"us-east-1": None}})[1]["regions"] == {}
    )
    assert boto("ec2").describe_vpcs()["Vpcs"]
    aws_server.app.reset()
    boto("sqs").create_queue(QueueName="q")


def test_a_wrong_fault_is_refused_with_its_reason(aws_endpoint):
    status, answer = _http("POST", f"{aws_endpoint}/sandbox/faults", {"weather": {}})
    assert status == 400
    assert "unknown fault 'weather'" in answer["error"]
