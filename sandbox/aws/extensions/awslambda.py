"""Lambda: a function's role must let Lambda assume it, and Invoke runs its code.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws.extensions import _lambda_invoke
from sandbox.aws.extensions._statements import lets, statements


def install() -> None:
    """Patch moto's Lambda, which asks only whether there is such a role."""
    from moto.awslambda.models import LambdaStorage

    LambdaStorage.put_function = _put(LambdaStorage.put_function)
    _lambda_invoke.install()


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
