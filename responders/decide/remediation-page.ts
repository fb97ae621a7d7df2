const guide = 'https://docs.aws.amazon.com/guardduty/latest/ug';

/** What AWS writes about a type whose resource has a page of its own. */
const ofType: Readonly<Record<string, string>> = {
  'Execution:EC2/MaliciousFile!AMI': 'compromised-ami',
  'Execution:EC2/MaliciousFile!RecoveryPoint': 'compromised-ec2-recoverypoint',
  'Execution:EC2/MaliciousFile!Snapshot': 'compromised-snapshot',
  'Execution:S3/MaliciousFile!RecoveryPoint': 'compromised-s3-recoverypoint',
  'Object:S3/MaliciousFile': 'compromised-s3object-malware-protection-gdu',
};

/** By what a type is about: the part between its purpose and its name. */
const ofResource: Readonly<Record<string, string>> = {
  Container: 'remediate-compromised-standalone-container',
  EC2: 'compromised-ec2',
  ECS: 'compromised-ecs',
  IAM: 'compromised-creds',
  IAMUser: 'compromised-creds',
  Kubernetes: 'guardduty-remediate-kubernetes',
  Lambda: 'remediate-lambda-protection-finding-types',
  RDS: 'guardduty-remediate-compromised-database-rds',
  Runtime: 'guardduty-remediate-runtime-monitoring',
  S3: 'compromised-s3',
};

/** Of an attack sequence, which names several resources, and of whatever AWS adds. */
const ofAll = 'guardduty_remediate';

const own = (pages: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(pages, name) ? pages[name] : undefined;

/** Where AWS says what to do about a finding type. No text of the type gets into the address. */
export const remediationPage = (type: string): string => {
  const [, resource = ''] = /^(?!AttackSequence:)\w+:(\w+)\//.exec(type) ?? [];
  return `${guide}/${own(ofType, type) ?? own(ofResource, resource) ?? ofAll}.html`;
};
