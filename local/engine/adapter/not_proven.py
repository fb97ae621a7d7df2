"""What a local run cannot prove, even with all corrections. `cordon up` prints these sentences.

Each sentence was checked against the running engine; check them again when its version changes.
"""

SENTENCES = (
    'IAM propagation time: a change takes effect at once here, and after seconds on AWS.',
    'lambda:SourceFunctionArn: here the key stays with credentials that were carried out of '
    'their function; whether it does so on AWS is not known.',
    'Release: whether an update of a function that changes nothing makes Lambda replace all of its '
    'execution environments, and for how long the session of a function lives (12 hours are '
    'assumed).',
    'GuardDuty: findings are injected here, so how AWS detects, how soon, and with which severity '
    'is not tested.',
    'GetFindings of GuardDuty: AWS publishes neither its quota, nor how soon after the event of a '
    'finding it answers with the finding, nor its answer to an id that it does not know; here it '
    'answers at once, without throttling, and leaves an unknown id out.',
    'CloudTrail: Lambda’s own calls with the session of a function are not recorded here; that AWS '
    'writes them as our tests plant them, and names no service for a log call, was read and not '
    'tried.',
    'CloudTrail: the delay of delivery is a setting here, and there are no digest files and no '
    'validation of log files.',
    'CloudTrail and EventBridge: here a rule hears a call at once, on AWS after seconds or '
    'minutes; which services leave out the parameters of a denied call is only known there, and '
    'of calls of CloudWatch none are recorded here.',
    'The self-check: that CloudFormation is done with a function or policy after Lambda and IAM '
    'date its change is so here, and on AWS was read and not tried.',
    'The heartbeat: that CloudFormation tells a rule of the same stack that a deployment has '
    'ended was read and not tried; here nothing starts the heartbeat but the clock and a person.',
    'Alarms on silence: for how many hours more than it must CloudWatch looks at data is only '
    'known there.',
    'The audit: here keys encrypt topics without being asked, a batching window is not waited for, '
    'and Object Lock is not tried against the root user; how long an event takes from its function '
    'to its table is only known on AWS.',
    'AWS WAF rules: the local edge applies our own rules, only approximates the detection of SQL '
    'injection and cross-site scripting, and does not know the managed rule groups.',
    'AWS WAF limits and logs: the local edge counts a rate exactly, AWS some seconds late; logs '
    'and sampled requests do not exist here.',
    'CloudFront: the engine serves a distribution to requests with its host name, but without '
    'cache, web ACL, geographic restrictions, signed URLs, access logs and TLS.',
    'Service control policies and resource control policies: the engine stores them and does not '
    'enforce them.',
    'SNS e-mail: a subscription needs no confirmation here, and a mail is a file in the inbox; '
    'delivery to a mailbox and message signatures are not tested.',
    'Athena: its types, its quotas and its record reader; here DuckDB runs the translated query '
    'over the same files and partitions, and no other tables than those of CloudTrail.',
    'Containers and jobs: nothing of Batch, CodeBuild, EC2, EKS or Glue runs here, and no function '
    'of an image; a container of ECS is a process without limits of memory and health checks, and '
    'what an image would run, runs on the Node of the run.',
    'Databases and caches: PostgreSQL stands for Aurora too, without failover, replicas, backups, '
    'sign-in with IAM and TLS; Redis serves no encryption in transit.',
    'AppSync: tokens of other OpenID Connect providers and signed subscriptions are refused here, '
    'and filters that a resolver sets for a subscription are not known; whether a subscription '
    'ends when its token expires is only known on AWS.',
    'Networks: routes, security groups and endpoints of a VPC are stored, and stop nothing.',
    'iam:PassRole in CloudFormation: the engine deploys a stack with the rights of the root key, '
    'so it does not check which roles the deployer may pass.',
    'Service roles: the engine does not enforce what the roles of Step Functions, EventBridge and '
    'EventBridge Scheduler may do, except the role with which a rule reaches another region.',
    'Regions: that an event which EventBridge forwards to another region keeps its source and its '
    'region, and how long that takes, was read and not tried.',
    'Histories: after ten drills, the trail, logs, executions and events of earlier drills are let '
    'go, and with them the calls of the deployment.',
    'aws:PrincipalTag: here a tag that a role gets counts at once for its existing sessions; '
    'whether it does so on AWS was read and not tried.',
    'aws:MultiFactorAuthPresent: no sign-in with a second factor reaches IAM here, so who may '
    'release only with one (an option) is not tested.',
    'Resource policies of functions: AWS documents that they may name API actions, without a '
    'list; which changes of a function its own policy can deny is only known there.',
    'Resource policies and services: the engine calls functions and tables on behalf of its own '
    'services without asking such a policy; an independent evaluator is asked instead.',
    'dynamodb:LeadingKeys: the engine does not know this key, so a role that may delete items of '
    'some partitions only may delete all here; an independent evaluator is asked instead.',
    'STS: whether it takes a presigned GetCallerIdentity with an additional signed header was read '
    'of other products and not tried; the engine takes it.',
    'KMS: whether its check that a new key policy does not lock the account out accepts conditions '
    'on aws:PrincipalArn is only known on AWS; the engine has no such check.',
    'aws:CalledVia: whether Athena sends it when it writes its own answers to S3 is not known; the '
    'engine does not set it.',
    'Encryption with KMS keys: S3, SQS, Secrets Manager and Step Functions do not check here '
    'whether the caller may use the key.',
    'Object Lock across a restart of the engine: the lock of an object is lost, so no evidence '
    'test restarts the engine.',
    'Step Functions: log delivery, redrive and quotas, such as 256 KiB of state, do not exist '
    'here; a logging configuration can only be read back.',
    'Lambda: limits of memory and payload, a /tmp of its own for each function, VPCs and AWS '
    'X-Ray do not exist here.',
    'API Gateway: access logs, execution logs, metrics of a stage and TLS do not exist here.',
    'Alarms on the age of the oldest message of a queue, or on all functions together: the engine '
    'does not publish these metrics, so such alarms never have data.',
    'Cognito: here failed sign-ins lock nobody out, a code of an authenticator app works more than '
    'once, mails are not delivered, and the triggers of authentication, confirmation and migration '
    'do not run.',
    'Queues and resource policies: AWS does not document as whom Lambda hands the messages of a '
    'queue to a function; the policies here exempt services and the role of the function.',
    'Queues and batches: a batching window of a function is not waited for here.',
    'Quotas, throttling and prices of AWS APIs: the engine has none, except the concurrency of '
    'functions, the policies and tags of a role, and the throttling of an API Gateway stage.',
    'Provisioned concurrency: that Lambda refuses a smaller reservation, as here, was read and not '
    'tried; and here nothing is kept ready.',
    'Sessions of a user: that those made from a key go on after the key was deactivated, and are '
    'denied by a policy of the user, was read; only the policy was tried, and only here.',
    'Durable executions: that a denied role cannot write a checkpoint, and that managed instances '
    'go on after a reservation of 0.',
)
