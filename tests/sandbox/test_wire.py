"""How the provider's requests reach the sandbox's AWS: as boto3's own do, without a signature, over connections that clients share."""

from __future__ import annotations

import contextlib
import gc
import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3
import pytest
from botocore.config import Config
from botocore.parsers import ResponseParserError

from sandbox.aws.request import parse
from sandbox.provider.api import Api, AwsError

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Heard:
    """What a server heard: each request's head and body, and how many connections it took."""

    def __init__(self) -> None:
        self.requests: list[tuple[list[bytes], bytes]] = []
        self.connections = 0

    def environ(self) -> dict[str, object]:
        """The last request as a WSGI server has it."""
        (first, *lines), body = self.requests[-1]
        method, target, _ = first.decode().split(" ")
        path, _, query = target.partition("?")
        fields = [line.decode().split(": ", 1) for line in lines]
        names = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in fields}
        return {
            **names,
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": names.get("HTTP_CONTENT_TYPE", ""),
            "CONTENT_LENGTH": names.get("HTTP_CONTENT_LENGTH", "0"),
            "wsgi.input": io.BytesIO(body),
        }


@contextmanager
def serving(answer: Callable[[int], bytes], *, once: bool = False) -> Iterator[tuple[str, Heard]]:
    """A server that answers its nth request with `answer(n)`; with `once` it closes a connection after one."""
    heard, listening = Heard(), socket.create_server(("127.0.0.1", 0))

    def connection(taken: socket.socket) -> None:
        with taken, taken.makefile("rb") as stream:
            while first := stream.readline().strip():
                head = [first, *iter(lambda: stream.readline().strip(), b"")]
                fields = {line.partition(b":")[0].lower(): line.partition(b":")[2] for line in head}
                if b"expect" in fields:
                    taken.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                heard.requests.append((head, stream.read(int(fields.get(b"content-length", 0)))))
                taken.sendall(answer(len(heard.requests)))
                if once:
                    break

    def run() -> None:
        while True:
            try:
                taken, _ = listening.accept()
            except OSError:
                return
            heard.connections += 1
            threading.Thread(target=connection, args=(taken,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


CALLS = [
    ("ec2", "DescribeVpcs", {"VpcIds": ["vpc-ü"]}),
    ("iam", "GetRole", {"RoleName": "one"}),
    ("dynamodb", "DescribeTable", {"TableName": "one"}),
    ("cloudwatch", "DescribeAlarms", {"AlarmNames": ["one"]}),
    ("lambda", "GetFunction", {"FunctionName": "one"}),
    ("s3", "HeadBucket", {"Bucket": "one"}),
    ("s3", "PutObject", {"Bucket": "one", "Key": "a b/c", "Body": b"text", "Metadata": {"Kind": "x"}}),
    ("s3", "PutBucketTagging", {"Bucket": "one", "Tagging": {"TagSet": [{"Key": "ä", "Value": "b"}]}}),
    ("route53", "GetHostedZone", {"Id": "Z1"}),
    ("elbv2", "DescribeLoadBalancers", {"Names": ["one"]}),
    ("efs", "DescribeFileSystems", {"FileSystemId": "fs-12345678"}),
    ("events", "DescribeRule", {"Name": "one"}),
    ("cognito-idp", "SignUp", {"ClientId": "one", "Username": "two", "Password": "three3"}),
]
"""One a protocol, and those that sign for another name or region, or not at all."""


@pytest.mark.parametrize(("service", "operation", "params"), CALLS, ids=[f"{s}.{o}" for s, o, _ in CALLS])
def test_a_request_says_what_boto3s_own_would(service, operation, params):
    with serving(lambda _: EMPTY if service.startswith("s3") else ANSWER) as (endpoint, heard):
        own = boto3.client(
            service,
            "eu-west-1",
            endpoint_url=endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(
                s3={"addressing_style": "path"}, inject_host_prefix=False, retries={"max_attempts": 0}
            ),
        )
        found = []
        for call in (own._make_api_call, lambda o, p: Api(endpoint).call(service, o, p, "eu-west-1")):
            with contextlib.suppress(
                ResponseParserError, AwsError
            ):  # one answer does not suit every protocol
                call(operation, dict(params))
            environ = heard.environ()
            told = {
                name: value
                for name, value in environ.items()
                if name.startswith("HTTP_") and name not in UNLIKE
            }
            found.append((heard.requests[-1][0][0], heard.requests[-1][1], told, parse(environ)))
    assert found[0] == found[1]
    assert (found[0][3] is None) == (service == "cognito-idp")


UNLIKE = {
    "HTTP_AUTHORIZATION", "HTTP_X_AMZ_DATE", "HTTP_X_AMZ_CONTENT_SHA256", "HTTP_USER_AGENT", "HTTP_AMZ_SDK_INVOCATION_ID",
    "HTTP_AMZ_SDK_REQUEST",
}  # fmt: skip
"""Headers that are of a signature, of who asks, and of which try it is."""


def test_clients_share_their_connections():
    with serving(lambda _: ANSWER) as (endpoint, heard):
        api = Api(endpoint)
        for region in ("us-east-1", "eu-west-1"):
            api.call("dynamodb", "DescribeTable", {"TableName": "one"}, region)
            with contextlib.suppress(ResponseParserError):  # its answers are XML
                api.call("ec2", "DescribeVpcs", {}, region)
        [kept] = api._wire._idle
    assert (len(heard.requests), heard.connections) == (4, 1)
    del api
    gc.collect(1)  # what is young: the whole suite lives in this process
    assert kept._http.sock is None


def test_a_connection_that_the_server_will_close_is_not_used_again():
    last = ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with serving(lambda _: last) as (endpoint, heard):
        api = Api(endpoint)
        for _ in range(2):
            api.call("ecs", "DescribeClusters", {}, "us-east-1")
    assert (len(heard.requests), heard.connections) == (2, 2)


def test_a_request_to_another_host_does_not_come_here():
    with serving(lambda _: EMPTY) as (endpoint, heard):
        with pytest.raises(AwsError) as error:
            Api(endpoint).call(
                "s3control", "GetPublicAccessBlock", {"AccountId": "123456789012"}, "us-east-1"
            )
        assert error.value.code == "EndpointConnectionError"
    assert heard.requests == []


def test_a_connection_that_the_server_has_closed_is_not_used_again():
    with serving(lambda _: ANSWER, once=True) as (endpoint, heard):
        api = Api(endpoint)
        for _ in range(3):
            api.call("ecs", "DescribeClusters", {}, "us-east-1")
            [kept] = api._wire._idle
            kept._seen.poll(5000)  # its end has come
    assert (len(heard.requests), heard.connections) == (3, 3)


@pytest.mark.parametrize(
    "answer",
    [b"", ANSWER[:-1], b"nonsense\r\n\r\n"],
    ids=["none", "too short", "no answer"],
)
def test_what_is_no_whole_answer_is_an_error(answer):
    with serving(lambda _: answer, once=True) as (endpoint, _):
        with pytest.raises(AwsError, match="before we received a valid response from endpoint URL") as error:
            Api(endpoint).call("ecs", "DescribeClusters", {}, "us-east-1")
        assert error.value.code == "ConnectionClosedError"


def test_a_server_that_does_not_answer_in_time_is_an_error(monkeypatch):
    monkeypatch.setattr("sandbox.provider.wire.READ_SECONDS", 0.05)
    with serving(lambda _: ANSWER[:30]) as (endpoint, _):
        with pytest.raises(AwsError, match="Read timeout on endpoint URL") as error:
            Api(endpoint).call("ecs", "DescribeClusters", {}, "us-east-1")
        assert error.value.code == "ReadTimeoutError"


def test_a_server_that_takes_no_connection_in_time_is_an_error(monkeypatch):
    def late(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("sandbox.provider.wire.socket.create_connection", late)
    with pytest.raises(AwsError, match="Connect timeout on endpoint URL") as error:
        Api("http://127.0.0.1:1").call("ecs", "DescribeClusters", {}, "us-east-1")
    assert error.value.code == "ConnectTimeoutError"


def test_a_server_that_is_not_there_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AwsError, match="Could not connect to the endpoint URL") as error:
        Api(f"http://127.0.0.1:{port}").call("ecs", "DescribeClusters", {}, "us-east-1")
    assert error.value.code == "EndpointConnectionError"


@pytest.mark.parametrize("body", [b"text", io.BytesIO(b"text")], ids=["bytes", "a stream"])
def test_streams_go_out_and_come_back(aws_endpoint, body):
    api = Api(aws_endpoint)
    api.call("s3", "CreateBucket", {"Bucket": "wire"}, "us-east-1")
    api.call(
        "s3", "PutObject", {"Bucket": "wire", "Key": "k", "Body": body, "Metadata": {"a": "b"}}, "us-east-1"
    )
    found = api.call("s3", "GetObject", {"Bucket": "wire", "Key": "k"}, "us-east-1")
    assert (found["Body"].read(), found["Metadata"]) == (b"text", {"a": "b"})
    assert api.call("s3", "HeadObject", {"Bucket": "wire", "Key": "k"}, "us-east-1")["ContentLength"] == len(
        b"text"
    )


def test_a_header_that_comes_twice_is_one():
    twice = ANSWER.replace(b"\r\n\r\n", b"\r\nx-one: a\r\nx-one: b\r\n\r\n")
    with serving(lambda _: twice) as (endpoint, _):
        answer = Api(endpoint).client("ecs", "us-east-1").describe_clusters()
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-one"] == "a, b"
