"""A pair in the sandbox's AWS: load balancer with two listeners, two Auto Scaling groups of one instance, table, topic with a queue.

A deregistered target is gone at once here: moto knows no draining.
"""

from __future__ import annotations

import json
from types import SimpleNamespace

from functions.active_standby import handler
from functions.active_standby.clock import Clock
from sandbox.aws import faults

NAMES = ("pair-a", "pair-b")
IMAGE = "ami-03cf127a"
START = 1.7e9
DRAIN = [{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}]
CHECKS = {
    "HealthCheckIntervalSeconds": 5,
    "HealthCheckTimeoutSeconds": 2,
    "HealthyThresholdCount": 2,
    "UnhealthyThresholdCount": 2,
}


class Pair:
    """What is deployed, and a function whose time passes only while it sleeps."""

    def __init__(self, boto, user_data=""):
        self.boto, self.user_data = boto, user_data
        self.elb, self.scaling, self.table = boto("elbv2"), boto("autoscaling"), boto("dynamodb")
        self._network()
        self._groups()
        self._rest()
        self.environment = {
            "LEASE_TABLE": "lease",
            "PAIR": "shop",
            "SERVING_TARGET_GROUP": self.serving,
            "MEMBERS_TARGET_GROUP": self.members,
            "MEMBERS": json.dumps(NAMES),
            "TOPIC": self.topic,
            "TIMING": "{}",
        }
        handler._client.cache_clear()

    def fresh(self):
        """Nobody has served yet, nothing fails, nothing has been said, it is the beginning of time."""
        self.now, self.due, self.lines, self.owners = 0.0, [], [], {}
        faults.apply({"clear": True})
        self.table.delete_item(TableName="lease", Key={"pair": {"S": "shop"}})
        if others := self.registered():
            self.elb.deregister_targets(TargetGroupArn=self.serving, Targets=[{"Id": id_} for id_ in others])
        self.messages()
        return self

    def begin(self):
        """The first one has served for long."""
        instance = self.instance(NAMES[0])
        item = {"pair": "shop", "member": NAMES[0], "instance": instance}
        self.table.put_item(
            TableName="lease",
            Item={
                **{name: {"S": value} for name, value in item.items()},
                "epoch": {"N": "1"},
                "served": {"BOOL": True},
            },
        )
        self.elb.register_targets(TargetGroupArn=self.serving, Targets=[{"Id": instance}])
        return self

    def _network(self):
        ec2 = self.boto("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(
                VpcId=self.vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"us-east-1{zone}"
            )["Subnet"]["SubnetId"]
            for i, zone in enumerate("ab")
        ]
        balancer = self.elb.create_load_balancer(Name="pair", Subnets=self.subnets)["LoadBalancers"][0][
            "LoadBalancerArn"
        ]
        self.serving, self.members = (
            self._listener(balancer, name, port) for name, port in (("serving", 80), ("members", 8080))
        )

    def _listener(self, balancer, name, port):
        group = self.elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=self.vpc, **CHECKS)[
            "TargetGroups"
        ][0]["TargetGroupArn"]
        self.elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=DRAIN)
        self.elb.create_listener(
            LoadBalancerArn=balancer,
            Protocol="HTTP",
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        return group

    def _groups(self):
        self.boto("ec2").create_launch_template(
            LaunchTemplateName="pair",
            LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro", "UserData": self.user_data},
        )
        for name, subnet in zip(NAMES, self.subnets, strict=True):
            self.scaling.create_auto_scaling_group(
                AutoScalingGroupName=name,
                LaunchTemplate={"LaunchTemplateName": "pair"},
                MinSize=1,
                MaxSize=1,
                VPCZoneIdentifier=subnet,
                TargetGroupARNs=[self.members],
                HealthCheckType="ELB",
                HealthCheckGracePeriod=600,
            )

    def _rest(self):
        self.table.create_table(
            TableName="lease",
            KeySchema=[{"AttributeName": "pair", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pair", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.topic = self.boto("sns").create_topic(Name="alarms")["TopicArn"]
        self.queue = self.boto("sqs").create_queue(QueueName="alarms")["QueueUrl"]
        arn = self.boto("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])[
            "Attributes"
        ]["QueueArn"]
        self.boto("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    # time

    def sleep(self, seconds):
        self.now += seconds
        while self.due and self.due[0][0] <= self.now:
            self.due.pop(0)[1]()

    def at(self, moment, act):
        """Have something happen while the function sleeps."""
        self.due.append((moment, act))

    # the function

    def invoke(self, event, request="r", left=150):
        end = self.now + left
        context = SimpleNamespace(
            aws_request_id=request, get_remaining_time_in_millis=lambda: 1000 * (end - self.now)
        )
        clock = Clock(lambda: self.now, lambda: START + self.now, self.sleep)
        write = lambda line: self.lines.append(json.loads(line))  # noqa: E731
        return handler.run(event, context, handler.World(clock=clock, write=write, owners=self.owners))

    def watch(self, seconds=18):
        return self.invoke({"action": "watch"}, left=seconds + 14)

    # what is seen

    def instance(self, name):
        (group,) = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
            "AutoScalingGroups"
        ]
        (instance,) = group["Instances"]
        return instance["InstanceId"]

    def registered(self, group=None):
        found = self.elb.describe_target_health(TargetGroupArn=group or self.serving)[
            "TargetHealthDescriptions"
        ]
        return {each["Target"]["Id"] for each in found}

    def serves(self, name):
        return self.registered() == {self.instance(name)}

    def lease(self):
        item = self.table.get_item(TableName="lease", Key={"pair": {"S": "shop"}}).get("Item", {})
        return {name: next(iter(value.values())) for name, value in item.items()}

    def ill(self, name, reason="Target.Timeout"):
        faults.apply({"targets": {self.instance(name): ["unhealthy", reason]}})

    def well(self, name):
        faults.apply({"targets": {self.instance(name): None}})

    def said(self, what):
        return [line for line in self.lines if line["what"] == what]

    def metric(self, name):
        return [line[name] for line in self.lines if name in line]

    def messages(self):
        found = (
            self.boto("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        )
        return [json.loads(message["Body"])["Subject"] for message in found]
