"""The `awsx` provider of the sandbox: it answers `Construct` with the children that awsx's own provider makes.

awsx's components are remote: the program sends their arguments to a provider, which registers the component and its children with
the engine that asked. awsx's own provider runs on Node; this one is Python on the SDK's servicer, in a thread of the process that
serves it. Both engines and the tests' monitor ask it the same way.

`server` speaks gRPC, `components` names the components, one file each makes one, `arguments` refuses what awsx doesn't know,
`children` registers a child by its wire names.
"""

SERVICES = ("cloudwatch", "ecr", "ecs", "iam")
"""The services of pulumi_aws that children are of: to be loaded before several threads ask for them."""
