"""Elastic Load Balancing: the hosted zones that names of application load balancers are in, by region."""

from __future__ import annotations

HOSTED_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-central-1": "Z215JYRZR1TBD5",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
}
"""https://docs.aws.amazon.com/general/latest/gr/elb.html"""
