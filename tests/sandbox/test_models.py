"""botocore's models are read once, whoever asks."""

from __future__ import annotations

import threading

import boto3
import botocore.loaders
import pytest
from botocore.session import Session

from sandbox.aws.client import client
from sandbox.provider import models
from sandbox.provider.api import Api


@pytest.fixture
def read(monkeypatch):
    """The files that botocore reads."""
    found = []
    load = botocore.loaders.JSONFileLoader._load_file

    def noted(self, path, *more):
        content = load(self, path, *more)
        if content is not None:
            found.append(path)
        return content

    monkeypatch.setattr(botocore.loaders.JSONFileLoader, "_load_file", noted)
    return found


def test_clients_share_what_checks_have_read(read):
    models.request("mq", "CreateBroker")
    read.clear()
    client = Api("http://127.0.0.1:1").client("mq", "us-east-1")
    assert client.meta.service_model.operation_model("CreateBroker").input_shape.members
    assert [path for path in read if "service-2" in path] == []


def test_the_list_of_endpoints_is_read_once(read):
    models.partition_of("us-east-1")
    read.clear()
    assert models.partition_of("cn-north-1")["dnsSuffix"] == "amazonaws.com.cn"
    assert {each["partition"] for each in models.partitions()} >= {"aws", "aws-cn"}
    assert [path for path in read if "endpoints" in path] == []


def test_sessions_of_one_process_share_what_any_of_them_has_read(read):
    """moto makes several while it loads."""
    boto3.Session().get_available_regions("mq")
    read.clear()
    assert "us-east-1" in boto3.Session().get_available_regions("mq")
    assert read == []


def test_moto_answers_with_the_model_that_its_regions_are_told_from(read, aws_endpoint):
    from moto.core import utils
    from moto.core.base_backend import AccountSpecificBackend

    AccountSpecificBackend("mq", "1", object, use_boto3_regions=True, additional_regions=None)
    read.clear()
    assert utils._load_service_model("mq", "service-2")["metadata"]["endpointPrefix"] == "mq"
    utils.service_name_from_moto_package_name.__wrapped__("mq")
    assert read == []


def test_services_and_regions_are_botocore_s(aws_endpoint):
    told, own = boto3.Session(), Session()
    services = Session.get_available_services.__wrapped__(own)
    assert told.get_available_services() == services
    assert len(services) > 300
    for service in ("ec2", "s3", "iam", "dsql", "route53", "elbv2", "arc-region-switch", "none"):
        for more in ({}, {"partition_name": "aws-cn"}, {"allow_non_regional": True}):
            wanted = Session.get_available_regions.__wrapped__(own, service, **more)
            assert told.get_available_regions(service, **more) == wanted
    told.get_available_regions("ec2").clear()
    assert "us-east-1" in told.get_available_regions("ec2")


def test_no_thread_is_given_a_model_that_is_half_made(monkeypatch):
    from moto.core import model, utils

    from sandbox.aws import extensions

    extensions.install_all()
    service = model.ServiceModel(utils._load_service_model("mq", "service-2"), "mq")
    seen, others, make = [], [], model.OperationModel.__init__

    def slowly(self, *arguments):
        if not others:
            others.append(
                threading.Thread(target=lambda: seen.append(service.operation_model("CreateBroker")))
            )
            others[0].start()
            others[0].join(0.1)  # as long as it takes without a lock, by far
        make(self, *arguments)

    monkeypatch.setattr(model.OperationModel, "__init__", slowly)
    mine = service.operation_model("CreateBroker")
    others[0].join()
    assert type(mine) is model.OperationModel
    assert [type(each) for each in seen] == [model.OperationModel]


def test_a_copy_finds_read_what_every_clock_asks(read, aws_endpoint):
    """Each copy would read it for itself."""
    from moto.stepfunctions.parser import models as _interpreter  # noqa: F401  there is a state machine

    from sandbox.aws.clockwork import apis, control, tasks

    control.prepare()
    read.clear()
    assert list(tasks.services()) == []
    assert apis.of("none.example") is None
    client(aws_endpoint, "sts", "us-east-1")
    assert read == []
