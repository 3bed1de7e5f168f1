"""moto's list of the services in use is quicker, and what is in it is emptied as before."""

from __future__ import annotations

import threading

from moto.core.base_backend import BackendDict, backend_lock
from moto.ec2.models import ec2_backends
from moto.sqs.models import sqs_backends

from sandbox.aws.backends import InUse, find_at_once
from sandbox.aws.client import ACCOUNT


def test_moto_uses_it(aws_endpoint):
    sqs_backends[ACCOUNT]["us-east-1"].create_queue("first", {})
    assert isinstance(BackendDict._instances, InUse)
    assert sqs_backends in BackendDict._instances
    assert list(BackendDict._instances).count(sqs_backends) == 1
    before = BackendDict._instances
    find_at_once()
    assert BackendDict._instances is before


def test_who_is_in_use_is_found_while_somebody_makes_another(aws_endpoint):
    found = sqs_backends[ACCOUNT]
    told = []
    with backend_lock:
        thread = threading.Thread(target=lambda: told.append(sqs_backends[ACCOUNT]), daemon=True)
        thread.start()
        thread.join(5)
        assert told[0] is found
    assert sqs_backends["1" * 12] is sqs_backends["1" * 12]
    assert sqs_backends["1" * 12] is not found


def test_what_another_service_makes_during_a_reset_is_emptied_by_the_next(aws_server):
    """moto forgets for a moment who is in use: a service that is asked just then must be noted when it is asked again."""
    aws_server.app.reset()
    ec2_backends[ACCOUNT]["us-east-1"].create_vpc("10.0.0.0/16")
    BackendDict._instances.clear()  # as if it had been made while the others were emptied
    assert ec2_backends not in BackendDict._instances
    assert len(ec2_backends[ACCOUNT]["us-east-1"].describe_vpcs()) == 2
    assert ec2_backends in BackendDict._instances
    aws_server.app.reset()
    assert len(ec2_backends[ACCOUNT]["us-east-1"].describe_vpcs()) == 1
