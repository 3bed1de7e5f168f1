"""Lambda: a function's role must let Lambda assume it, and Invoke runs its code.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws.extensions import _lambda_invoke, _lambda_sources
from sandbox.aws.extensions._statements import lets, statements
from sandbox.aws.recorded import RECORDED


def install() -> None:
    """Patch moto's Lambda, which asks only whether there is such a role."""
    from moto.awslambda.models import LambdaBackend, LambdaStorage

    LambdaBackend.create_event_source_mapping = _mapped(LambdaBackend.create_event_source_mapping)
    LambdaStorage.put_function = _put(LambdaStorage.put_function)
    _lambda_invoke.install()
    _lambda_sources.install()


def _mapped(original: Callable[..., Any]) -> Callable[..., Any]:
    """A mapping may be from a registered consumer of a stream, or from a topic of an MSK cluster, which moto doesn't look for.

    Records and messages of either are delivered to nobody here.
    """

    def create_event_source_mapping(self: Any, spec: dict[str, Any]) -> Any:
        from moto.awslambda.models import EventSourceMapping

        source = spec.get("EventSourceArn")
        if source in _consumers(self):
            make: Callable[[dict[str, Any]], Any] = EventSourceMapping
        elif source in _clusters(self):
            make = _lambda_sources.of_topic
        else:
            return original(self, spec)
        function = self.get_function(spec["FunctionName"])
        told = {
            "RegionName": self.region_name,
            "AccountId": self.account_id,
            "FunctionArn": function.function_arn,
        }
        made = make({**spec, **told})
        self._event_source_mappings[made.uuid] = made
        return made

    return create_event_source_mapping


def _consumers(backend: Any) -> set[str]:
    from moto.kinesis.models import kinesis_backends

    streams = kinesis_backends[backend.account_id][backend.region_name].streams.values()
    return {each.consumer_arn for stream in streams for each in stream.consumers}


def _clusters(backend: Any) -> set[str]:
    """ARNs of the MSK clusters that the sandbox keeps."""
    kept = RECORDED.list(("kafka", backend.region_name, "Cluster")).values()
    return {str(each["outputs"]["arn"]) for each in kept}


def _put(original: Callable[..., None]) -> Callable[..., None]:
    def put_function(self: Any, fn: Any) -> None:
        from moto.awslambda.exceptions import InvalidParameterValueException
        from moto.iam.models import iam_backends

        roles = iam_backends[self.account_id][self.partition].roles.values()
        role = next((role for role in roles if role.arn == fn.role), None)
        if role is not None and not lets(
            statements(role.assume_role_policy_document), "lambda.amazonaws.com", "sts:AssumeRole"
        ):
            raise InvalidParameterValueException(
                "The role defined for the function cannot be assumed by Lambda."
            )
        original(self, fn)

    return put_function
