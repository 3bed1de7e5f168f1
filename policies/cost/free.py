"""Types that cost nothing for being there: free, or paid by use alone."""

from __future__ import annotations

FREE_MODULES = frozenset({"acm", "iam", "vpc"})
"""Modules of pulumi_aws in which nothing is paid for: public certificates, identities, rules of security groups."""
_FREE = """
apigateway/account:Account apigateway/authorizer:Authorizer apigateway/deployment:Deployment
apigateway/integration:Integration apigateway/method:Method apigateway/methodSettings:MethodSettings apigateway/model:Model
apigateway/requestValidator:RequestValidator apigateway/resource:Resource apigateway/restApiPolicy:RestApiPolicy apigateway/stage:Stage
apigatewayv2/apiMapping:ApiMapping apigatewayv2/authorizer:Authorizer apigatewayv2/domainName:DomainName
apigatewayv2/integration:Integration apigatewayv2/route:Route apigatewayv2/stage:Stage apigatewayv2/vpcLink:VpcLink
arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration
autoscaling/attachment:Attachment autoscaling/policy:Policy autoscaling/lifecycleHook:LifecycleHook
autoscaling/schedule:Schedule autoscaling/tag:Tag
backup/plan:Plan backup/regionSettings:RegionSettings backup/selection:Selection backup/vault:Vault
backup/vaultLockConfiguration:VaultLockConfiguration backup/vaultNotifications:VaultNotifications backup/vaultPolicy:VaultPolicy
cloudfront/originAccessControl:OriginAccessControl cloudfront/responseHeadersPolicy:ResponseHeadersPolicy
cloudwatch/eventRule:EventRule cloudwatch/eventTarget:EventTarget ebs/encryptionByDefault:EncryptionByDefault
cloudwatch/logDelivery:LogDelivery cloudwatch/logDeliveryDestination:LogDeliveryDestination cloudwatch/logDeliverySource:LogDeliverySource
cloudwatch/logResourcePolicy:LogResourcePolicy cloudwatch/logStream:LogStream codedeploy/application:Application
codedeploy/deploymentConfig:DeploymentConfig codedeploy/deploymentGroup:DeploymentGroup dsql/clusterPeering:ClusterPeering
ec2/defaultSecurityGroup:DefaultSecurityGroup ec2/defaultNetworkAcl:DefaultNetworkAcl ec2/flowLog:FlowLog
ec2/internetGateway:InternetGateway ec2/launchTemplate:LaunchTemplate ec2/networkInterface:NetworkInterface
ec2/route:Route ec2/routeTable:RouteTable
eks/accessEntry:AccessEntry eks/accessPolicyAssociation:AccessPolicyAssociation eks/addon:Addon
eks/podIdentityAssociation:PodIdentityAssociation elasticbeanstalk/application:Application
elasticbeanstalk/applicationVersion:ApplicationVersion
ec2/routeTableAssociation:RouteTableAssociation ec2/securityGroup:SecurityGroup ec2/subnet:Subnet ec2/vpc:Vpc kms/alias:Alias
ecr/repositoryPolicy:RepositoryPolicy lambda/alias:Alias lambda/eventSourceMapping:EventSourceMapping
iot/policy:Policy lambda/permission:Permission lb/listener:Listener lb/targetGroup:TargetGroup
rds/clusterEndpoint:ClusterEndpoint
rds/clusterParameterGroup:ClusterParameterGroup rds/eventSubscription:EventSubscription rds/globalCluster:GlobalCluster
rds/optionGroup:OptionGroup rds/parameterGroup:ParameterGroup
rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup rds/proxyTarget:ProxyTarget
rds/subnetGroup:SubnetGroup route53/queryLog:QueryLog route53/record:Record
redshift/logging:Logging redshift/parameterGroup:ParameterGroup redshift/snapshotCopyGrant:SnapshotCopyGrant
redshift/snapshotSchedule:SnapshotSchedule redshift/snapshotScheduleAssociation:SnapshotScheduleAssociation
redshift/subnetGroup:SubnetGroup
s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration s3/bucketOwnershipControls:BucketOwnershipControls
s3/bucketPolicy:BucketPolicy s3/bucketPublicAccessBlock:BucketPublicAccessBlock s3/bucketReplicationConfig:BucketReplicationConfig
s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration s3/bucketVersioning:BucketVersioning
secretsmanager/secretPolicy:SecretPolicy secretsmanager/secretRotation:SecretRotation secretsmanager/secretVersion:SecretVersion
servicediscovery/service:Service
sesv2/configurationSet:ConfigurationSet sesv2/configurationSetEventDestination:ConfigurationSetEventDestination
sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes
sqs/queuePolicy:QueuePolicy sqs/redriveAllowPolicy:RedriveAllowPolicy
sns/topicPolicy:TopicPolicy sns/topicSubscription:TopicSubscription ssm/parameter:Parameter
vpclattice/authPolicy:AuthPolicy vpclattice/listener:Listener vpclattice/serviceNetwork:ServiceNetwork
vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation
vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation vpclattice/targetGroup:TargetGroup
wafv2/webAclAssociation:WebAclAssociation wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration
"""
_USED = """
apigateway/restApi:RestApi apigatewayv2/api:Api cloudwatch/eventArchive:EventArchive cloudwatch/eventBus:EventBus sqs/queue:Queue
backup/restoreTestingPlan:RestoreTestingPlan backup/restoreTestingSelection:RestoreTestingSelection cloudfront/distribution:Distribution
cloudwatch/logGroup:LogGroup codebuild/project:Project codepipeline/pipeline:Pipeline
dlm/lifecyclePolicy:LifecyclePolicy dsql/cluster:Cluster emrserverless/application:Application
fis/experimentTemplate:ExperimentTemplate iot/topicRule:TopicRule kinesis/firehoseDeliveryStream:FirehoseDeliveryStream
lambda/function:Function mediaconvert/queue:Queue redshift/snapshotCopy:SnapshotCopy s3/bucket:Bucket
s3/bucketObjectv2:BucketObjectv2 sesv2/emailIdentity:EmailIdentity sfn/stateMachine:StateMachine sns/topic:Topic
vpclattice/accessLogSubscription:AccessLogSubscription
"""
FREE = frozenset(f"aws:{each}" for each in _FREE.split())
USED = frozenset(f"aws:{each}" for each in _USED.split())
"""Paid by requests, storage or traffic, none of which a program declares."""


def is_free(token: str) -> bool:
    """Whether a resource of that type costs nothing, there or used."""
    return token in FREE or token.split(":")[1].split("/", maxsplit=1)[0] in FREE_MODULES
