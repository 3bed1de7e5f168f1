"""The edge: how clients find the system, and what answers them first."""

from components.edge.api_args import (
    ApiRoute,
    BalancerTarget,
    FunctionTarget,
    HttpApiArgs,
    JwtAuthorizer,
    UrlTarget,
    VpcReach,
)
from components.edge.certificate import Certificate, CertificateArgs
from components.edge.health_checks import AlarmCheck, HealthChecks, HealthChecksArgs, Probe
from components.edge.hosted_zone import HostedZone, HostedZoneArgs
from components.edge.http_api import HttpApi
from components.edge.load_balancer import LoadBalancer, LoadBalancerArgs
from components.edge.path_target import PathTarget, PathTargetArgs
from components.edge.priorities import priorities
from components.edge.records import (
    Alias,
    Failover,
    Geolocation,
    Latency,
    RoutedRecord,
    RoutedRecordArgs,
    Values,
    Weighted,
)
from components.edge.rest_api import RestApi
from components.edge.rest_api_args import RestApiArgs, RestRoute
from components.edge.rest_logs import RestLogs
from components.edge.rest_policy import Clients
from components.edge.rest_requests import RequestShape, Throttle
from components.edge.security_headers import SecurityHeaders
from components.edge.side_listener import SideListener, SideListenerArgs
from components.edge.site_records import Served, SiteRecords, SiteRecordsArgs, inner_name, region_name
from components.edge.static_site import Content, ErrorPage, SiteBucket, StaticSite, StaticSiteArgs
from components.edge.target_group import TargetArgs
from components.edge.web_acl import CLOUDFRONT_REGION, Scope, WebAcl, WebAclArgs
from components.edge.zonal_balancer import ZonalBalancer, ZonalBalancerArgs

__all__ = [
    "CLOUDFRONT_REGION",
    "AlarmCheck",
    "Alias",
    "ApiRoute",
    "BalancerTarget",
    "Certificate",
    "CertificateArgs",
    "Clients",
    "Content",
    "ErrorPage",
    "Failover",
    "FunctionTarget",
    "Geolocation",
    "HealthChecks",
    "HealthChecksArgs",
    "HostedZone",
    "HostedZoneArgs",
    "HttpApi",
    "HttpApiArgs",
    "JwtAuthorizer",
    "Latency",
    "LoadBalancer",
    "LoadBalancerArgs",
    "PathTarget",
    "PathTargetArgs",
    "Probe",
    "RequestShape",
    "RestApi",
    "RestApiArgs",
    "RestLogs",
    "RestRoute",
    "RoutedRecord",
    "RoutedRecordArgs",
    "Scope",
    "SecurityHeaders",
    "Served",
    "SideListener",
    "SideListenerArgs",
    "SiteBucket",
    "SiteRecords",
    "SiteRecordsArgs",
    "StaticSite",
    "StaticSiteArgs",
    "TargetArgs",
    "Throttle",
    "UrlTarget",
    "Values",
    "VpcReach",
    "WebAcl",
    "WebAclArgs",
    "Weighted",
    "ZonalBalancer",
    "ZonalBalancerArgs",
    "inner_name",
    "priorities",
    "region_name",
]
