"""Rows for types that the table has none for, found by name in botocore's models and the classes of pulumi_aws.

`services` finds the service of a module, `operations` the operation that makes a class, `fit` the member of its request that each
input is, `validate` what of a value is wrong, `importform` and `likeness` the form of id and ARN, `outputs` what AWS computes,
`createonly` what replaces. What no name tells stands in `facts.json`. Such types are recorded: nothing is sent to moto.
"""

from sandbox.provider.derived.row import Derived, row

__all__ = ["Derived", "row"]
