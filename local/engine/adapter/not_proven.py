"""What a local run cannot prove, even with all corrections. `cordon up` prints these sentences.

Each sentence was checked against the running engine; check them again when its version changes.
"""

SENTENCES = (
    'IAM propagation time: a change takes effect at once here, and after seconds on AWS.',
    'lambda:SourceFunctionArn: here the key stays with credentials that were carried out of '
    'their function; whether it does so on AWS is not known.',
    'GuardDuty: the engine has no such service; findings are injected, so how AWS detects, how '
    'soon, and with which severity is not tested.',
    'CloudTrail: the delay of delivery is a setting here, and there are no digest files and no '
    'validation of log files.',
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
    'Containers and jobs: nothing of ECS, Batch, CodeBuild, EC2, EKS, RDS or Glue runs here, and '
    'no function of an image.',
    'iam:PassRole in CloudFormation: the engine deploys a stack with the rights of the root key, '
    'so it does not check which roles the deployer may pass.',
    'Service roles: the engine does not enforce what the roles of Step Functions, EventBridge and '
    'EventBridge Scheduler may do.',
    'Histories: after ten drills, the trail, logs, executions and events of earlier drills are let '
    'go, and with them the calls of the deployment.',
    'Resource policies of DynamoDB tables: the engine stores them and does not enforce them.',
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
    'Cognito: here failed sign-ins lock nobody out, mails with codes are not delivered, and the '
    'triggers of authentication, confirmation and migration do not run.',
    'Quotas, throttling and prices of AWS APIs: the engine has none, except the concurrency of '
    'functions and the throttling of an API Gateway stage.',
)
