"""A domain whose mail a region sends: identity, records that receivers look at, rules of sending, what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.facts import Fact, fact
from components.mail.args import BOUNCES, COMPLAINTS, DKIM_DOMAINS, MailDomainArgs
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.outputs import once, register
from components.permissions import Statement, allow

EVENTS = ("REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "RENDERING_FAILURE")
"""What is told of each mail. https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html"""
DKIM_KEYS = 3
"""https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html"""
_TTL = 300
_HOUR = 3600


class MailDomain(pulumi.ComponentResource):
    """A domain's identity in one region: signed by Easy DKIM, with a MAIL FROM domain of the region's own, over TLS only.

    Each region's SES has keys of its own, so that three records of DKIM, and the two of the MAIL FROM domain, have names that no other
    region's have; the one record that all share, DMARC's, is of the stack with `policy`. A receiver that offers no TLS gets no mail.

    Creates: identity, MAIL FROM domain, their records, a configuration set that requires TLS, watches its reputation and sends nothing to
    who bounced or complained, its events on the region's default bus, alarms on the rates at which AWS looks into an account.
    Survives: a zone. Not the region: the other one's identity sends by itself, with its own reputation, limits and suppressed addresses.
    Costs: by mail. Production access is asked for by hand, in each region: until then SES sends 200 mails a day, to verified addresses.
    Source: https://docs.aws.amazon.com/ses/latest/dg/regions.html, https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
    """

    configuration_set: pulumi.Output[str]
    """Its name, known once it tells what becomes of mail."""
    identity_arn: pulumi.Output[str]
    configuration_set_arn: pulumi.Output[str]
    recovery_fact: Fact

    def __init__(self, name: str, args: MailDomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:mail:MailDomain", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._own = pulumi.ResourceOptions(parent=self)
        made = self._configuration_set()
        told = self._told(made)
        identity = aws.sesv2.EmailIdentity(
            f"{name}-identity",
            email_identity=args.domain,
            configuration_set_name=made.configuration_set_name,
            tags=args.tags.resource(f"{name}-identity"),
            opts=self._own,
        )
        self._keys(identity)
        self._mail_from(identity)
        if args.policy:
            self._record(
                "policy", f"_dmarc.{args.domain}", "TXT", ["v=DMARC1; p=quarantine; adkim=r; aspf=r"]
            )
        self._alarms(made)
        self.configuration_set = once(made.configuration_set_name, told.id)
        self.identity_arn, self.configuration_set_arn = identity.arn, made.arn
        self.recovery_fact = fact("mail", f"{name}-identity", args.tags.resource(f"{name}-identity"))
        register(self, "configuration_set", "identity_arn", "configuration_set_arn")

    def sending(self) -> list[Statement]:
        """What a role needs that sends mail of the domain, by this configuration set."""
        from_it = {"StringLike": {"ses:FromAddress": f"*@{self._args.domain}"}}
        return [allow("ses:SendEmail", [self.identity_arn, self.configuration_set_arn], from_it)]

    def _configuration_set(self) -> aws.sesv2.ConfigurationSet:
        args = self._args
        return aws.sesv2.ConfigurationSet(
            f"{self._name}-rules",
            configuration_set_name=args.name,
            delivery_options={"tls_policy": "REQUIRE"},
            reputation_options={"reputation_metrics_enabled": True},
            sending_options={"sending_enabled": True},
            suppression_options={"suppressed_reasons": ["BOUNCE", "COMPLAINT"]},
            tags=args.tags.resource(f"{self._name}-rules"),
            opts=self._own,
        )

    def _told(self, made: aws.sesv2.ConfigurationSet) -> aws.sesv2.ConfigurationSetEventDestination:
        """On the default bus: SES knows no other one."""
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        bus = pulumi.Output.concat("arn:aws:events:", self._args.region, ":", account, ":event-bus/default")
        return aws.sesv2.ConfigurationSetEventDestination(
            f"{self._name}-told",
            configuration_set_name=made.configuration_set_name,
            event_destination_name="events",
            event_destination={
                "enabled": True,
                "matching_event_types": list(EVENTS),
                "event_bridge_destination": {"event_bus_arn": bus},
            },
            opts=self._own,
        )

    def _record(
        self, what: str, name: pulumi.Input[str], type_: str, values: Sequence[pulumi.Input[str]]
    ) -> aws.route53.Record:
        return aws.route53.Record(
            f"{self._name}-{what}",
            zone_id=self._args.zone_id,
            name=name,
            type=type_,
            ttl=_TTL,
            records=list(values),
            opts=self._own,
        )

    def _keys(self, identity: aws.sesv2.EmailIdentity) -> None:
        for number in range(DKIM_KEYS):
            token = identity.dkim_signing_attributes.tokens[number]
            self._record(
                f"key-{number + 1}",
                pulumi.Output.concat(token, "._domainkey.", self._args.domain),
                "CNAME",
                [pulumi.Output.concat(token, ".", DKIM_DOMAINS[self._args.region])],
            )

    def _mail_from(self, identity: aws.sesv2.EmailIdentity) -> None:
        """Mail goes on with SES's own domain should the records not be found: DKIM still says whose it is."""
        args = self._args
        comes_back = f"10 feedback-smtp.{args.region}.amazonses.com"
        records = [
            self._record("mx", args.mail_from, "MX", [comes_back]),
            self._record("spf", args.mail_from, "TXT", ["v=spf1 include:amazonses.com ~all"]),
        ]
        aws.sesv2.EmailIdentityMailFromAttributes(
            f"{self._name}-from",
            email_identity=identity.email_identity,
            mail_from_domain=args.mail_from,
            behavior_on_mx_failure="USE_DEFAULT_VALUE",
            opts=pulumi.ResourceOptions(parent=self, depends_on=records),
        )

    def _alarms(self, made: aws.sesv2.ConfigurationSet) -> None:
        """https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html."""
        for what, metric, threshold, about in (
            ("bounces", "Reputation.BounceRate", BOUNCES, "comes back"),
            ("complaints", "Reputation.ComplaintRate", COMPLAINTS, "is complained of"),
        ):
            alarm(
                f"{self._name}-{what}",
                Metric(
                    namespace="AWS/SES",
                    name=metric,
                    statistic="Maximum",
                    dimensions={"ses:configuration-set": made.configuration_set_name},
                    period_seconds=_HOUR,
                ),
                Comparison.AT_LEAST,
                threshold,
                missing=Missing.IGNORE,  # nothing is told while nothing is sent
                description=f"{self._name}: so much mail {about} that AWS looks into the account",
                tags=self._args.tags,
                actions=self._args.actions,
                opts=self._own,
            )
