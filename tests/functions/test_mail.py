"""Mail that waits is sent once, what becomes of it is written down, and what fails comes later, against the sandbox's AWS."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from functions.mail import send
from functions.mail.letter import letter
from functions.serverless_api.idempotency import InProgressError
from tests.sandbox.emptied import emptied

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
SENDER = "no-reply@mail.holdfast.example"
HELLO = {"id": "order-1", "to": ["anna@holdfast.example"], "subject": "Hello", "text": "It has come."}


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "dynamodb", "sqs", "ses", "sesv2")


@pytest.fixture
def table(boto: Any, in_lambda: Any) -> Any:
    keys = [("pk", "HASH"), ("sk", "RANGE")]
    boto("dynamodb").create_table(
        TableName="metadata",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    boto("sesv2").create_email_identity(EmailIdentity="mail.holdfast.example")
    boto("ses").verify_domain_identity(Domain="mail.holdfast.example")
    url = boto("sqs").create_queue(QueueName="outgoing")["QueueUrl"]
    own = {"TABLE": "metadata", "KEPT_SECONDS": "1296000", "QUEUE_URL": url, "SENDER": SENDER}
    for name, value in {**own, "CONFIGURATION_SET": "example-production-files-mail"}.items():
        in_lambda(name, value)
    send.forget()
    return boto3.resource("dynamodb").Table("metadata")


class Asked:
    """SES as the function asks it: what it is asked is kept; `fails` are the codes that it answers with first."""

    def __init__(self, *fails: str) -> None:
        self.real, self.fails, self.asked = send.ses(), list(fails), []

    def send_email(self, **asked: Any) -> Any:
        self.asked.append(asked)
        if self.fails:
            raise ClientError({"Error": {"Code": self.fails.pop(0), "Message": "no"}}, "SendEmail")
        return self.real.send_email(**asked)


@pytest.fixture
def ses(table: Any, monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    monkeypatch.setattr(send, "ses", lambda: found)
    return found


def poll(*, context: Any = CONTEXT) -> list[str]:
    """Be Lambda's poller once. Returns what is to come again, by id of the mail."""
    sqs, url = send.sqs(), boto3.client("sqs").get_queue_url(QueueName="outgoing")["QueueUrl"]
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    ).get("Messages", [])
    records = [
        {
            "messageId": each["MessageId"],
            "receiptHandle": each["ReceiptHandle"],
            "body": each["Body"],
            "attributes": each["Attributes"],
        }
        for each in found
    ]
    told = send.handler({"Records": records}, context)["batchItemFailures"]
    failed = {each["itemIdentifier"] for each in told}
    for each in found:
        if each["MessageId"] not in failed:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return [json.loads(each["Body"])["id"] for each in found if each["MessageId"] in failed]


def put(*said: Any) -> None:
    url = boto3.client("sqs").get_queue_url(QueueName="outgoing")["QueueUrl"]
    for each in said:
        send.sqs().send_message(QueueUrl=url, MessageBody=json.dumps(each))


def outcomes(table: Any, key: str) -> set[str]:
    found = table.get_item(Key={"pk": f"mail#{key}", "sk": "mail"}).get("Item", {})
    return set(found.get("outcomes", ()))


def told(key: str, what: str) -> dict[str, Any]:
    """An event of SES, as its documentation shows one."""
    tags = {"ses:configuration-set": ["example-production-files-mail"], "mail": [key]}
    return {
        "source": "aws.ses",
        "detail-type": f"Email {what}",
        "detail": {"eventType": what, "mail": {"messageId": "1", "tags": tags}},
    }


def test_a_mail_that_comes_twice_is_sent_once_by_rules_and_under_its_id(ses: Asked, table: Any) -> None:
    put(HELLO, {**HELLO, "id": "order-2", "html": "<p>It has come.</p>"}, HELLO)
    assert poll() == []
    put(HELLO)
    assert poll() == []
    first, second = sorted(ses.asked, key=lambda asked: str(asked["EmailTags"][0]["Value"]))
    assert first["FromEmailAddress"] == SENDER
    assert first["ConfigurationSetName"] == "example-production-files-mail"
    assert first["EmailTags"] == [{"Name": "mail", "Value": "order-1"}]
    assert set(second["Content"]["Simple"]["Body"]) == {"Text", "Html"}
    assert boto3.client("ses").get_send_quota()["SentLast24Hours"] == 2
    kept = table.get_item(Key={"pk": "request#order-1", "sk": "request"})["Item"]
    assert json.loads(kept["answer"])["message"]


def test_another_mail_under_an_id_that_was_sent_is_never_sent(ses: Asked) -> None:
    put(HELLO)
    poll()
    put({**HELLO, "subject": "Another"})
    assert poll() == ["order-1"]
    assert len(ses.asked) == 1


@pytest.mark.parametrize(
    "code", ["TooManyRequestsException", "LimitExceededException", "SendingPausedException"]
)
def test_what_ses_does_not_take_comes_again_later_and_holds_up_no_other(
    ses: Asked, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(send, "pause", lambda received: waits.append(received) or 0)
    ses.fails = [code]
    put(HELLO)
    assert poll() == ["order-1"]
    put({**HELLO, "id": "order-2"})
    assert poll() == []
    assert waits == [1]
    assert [each["EmailTags"][0]["Value"] for each in ses.asked].count("order-1") == 2


def test_each_time_it_waits_twice_as_long_up_to_an_hour() -> None:
    for received, bound in ((1, 60), (2, 120), (6, 1920), (7, 3600), (20, 3600)):
        found = {send.pause(received) for _ in range(200)}
        assert 0.75 * bound - 1 <= min(found) <= max(found) <= bound, received
        assert len(found) > 5


def test_a_message_is_hidden_for_the_pause(ses: Asked) -> None:
    ses.fails = ["Throttling"]
    put(HELLO)
    assert poll() == ["order-1"]
    url = boto3.client("sqs").get_queue_url(QueueName="outgoing")["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = send.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert [found[name] for name in names] == ["0", "1"]


def test_a_mail_that_another_invocation_sends_is_left_to_it(
    table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def send_email(self, **_asked: Any) -> Any:
            with pytest.raises(InProgressError):  # the same message, come again meanwhile
                send.work(json.dumps(HELLO), 30_000)
            return {"MessageId": "1"}

    monkeypatch.setattr(send, "ses", Slow)
    put(HELLO)
    assert poll() == []


def test_no_mail_is_begun_without_time_to_send_it(ses: Asked) -> None:
    put(HELLO)
    hurried = SimpleNamespace(get_remaining_time_in_millis=lambda: send.RESERVE_MS - 1)
    assert poll(context=hurried) == ["order-1"]
    assert ses.asked == []


def test_what_nobody_wants_any_more_is_not_sent_and_that_is_known(ses: Asked, table: Any) -> None:
    now = datetime.now(UTC)
    for key, at in (("late", now - timedelta(seconds=1)), ("timely", now + timedelta(minutes=5))):
        put({**HELLO, "id": key, "until": at.isoformat()})
    assert poll() == []
    assert [each["EmailTags"][0]["Value"] for each in ses.asked] == ["timely"]
    assert outcomes(table, "late") == {"Expired"}


def test_what_becomes_of_a_mail_adds_up_in_any_order(ses: Asked, table: Any) -> None:
    bodies = [told("order-1", each) for each in ("Complaint", "Delivery", "Delivery")]
    records = [{"messageId": str(n), "body": json.dumps(body)} for n, body in enumerate(bodies)]
    assert send.handler({"Records": records}, CONTEXT) == {"batchItemFailures": []}
    assert outcomes(table, "order-1") == {"Complaint", "Delivery"}
    kept = table.get_item(Key={"pk": "mail#order-1", "sk": "mail"})["Item"]["expires"]
    assert float(kept) - datetime.now(UTC).timestamp() == pytest.approx(15 * 86_400, abs=60)
    assert ses.asked == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": "a b"}, "id: 1 to 200"),
        ({"id": "x" * 201}, "id: 1 to 200"),
        ({"id": None}, "id: 1 to 200"),
        ({"to": []}, "to: 1 to 50"),
        ({"to": "anna@holdfast.example"}, "to: 1 to 50"),
        ({"to": ["a@b.example"] * 51}, "to: 1 to 50"),
        ({"subject": ""}, "subject: a text"),
        ({"text": None}, "text or html"),
        ({"html": 1}, "text or html"),
        ({"until": "2027-01-01T00:00:00"}, "its offset"),
        ({"until": "soon"}, "Invalid isoformat"),
        ({"cc": []}, "no cc"),
    ],
)
def test_what_is_no_mail_is_said(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        letter({**HELLO, **wrong})
    letter(HELLO)
