"""What faces users: Route 53, load balancers, certificates, CloudFront; and Auto Scaling behind them."""

from __future__ import annotations

from sandbox.provider.deviations.attributes import BALANCER, GROUP, told
from sandbox.provider.deviations.deviation import Deviation
from sandbox.provider.table import Read

_CHECK = (
    "{enabled: HealthCheckEnabled, healthyThreshold: HealthyThresholdCount, interval: HealthCheckIntervalSeconds,"
    " matcher: Matcher.HttpCode, path: HealthCheckPath, port: HealthCheckPort, protocol: HealthCheckProtocol,"
    " timeout: HealthCheckTimeoutSeconds, unhealthyThreshold: UnhealthyThresholdCount}"
)
_WAITS = "decides what the program waits for, AWS has no word of it"

DEVIATIONS = {
    "aws:lb/loadBalancer:LoadBalancer": Deviation(
        reads=(Read("DescribeLoadBalancerAttributes", {"LoadBalancerArn": "id"}),),
        told={
            **told(BALANCER),
            "internal": "Scheme == 'internal'",
            "subnets": "AvailabilityZones[].SubnetId",
        },
    ),
    "aws:lb/targetGroup:TargetGroup": Deviation(
        reads=(Read("DescribeTargetGroupAttributes", {"TargetGroupArn": "id"}),),
        told={**told(GROUP), "healthCheck": _CHECK},
    ),
    "aws:lb/listener:Listener": Deviation(told={"certificateArn": "Certificates[0].CertificateArn"}),
    "aws:lb/listenerRule:ListenerRule": Deviation(
        told={
            "conditions": "Conditions[].{hostHeader: HostHeaderConfig, httpHeader: HttpHeaderConfig,"
            " httpRequestMethod: HttpRequestMethodConfig, pathPattern: PathPatternConfig,"
            " queryStrings: QueryStringConfig.Values, sourceIp: SourceIpConfig}"
        }
    ),
    "aws:acm/certificate:Certificate": Deviation(
        told={"validationMethod": "DomainValidationOptions[0].ValidationMethod"}
    ),
    "aws:acm/certificateValidation:CertificateValidation": Deviation(
        silent={"validationRecordFqdns": _WAITS}
    ),
    "aws:cloudfront/distribution:Distribution": Deviation(told={"enabled": "DistributionConfig.Enabled"}),
    "aws:route53/record:Record": Deviation(
        told={
            "aliases": "Set.AliasTarget && [{name: Set.AliasTarget.DNSName, zoneId: Set.AliasTarget.HostedZoneId,"
            " evaluateTargetHealth: Set.AliasTarget.EvaluateTargetHealth}]",
            "failoverRoutingPolicies": "Set.Failover && [{type: Set.Failover}]",
            "geolocationRoutingPolicies": "Set.GeoLocation && [{continent: Set.GeoLocation.ContinentCode,"
            " country: Set.GeoLocation.CountryCode, subdivision: Set.GeoLocation.SubdivisionCode}]",
            "latencyRoutingPolicies": "Set.Region && [{region: Set.Region}]",
            "multivalueAnswerRoutingPolicy": "Set.MultiValueAnswer",
            "records": "Set.ResourceRecords[].Value",
            "zoneId": "in.zoneId",
            "weightedRoutingPolicies": "Set.Weight != `null` && [{weight: Set.Weight}] || `null`",
        },
    ),
    "aws:route53/healthCheck:HealthCheck": Deviation(
        told={
            "cloudwatchAlarmName": "HealthCheckConfig.AlarmIdentifier.Name",
            "cloudwatchAlarmRegion": "HealthCheckConfig.AlarmIdentifier.Region",
        },
    ),
    "aws:route53/zone:Zone": Deviation(
        told={
            "enableAcceleratedRecovery": "Features.AcceleratedRecoveryStatus && Features.AcceleratedRecoveryStatus == 'ENABLED'"
        },
    ),
    "aws:autoscaling/group:Group": Deviation(
        told={
            "enabledMetrics": "EnabledMetrics[].Metric",
            "metricsGranularity": "EnabledMetrics[0].Granularity",
            "tags": "Tags[].{key: Key, value: Value, propagateAtLaunch: PropagateAtLaunch}",
        },
        silent={"instanceRefresh": "what a change does, AWS keeps no setting of it"},
    ),
}
