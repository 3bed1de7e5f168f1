"""Data on the way is encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import NotKnownError, Resource, Unknown, View
from policies.graph.buckets import policies

from .documents import refuses_http, statements
from .kernel.rule import Context, Finding, Scope, rule
from .tokens import BROKERS, BUCKETS, CACHE, LISTENERS, SEARCH_DOMAIN

_DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
_NAME: Final = "aws:apigateway/domainName:DomainName"
_CALL: Final = "aws:apigatewayv2/integration:Integration"
_REST_CALL: Final = "aws:apigateway/integration:Integration"
_MODERN: Final = ("-TLS13-1-2", "-TLS13-1-3", "-TLS-1-2-", "-FS-1-2-")
"""Parts of the names of load balancer policies that speak nothing older than TLS 1.2."""


@rule("lb-listener-tls", *LISTENERS)
def lb_listener_tls(resource: Resource, _context: Context) -> Iterator[Finding]:
    """HTTP, HTTPS and TLS listeners."""
    protocol = resource.known.text("protocol")
    if protocol == "HTTP":
        kinds = [
            (each.text("type"), each.view("redirect")) for each in resource.known.views("defaultActions")
        ]
        if not kinds or any(kind != "redirect" or to.text("protocol") != "HTTPS" for kind, to in kinds):
            yield Finding("it answers HTTP with something else than a redirect to HTTPS.")
    elif protocol in ("HTTPS", "TLS"):
        policy = resource.known.text("sslPolicy", "ELBSecurityPolicy-2016-08")
        if not any(part in f"{policy}-" for part in _MODERN):
            yield Finding(f"sslPolicy is {policy}.")


@rule("aws-data-in-transit-tls", CACHE, SEARCH_DOMAIN, BROKERS, _DISTRIBUTION, _NAME, _CALL, _REST_CALL)
def aws_data_in_transit_tls(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Caches, search domains, brokers, distributions; names of REST APIs, and what APIs ask of other services."""
    yield from _CHECKS[resource.type](resource.known)


def _cache(props: View) -> Iterator[Finding]:
    if not props.flag("transitEncryptionEnabled") and not props.has("globalReplicationGroupId"):
        yield Finding("transitEncryptionEnabled is not true.")


def _search(props: View) -> Iterator[Finding]:
    if not props.view("domainEndpointOptions").flag("enforceHttps"):
        yield Finding("enforceHttps is not true.")
    if not props.view("nodeToNodeEncryption").flag("enabled"):
        yield Finding("nodeToNodeEncryption is not enabled.")


def _brokers(props: View) -> Iterator[Finding]:
    transit = props.view("encryptionInfo").view("encryptionInTransit")
    if transit.text("clientBroker", "TLS") != "TLS":
        yield Finding(f"clientBroker is {transit.text('clientBroker')}.")
    if not transit.flag("inCluster", default=True):
        yield Finding("inCluster is false.")


def _distribution(props: View) -> Iterator[Finding]:
    behaviours = [props.view("defaultCacheBehavior"), *props.views("orderedCacheBehaviors")]
    if any(
        each.text("viewerProtocolPolicy") not in ("redirect-to-https", "https-only") for each in behaviours
    ):
        yield Finding("a cache behaviour serves HTTP.")
    certificate = props.view("viewerCertificate")
    least = certificate.text("minimumProtocolVersion", "TLSv1")
    if not certificate.flag("cloudfrontDefaultCertificate") and not least.startswith(("TLSv1.2", "TLSv1.3")):
        yield Finding(f"minimumProtocolVersion is {least}.")


def _name(props: View) -> Iterator[Finding]:
    if props.text("securityPolicy") == "TLS_1_0":
        yield Finding("securityPolicy is TLS_1_0.")


def _rest_call(props: View) -> Iterator[Finding]:
    if props.text("type") in ("HTTP", "HTTP_PROXY") and props.text("uri").startswith("http://"):
        yield Finding(f"it asks {props.text('uri')}.")


def _call(props: View) -> Iterator[Finding]:
    """A VPC link speaks HTTP unless it is told whose certificate to verify."""
    if props.text("integrationType") not in ("HTTP", "HTTP_PROXY"):
        return
    inside = props.text("connectionType") == "VPC_LINK"
    if inside and not props.has("tlsConfig.serverNameToVerify"):
        yield Finding("tlsConfig has no serverNameToVerify.")
    if not inside and props.text("integrationUri").startswith("http://"):
        yield Finding(f"it asks {props.text('integrationUri')}.")


_CHECKS: Final = {
    CACHE: _cache,
    SEARCH_DOMAIN: _search,
    BROKERS: _brokers,
    _DISTRIBUTION: _distribution,
    _NAME: _name,
    _CALL: _call,
    _REST_CALL: _rest_call,
}


@rule("s3-bucket-tls-only", *BUCKETS, scope=Scope.GRAPH)
def s3_bucket_tls_only(resource: Resource, context: Context) -> Iterator[Finding]:
    """Evaluates the statements, inline or in a BucketPolicy. A statement with a further condition refuses less."""
    found = policies(context.graph, resource)
    if any(refuses_http(each) for text in found if isinstance(text, str) for each in statements(text)):
        return
    for text in found:
        if isinstance(text, Unknown):
            raise NotKnownError(text.path)
    yield Finding("its policy lets HTTP in." if found else "it has no policy.")
