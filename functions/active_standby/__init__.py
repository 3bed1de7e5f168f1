"""Keeps exactly one of two instances behind a load balancer: watches both, and swaps which of them is registered.

One item of a DynamoDB table, the lease, says which instance may be registered in the serving target group. Its epoch grows by one with
each change, by conditional writes, so that changes stand in one order. Every invocation reads it anew at each poll, and brings the target
group to what it says; any number of invocations may do so at once, each may be killed at any moment, and another carries on.

A disk that both have is `mirror`'s: what it guarantees stands there.

What is guaranteed
    An instance is registered only while nothing else is registered or drains, the lease names it or did less than `settle` ago, and the
    members' group has found it healthy within 6 times `request`. The target group knows nothing of epochs, so that a request sent under
    an older one could land late. Therefore:

    1. RegisterTargets is sent only within `request` seconds of the moment at which the lease was asked for, by a consistent read.
    2. It is sent once, botocore repeats nothing, and it is given up after at most 1.5 times `request` (connection, TLS, answer).
    3. A new epoch's instance is registered only when the invocation has known the epoch for `settle`, 3 times `request`, and
       DescribeTargetHealth, asked after that, shows nothing else: what was sent under an older epoch has landed, been seen and drained.

    So two are never registered at once, whatever overlaps, comes late or twice, is throttled, times out or is killed with a request in
    flight, as long as (a) a request that lands does so within twice `request` of the check before it, in which half of `request` is left
    for AWS to act after the caller has given up, (b) what has landed is shown by DescribeTargetHealth, and (c) clocks of different
    invocations run equally fast. They need not agree: every wait is measured on one machine, by a clock that counts while it is suspended.

What remains
    RegisterTargets takes no condition. A process that is stopped for more than half of `request` exactly between the check and the wire
    (or waits so long for the resolution of a name, which has no timeout), or a packet that the network holds back as long, while another
    invocation moves the lease, can register the former instance beside the new one. AWS refuses such a request when its signature is
    older than 5 minutes, and Lambda ends the process at the function's timeout. Each watch takes the stranger out at its next look: both
    are registered for at most `poll` and 6 times `request`, 14 s with the defaults, about `poll` when AWS answers as usual; of these the
    stranger gets requests only after its first passed health check, and then ends what it has begun for the deregistration delay.
    DeregisterTargets, landing late, takes out what serves: the next look registers it again. Who else registers something in the
    serving group, by hand or by an Auto Scaling group, puts it beside what serves until the next look takes it out.

Source of the bound on signatures: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""
