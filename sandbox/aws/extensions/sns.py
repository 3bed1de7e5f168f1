"""SNS as AWS has it, where moto has it otherwise.

moto forgets a topic's signature version and takes any attribute; and it takes for confirmed what a person or an
endpoint has yet to confirm, so that it would post messages to real addresses from this machine.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse

_TOPIC_ATTRIBUTES = {
    "archive_policy",
    "content_based_deduplication",
    "delivery_policy",
    "display_name",
    "fifo_throughput_scope",
    "kms_master_key_id",
    "policy",
    "signature_version",
    "tracing_config",
}
_FEEDBACK = ("_feedback_role_arn", "_feedback_sample_rate")
_SHOWN = {"signature_version": "SignatureVersion", "tracing_config": "TracingConfig"}
_CONFIRMED_BY_HAND = ("email", "email-json", "http", "https")


def _set_topic_attribute(original: Any) -> Any:
    def set_topic_attribute(
        self: SNSBackend, topic_arn: str, attribute_name: str, attribute_value: str
    ) -> None:
        if attribute_name not in _TOPIC_ATTRIBUTES and not attribute_name.endswith(_FEEDBACK):
            raise SNSInvalidParameter("Invalid parameter: AttributeName")
        if attribute_name == "signature_version" and attribute_value not in ("1", "2"):
            raise SNSInvalidParameter("Invalid parameter: SignatureVersion")
        original(self, topic_arn, attribute_name, attribute_value)

    return set_topic_attribute


def _get_topic_attributes(original: Any) -> Any:
    def get_topic_attributes(self: SNSResponse) -> ActionResult:
        answer: ActionResult = original(self)
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        more = {name: getattr(topic, key) for key, name in _SHOWN.items() if getattr(topic, key, None)}
        attributes: dict[str, Any] = answer.result["Attributes"]
        return ActionResult({"Attributes": {**attributes, **more}})

    return get_topic_attributes


def _subscribe(original: Any) -> Any:
    def subscribe(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
        made: Subscription = original(self, topic_arn, endpoint, protocol)
        if protocol in _CONFIRMED_BY_HAND:
            made.attributes["PendingConfirmation"] = "true"
        return made

    return subscribe


def _publish(original: Any) -> Any:
    def publish(self: Subscription, *given: Any, **named: Any) -> None:
        if self.attributes.get("PendingConfirmation") != "true":
            original(self, *given, **named)

    return publish


def install() -> None:
    """Patch moto's SNS."""
    SNSBackend.set_topic_attribute = _set_topic_attribute(SNSBackend.set_topic_attribute)
    SNSBackend.subscribe = _subscribe(SNSBackend.subscribe)
    SNSResponse.get_topic_attributes = _get_topic_attributes(SNSResponse.get_topic_attributes)
    Subscription.publish = _publish(Subscription.publish)
