from __future__ import annotations

import json

from tests.policies.case import NOT_KNOWN, Case, R

LISTENER = "aws:lb/listener:Listener"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
SEARCH = "aws:opensearch/domain:Domain"
KAFKA = "aws:msk/cluster:Cluster"
SITE = "aws:cloudfront/distribution:Distribution"
BUCKET = "aws:s3/bucket:Bucket"


def listener(protocol: object, policy: object = None, **action: object) -> list[R]:
    return [
        R(
            LISTENER,
            props={"protocol": protocol, "sslPolicy": policy, "defaultActions": [action] if action else []},
        )
    ]


def site(viewer: object, version: object) -> list[R]:
    return [
        R(
            SITE,
            props={
                "defaultCacheBehavior": {"viewerProtocolPolicy": viewer},
                "viewerCertificate": {"minimumProtocolVersion": version},
            },
        )
    ]


def policed(document: object) -> list[R]:
    return [
        R(BUCKET),
        R(
            "aws:s3/bucketPolicy:BucketPolicy",
            "policy",
            {"bucket": NOT_KNOWN, "policy": document},
            {"bucket": ["it"]},
        ),
    ]


ANY_BUCKET = ["arn:aws:s3:::it", "arn:aws:s3:::it/*"]
HTTP = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ANY_BUCKET,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def statement(**changed: object) -> str:
    return json.dumps({"Statement": [{**HTTP, **changed}]})


DENY = json.dumps({"Statement": HTTP})

REST_CALL, CALL = "aws:apigateway/integration:Integration", "aws:apigatewayv2/integration:Integration"
PROXY = {"integrationType": "HTTP_PROXY"}

CASES = [
    Case(
        rule="lb-listener-tls",
        bad=listener("HTTPS", "ELBSecurityPolicy-TLS13-1-1-2021-06"),
        good=listener("HTTPS", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
        unsure=listener("HTTPS", NOT_KNOWN),
    ),
    Case(
        rule="lb-listener-tls",
        note="http",
        bad=listener("HTTP", type="forward"),
        good=listener("HTTP", type="redirect", redirect={"protocol": "HTTPS", "statusCode": "HTTP_301"}),
        unsure=listener("HTTP", type=NOT_KNOWN),
    ),
    Case(
        rule="lb-listener-tls",
        note="default",
        bad=listener("TLS"),
        good=listener("TCP"),
        unsure=listener(NOT_KNOWN),
    ),
    Case(
        rule="aws-data-in-transit-tls",
        bad=[R(CACHE)],
        good=[R(CACHE, props={"transitEncryptionEnabled": True})],
        unsure=[R(CACHE, props={"transitEncryptionEnabled": NOT_KNOWN})],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="search",
        bad=[R(SEARCH, props={"domainEndpointOptions": {"enforceHttps": True}})],
        good=[
            R(
                SEARCH,
                props={
                    "domainEndpointOptions": {"enforceHttps": True},
                    "nodeToNodeEncryption": {"enabled": True},
                },
            )
        ],
        unsure=[R(SEARCH, props={"domainEndpointOptions": NOT_KNOWN})],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="brokers",
        bad=[R(KAFKA, props={"encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS_PLAINTEXT"}}})],
        good=[R(KAFKA)],
        unsure=[R(KAFKA, props={"encryptionInfo": {"encryptionInTransit": {"inCluster": NOT_KNOWN}}})],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="site",
        bad=site("allow-all", "TLSv1.2_2021"),
        good=site("redirect-to-https", "TLSv1.2_2021"),
        unsure=site("https-only", NOT_KNOWN),
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="site-version",
        bad=site("https-only", "TLSv1.1_2016"),
        good=site("https-only", "TLSv1.3_2025"),
        unsure=site(NOT_KNOWN, "TLSv1.2_2021"),
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="name of a rest api",
        bad=[R("aws:apigateway/domainName:DomainName", props={"securityPolicy": "TLS_1_0"})],
        good=[R("aws:apigateway/domainName:DomainName", props={"securityPolicy": "TLS_1_2"})],
        unsure=[R("aws:apigateway/domainName:DomainName", props={"securityPolicy": NOT_KNOWN})],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="what a rest api asks",
        bad=[R(REST_CALL, props={"type": "HTTP_PROXY", "uri": "http://old.example/{proxy}"})],
        good=[
            R(REST_CALL, props={"type": "HTTP_PROXY", "uri": "https://old.example"}),
            R(REST_CALL, "mock", {"type": "MOCK"}),
        ],
        unsure=[R(REST_CALL, props={"type": "HTTP", "uri": NOT_KNOWN})],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="what an http api asks",
        bad=[R(CALL, props={**PROXY, "integrationUri": "http://old.example"})],
        good=[
            R(CALL, props={**PROXY, "integrationUri": "https://old.example"}),
            R(CALL, "function", {"integrationType": "AWS_PROXY", "integrationUri": NOT_KNOWN}),
        ],
        unsure=[R(CALL, props={**PROXY, "integrationUri": NOT_KNOWN})],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="what an http api asks inside",
        bad=[R(CALL, props={**PROXY, "connectionType": "VPC_LINK", "integrationUri": NOT_KNOWN})],
        good=[
            R(CALL, props={**PROXY, "connectionType": "VPC_LINK", "tlsConfig": {"serverNameToVerify": "a"}})
        ],
        unsure=[R(CALL, props={**PROXY, "connectionType": NOT_KNOWN, "integrationUri": "https://a.example"})],
    ),
    Case(rule="s3-bucket-tls-only", bad=[R(BUCKET)], good=policed(DENY), unsure=policed(NOT_KNOWN)),
    Case(
        rule="s3-bucket-tls-only",
        note="other-policy",
        bad=policed("{}"),
        good=policed(DENY),
        unsure=policed(NOT_KNOWN),
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="search-http",
        bad=[R(SEARCH, props={"nodeToNodeEncryption": {"enabled": True}})],
        good=[
            R(
                KAFKA,
                props={"encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS", "inCluster": True}}},
            )
        ],
        unsure=[
            R(
                SEARCH,
                props={"nodeToNodeEncryption": NOT_KNOWN, "domainEndpointOptions": {"enforceHttps": True}},
            )
        ],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="brokers-inside",
        bad=[R(KAFKA, props={"encryptionInfo": {"encryptionInTransit": {"inCluster": False}}})],
        good=[R(CACHE, props={"globalReplicationGroupId": NOT_KNOWN})],
        unsure=[R(KAFKA, props={"encryptionInfo": {"encryptionInTransit": {"clientBroker": NOT_KNOWN}}})],
    ),
    Case(
        rule="aws-data-in-transit-tls",
        note="site-behaviours",
        bad=[
            R(
                SITE,
                props={
                    "defaultCacheBehavior": {"viewerProtocolPolicy": "https-only"},
                    "orderedCacheBehaviors": [{"viewerProtocolPolicy": "allow-all"}],
                    "viewerCertificate": {"cloudfrontDefaultCertificate": True},
                },
            )
        ],
        good=[
            R(
                SITE,
                props={
                    "defaultCacheBehavior": {"viewerProtocolPolicy": "https-only"},
                    "viewerCertificate": {"cloudfrontDefaultCertificate": True},
                },
            )
        ],
        unsure=[R(SITE, props={"defaultCacheBehavior": NOT_KNOWN})],
    ),
    Case(
        rule="lb-listener-tls",
        note="http-to-http",
        bad=[
            R(
                LISTENER,
                props={
                    "protocol": "HTTP",
                    "defaultActions": [
                        {"type": "redirect", "redirect": {"protocol": "HTTPS"}},
                        {"type": "redirect", "redirect": {"protocol": "HTTP"}},
                    ],
                },
            )
        ],
        good=listener("HTTPS", "ELBSecurityPolicy-TLS13-1-3-2021-06"),
        unsure=listener("HTTP", type="redirect", redirect=NOT_KNOWN),
    ),
    Case(
        rule="s3-bucket-tls-only",
        note="other-statement",
        bad=policed(
            json.dumps(
                {
                    "Statement": [
                        {"Effect": "Deny", "Action": "s3:DeleteObject"},
                        {"Effect": "Allow", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
                    ]
                }
            )
        ),
        good=policed(DENY),
        unsure=policed(NOT_KNOWN),
    ),
    *(
        Case(
            rule="s3-bucket-tls-only",
            note=note,
            bad=policed(statement(**narrower)),
            good=policed(statement(**as_good)),
            unsure=[R("aws:s3/bucket:Bucket", props={"policy": NOT_KNOWN}), *policed(NOT_KNOWN)[1:]],
        )
        for note, narrower, as_good in (
            ("the-other-way", {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, {"Sid": "tls"}),
            ("some-only", {"Principal": {"AWS": "arn:aws:iam::1:role/r"}}, {"Principal": {"AWS": "*"}}),
            ("one-action", {"Action": "s3:PutObject"}, {"Action": ["*"]}),
            ("some-objects", {"Resource": "arn:aws:s3:::it/public/a"}, {"Resource": "*"}),
            (
                "further-condition",
                {"Condition": {**HTTP["Condition"], "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
                {"Condition": {"BoolIfExists": {"AWS:SecureTransport": [False]}}},
            ),
        )
    ),
    Case(
        rule="s3-bucket-tls-only",
        note="inline",
        bad=[R("aws:s3/bucket:Bucket", props={"policy": statement(Effect="Allow")})],
        good=[R("aws:s3/bucketV2:BucketV2", props={"policy": DENY})],
        unsure=policed(NOT_KNOWN),
    ),
]
