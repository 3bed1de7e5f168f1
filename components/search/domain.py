"""An OpenSearch Service domain over three zones."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.facts import Fact, fact
from components.options import handed_down
from components.permissions import document
from components.search.alarms import declare_alarms
from components.search.args import ZONES, SearchDomainArgs
from components.trust import trust

TLS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10"
"""https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html"""
LOGS = ("AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS")
SERVICE = "es.amazonaws.com"
HTTPS = 443


class SearchDomain(pulumi.ComponentResource):
    """A domain in private subnets of three zones, with three dedicated masters, entered by IAM roles alone.

    Creates: the domain (encrypted at rest and between nodes, TLS 1.2, fine-grained access control whose master is an IAM role and for
    which there is no password), that role without permissions yet, a security group, logs with what lets the service write them, alarms.
    Survives: instance and zone (with standby within a minute, by AWS's word; without it no downtime either, but the other nodes bear the
    load). Not the region: snapshots do, `SnapshotKeeper`. Costs: data nodes, masters and storage by the hour; logs; alarms.
    Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """Host name, inside the VPC."""
    master_role: aws.iam.Role
    """Who it takes for its master: the role of a Lambda function."""
    alarms: dict[str, pulumi.Output[str]]
    recovery_fact: Fact

    def __init__(self, name: str, args: SearchDomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:search:SearchDomain", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        invoke = pulumi.InvokeOutputOptions(parent=self)
        self._account = aws.get_caller_identity_output(opts=invoke).account_id
        self._partition = aws.get_partition_output(opts=invoke).partition
        # What the domain is told of itself can't come from it.
        whose = ("arn:", self._partition, f":es:{args.region}:", self._account)
        self._arn = pulumi.Output.concat(*whose, f":domain/{args.domain_name}")
        self.master_role = aws.iam.Role(
            f"{name}-master",
            description=f"{name}: keeps the domain's snapshots and says who may what in it",
            assume_role_policy=trust("lambda.amazonaws.com"),
            tags=args.tags.resource(f"{name}-master"),
            opts=self._child,
        )
        domain = self._domain(self._group(), self._logs())
        self.arn, self.name, self.endpoint = domain.arn, domain.domain_name, domain.endpoint
        self.alarms = declare_alarms(
            name, args, domain_name=domain.domain_name, account=self._account, opts=self._child
        )
        self.recovery_fact = fact(
            "opensearch",
            f"{name}-domain",
            args.promised.store(""),
            standby=args.standby or None,
            masters=True,
            nodes=args.data_nodes,
            zones=ZONES,
            group=args.domain_name,
            role=None if args.standby else "replica",
            snapshot_copies=args.taken.copies if args.taken else None,
        )
        outputs.register(self, "arn", "name", "endpoint")

    def _group(self) -> aws.ec2.SecurityGroup:
        name, args = f"{self._name}-sg", self._args
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=args.vpc_id,
            description=f"Search domain {args.domain_name}",
            tags=args.tags.resource(name),
            opts=self._child,
        )
        for cidr in args.reached_from:
            rule = f"{name}-from-{cidr.replace('/', '-')}"
            aws.vpc.SecurityGroupIngressRule(
                rule,
                security_group_id=group.id,
                description=f"HTTPS from {cidr}",
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                tags=args.tags.resource(rule),
                opts=self._child,
            )
        return group

    def _logs(self) -> tuple[dict[str, aws.cloudwatch.LogGroup], aws.cloudwatch.LogResourcePolicy]:
        """A log group for each kind of log, and what lets the service write to them."""
        args = self._args
        groups = {
            kind: aws.cloudwatch.LogGroup(
                f"{self._name}-{kind.lower().replace('_', '-')}",
                retention_in_days=args.log_days,
                kms_key_id=args.key_arn,
                tags=args.tags.resource(f"{self._name}-{kind.lower().replace('_', '-')}"),
                opts=self._child,
            )
            for kind in LOGS
        }
        writing = {
            "Effect": "Allow",
            "Principal": {"Service": SERVICE},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"],
            "Resource": [pulumi.Output.concat(group.arn, ":*") for group in groups.values()],
            "Condition": {
                "ArnLike": {"aws:SourceArn": self._arn},
                "StringEquals": {"aws:SourceAccount": self._account},
            },
        }
        policy = aws.cloudwatch.LogResourcePolicy(
            f"{self._name}-logs",
            policy_name=f"{args.domain_name}-search-logs",
            policy_document=document([writing]),
            opts=self._child,
        )
        return groups, policy

    def _domain(
        self,
        group: aws.ec2.SecurityGroup,
        logs: tuple[dict[str, aws.cloudwatch.LogGroup], aws.cloudwatch.LogResourcePolicy],
    ) -> aws.opensearch.Domain:
        args, name = self._args, f"{self._name}-domain"
        groups, writers = logs
        # Who may do what is decided within; at the edge somebody of the account must have signed.
        inside = {
            "Effect": "Allow",
            "Principal": {
                "AWS": pulumi.Output.concat("arn:", self._partition, ":iam::", self._account, ":root")
            },
            "Action": "es:ESHttp*",
            "Resource": pulumi.Output.concat(self._arn, "/*"),
        }
        return aws.opensearch.Domain(
            name,
            domain_name=args.domain_name,
            engine_version=f"OpenSearch_{args.version}",
            cluster_config={
                "instance_type": args.data_type,
                "instance_count": args.data_nodes,
                "dedicated_master_enabled": True,
                "dedicated_master_type": args.master_type,
                "dedicated_master_count": ZONES,
                "zone_awareness_enabled": True,
                "zone_awareness_config": {"availability_zone_count": ZONES},
                "multi_az_with_standby_enabled": args.standby,
            },
            ebs_options={"ebs_enabled": True, "volume_type": "gp3", "volume_size": args.volume_gib}
            if args.volume_gib is not None
            else {"ebs_enabled": False},
            vpc_options={
                "subnet_ids": [args.subnet_ids[zone] for zone in sorted(args.subnet_ids)[:ZONES]],
                "security_group_ids": [group.id],
            },
            encrypt_at_rest={"enabled": True, "kms_key_id": args.key_arn},
            node_to_node_encryption={"enabled": True},
            domain_endpoint_options={"enforce_https": True, "tls_security_policy": TLS_POLICY},
            advanced_security_options={
                "enabled": True,
                "internal_user_database_enabled": False,
                "master_user_options": {"master_user_arn": self.master_role.arn},
            },
            access_policies=document([inside]),
            log_publishing_options=[
                {"log_type": kind, "cloudwatch_log_group_arn": groups[kind].arn, "enabled": True}
                for kind in LOGS
            ],
            # Standby asks for it; what changes in the cluster waits for the quiet hours.
            auto_tune_options={
                "desired_state": "ENABLED",
                "use_off_peak_window": True,
            },
            off_peak_window_options={
                "enabled": True,
                "off_peak_window": {"window_start_time": {"hours": args.off_peak_hour, "minutes": 0}},
            },
            software_update_options={"auto_software_update_enabled": True},
            tags=args.promised.store(name),
            # OpenSearch refuses logs that it may not write.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[writers], protect=args.protect),
        )
