"""RDS Proxy: pooled connections that outlive a failover."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.engines import ENGINES
from components.data.proxy_args import RdsProxyArgs
from components.options import handed_down
from components.permissions import Statement, allow, document
from components.trust import trust


class RdsProxy(pulumi.ComponentResource):
    """A proxy in front of a cluster or DB instance; clients must use TLS.

    Creates: the proxy, its target group and target, with `read_only` a second endpoint, and a role that may read the secrets and nothing
    else.
    Survives: keeps clients' connections through a failover of the database and finds the new writer without
    DNS (failover up to 66 % shorter). The proxy itself spans its subnets' zones. Costs: an hourly charge per
    vCPU of the database. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
    """

    endpoint: pulumi.Output[str]
    """Leads to the writer; known once the database is behind it. Before a cluster that follows another region's it refuses: there is none.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-gdb.html"""
    reader_endpoint: pulumi.Output[str] | None
    """Leads to the readers, in either region. None without `read_only`."""
    arn: pulumi.Output[str]
    proxy_name: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: RdsProxyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:RdsProxy", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        role, policy = self._role(name, args)
        proxy = aws.rds.Proxy(
            f"{name}-proxy",
            engine_family=ENGINES[args.engine].dialect.proxy_family or "",
            role_arn=role.arn,
            auths=[
                aws.rds.ProxyAuthArgs(
                    auth_scheme="SECRETS",
                    iam_auth="REQUIRED" if args.iam_authentication else "DISABLED",
                    secret_arn=arn,
                    description=f"Master user of the database behind {name}",
                )
                for arn in args.secret_arns
            ],
            require_tls=True,
            vpc_subnet_ids=args.subnets,
            vpc_security_group_ids=args.security_group_ids,
            idle_client_timeout=args.idle_client_timeout,
            debug_logging=False,
            tags=args.tags.resource(f"{name}-proxy"),
            # Without the policy the proxy can't read the secrets and its targets stay unavailable.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        group = aws.rds.ProxyDefaultTargetGroup(
            f"{name}-targets",
            db_proxy_name=proxy.name,
            connection_pool_config=aws.rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs(
                max_connections_percent=args.max_connections_percent,
                max_idle_connections_percent=args.max_connections_percent // 2,
                connection_borrow_timeout=args.borrow_timeout,
            ),
            opts=child,
        )
        target = aws.rds.ProxyTarget(
            f"{name}-target",
            db_proxy_name=proxy.name,
            target_group_name=group.name,
            db_cluster_identifier=args.cluster_identifier,
            db_instance_identifier=args.instance_identifier,
            # A proxy is before one database: another, as a restore makes it, comes once this one has left.
            # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html#rds-proxy.limitations
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.endpoint = outputs.once(proxy.endpoint, target.id)
        self.reader_endpoint = self._reader(name, args, proxy, target) if args.read_only else None
        self.arn = proxy.arn
        self.proxy_name = proxy.name
        self.role_arn = role.arn
        outputs.register(
            self, "endpoint", "arn", "proxy_name", *(["reader_endpoint"] if args.read_only else [])
        )

    def _reader(
        self, name: str, args: RdsProxyArgs, proxy: aws.rds.Proxy, target: aws.rds.ProxyTarget
    ) -> pulumi.Output[str]:
        return aws.rds.ProxyEndpoint(
            f"{name}-reads",
            db_proxy_name=proxy.name,
            db_proxy_endpoint_name=pulumi.Output.concat(proxy.name, "-reads"),
            target_role="READ_ONLY",
            vpc_subnet_ids=args.subnets,
            vpc_security_group_ids=args.security_group_ids,
            tags=args.tags.resource(f"{name}-reads"),
            # AWS makes one only where the target has readers.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[target]),
        ).endpoint

    def connecting_statements(self, user: str) -> list[Statement]:
        """Statements that let a role sign in to the proxy, and so to the database behind it, as that user alone.

        Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
        """
        as_user = self.arn.apply(
            lambda arn: f"{arn.replace(':rds:', ':rds-db:').replace(':db-proxy:', ':dbuser:')}/{user}"
        )
        return [allow("rds-db:connect", as_user)]

    def _role(self, name: str, args: RdsProxyArgs) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            f"{name}-role",
            description=f"{name} reads the secrets that it signs in with",
            assume_role_policy=trust("rds.amazonaws.com"),
            tags=args.tags.resource(f"{name}-role"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-secrets",
            role=role.id,
            policy=document(
                [
                    allow(
                        ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                        list(args.secret_arns),
                    ),
                    allow(
                        "kms:Decrypt",
                        args.kms_key_arn,
                        {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}},
                    ),
                ]
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, policy
