"""What a component hands down to its children."""

from __future__ import annotations

import pulumi


def handed_down(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """Options of a component whose children, at any depth, wait for what the component depends on.

    Pulumi itself makes only the component wait, which is nothing that takes time: its children would be created at once.
    Source: https://www.pulumi.com/docs/iac/concepts/options/dependson/
    """
    if opts is None or opts.depends_on is None:
        return opts
    before = pulumi.ResourceOptions(depends_on=opts.depends_on)

    def wait(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult(
            args.props, pulumi.ResourceOptions.merge(args.opts, before)
        )

    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[wait]))
