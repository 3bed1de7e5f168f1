"""The `aws` provider of the sandbox: Pulumi resources in, AWS API calls out, against the moto server on this machine.

How it works. A table says for each resource type with behaviour behind it which API calls make, read, change and remove it; a type
without a row is recorded (`derived`): its request is judged by AWS's own model, what AWS would compute is filled in, and the sandbox
keeps it. Names and types between Pulumi and AWS are converted by botocore's service models and the pulumi_aws classes, so a row holds
only what those two can't tell.
A property that no call of the row takes is an error at check, never a silent success; or, where the row `keeps` such, it is judged as
those of a recorded type are. What nothing could judge is told by name (`rows.unchecked`).

How to write a row (one file a service in `services/`, each with `RESOURCES: tuple[Resource, ...]` and, where needed,
`INVOKES: tuple[Invoke, ...]`; files are found by themselves):

    Resource(
        token="aws:ec2/vpc:Vpc",
        service="ec2",
        create=Call("CreateVpc"),
        id="Vpc.VpcId",
        read=Read("DescribeVpcs", {"VpcIds": "[id]"}, path="Vpcs[0]"),
        update=(
            Call("ModifyVpcAttribute", {"VpcId": "id"}, take=("enableDnsHostnames",)),
            Call("ModifyVpcAttribute", {"VpcId": "id"}, take=("enableDnsSupport",)),
        ),
        delete=(Call("DeleteVpc", {"VpcId": "id"}),),
        outputs={"arn": "join('', ['arn:aws:ec2:', region, ':', account, ':vpc/', id])"},
        tags=Ec2Tags("vpc"),
    )

- `simulated("aws:ec2/vpc:Vpc", ...)` (in `derived.simulate`) is a row that says only what naming can't find: fields that are not given
  are found by the names of the type and of AWS's operations. Read what it finds before you use it, above all the delete.
- Every expression (`params` values, `id`, `path`, `outputs`, `ready`) is JMESPath over one document: `id`, `in` (checked inputs,
  Pulumi's wire names), `out` (outputs so far), `region`, `account`, `uuid` (a fresh id), and in `id` and `outputs` also the members
  of the response (`id`: of the create call; `outputs`: of what `read` found). Literals are JMESPath's: `'text'`, `` `true` ``.
- `Call.params` names AWS parameters (dots go into structures). All other parameters of the call come from the inputs: each Pulumi
  property whose name fits a member of the operation's input shape (case and plural don't matter, `rename` maps the rest: Pulumi
  property -> AWS member, at any depth; `"tgt.a": "B.C"` is not a thing, use `adjust`). `take` limits a call to these properties.
- `update` calls run at creation too, for properties that the create call did not take, and at update for properties that changed.
  What neither create, update, `tags` nor `ignore` takes is refused at check; what only create takes replaces the resource.
  `replace` adds properties that replace although an update call could take them.
- `Call.whole` sends all properties the call takes, not just those that changed (Put-style operations). `when` runs the call when one
  of these properties is set or changed although it does not send them (e.g. a version number that announces a new password).
- `Call.adjust(params, ctx)` is the escape for shapes that don't fit: it gets the converted parameters and returns those to send.
  Whole classes of exceptions subclass `Resource` and override `create`, `read`, `update` or `delete` (see `protocol.Context`).
- `ignore={"skipFinalSnapshot": "used by delete"}`: a property that no call takes, with the reason.
- `autoname=("name", 32)`: the property that gets Pulumi's automatic name (logical name, dash, seven hex digits) and its maximal length;
  a third part is the style (`core.autoname`).
- `kind="extended"` where our moto extension does the work.
- `recomputed`: outputs that any update but of tags changes, so that its preview leaves them unknown (a template's latest version).
- `unprotect`: calls that lift AWS's own deletion protection; run only when the whole sandbox is taken down.
- A refresh reads every input back by the same names (`said`), and what differs from the last contact is drift (`readback`). What no
  name finds, or AWS does not say, stands in `deviations`; a test names each input of neither.
- `refuse(inputs, ctx) -> str | None`: what AWS refuses and moto lets pass; answer `"Code: message"`.
"""

from sandbox.provider.api import AwsError
from sandbox.provider.context import ProviderError
from sandbox.provider.core import Diff, Provider

__all__ = ["AwsError", "Diff", "Provider", "ProviderError"]
