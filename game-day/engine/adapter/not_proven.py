"""What a local run cannot prove, with the corrections on. `cordon up` prints it; keep it true."""

SENTENCES = (
    'IAM propagation time: a change is effective at once here and takes seconds on AWS.',
    'Whether lambda:SourceFunctionArn survives credentials that were carried out of the function; here it does.',
    'GuardDuty: its detection, its detection delay and its severities; findings are injected.',
    'CloudTrail: its real delivery delay (here it is a setting), digest files and log file validation.',
    'AWS WAF: the managed rule groups, and its own detection of SQL injection and cross-site scripting; locally the edge judges our own rules by an approximation.',
    'AWS WAF: rates are exact at the edge and counted with a lag of seconds on AWS; its logs and sampled requests.',
    'CloudFront: the distribution can be read back, and serves nothing here.',
    'Service control policies and resource control policies.',
    'SNS e-mail: confirmation of a subscription, delivery to a mailbox and message signatures; mails are files in the inbox.',
    'Athena: its own types, quotas and record reader; locally its dialect is translated for DuckDB, over the same files and partitions.',
    'iam:PassRole in CloudFormation: a stack is deployed with the rights of the root key, so what its deployer may pass is not asked.',
    'Service roles: what the roles of Step Functions, EventBridge and EventBridge Scheduler may do is not enforced.',
    'Step Functions: log delivery to CloudWatch Logs; a logging configuration can only be read back.',
    'SSE-KMS: S3 reads and writes encrypted objects without asking for permissions on the key.',
    'Object Lock across a restart of the engine: the lock of an object is lost, so evidence tests never restart it.',
    'Step Functions: redrive, history size and other quotas.',
    'Lambda: memory limit, payload limit, isolation of /tmp between functions, VPC and AWS X-Ray.',
    'API Gateway: access logs and execution logs, metrics of a stage, and TLS.',
    'Cognito: lockout after failed sign-ins, mails with codes, and most triggers.',
    'Quotas and throttling of AWS APIs, and what anything costs.',
)
