/** The SDK commands whose IAM action is not `<service>:<command>`, by service. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:TransactWriteItems': [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:ConditionCheckItem',
  ],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  's3:HeadObject': ['s3:GetObject'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:ListObjectsV2': ['s3:ListBucket'],
};

/** The IAM actions that an SDK command needs. */
export const actionsOf = (service: string, command: string): readonly string[] =>
  exceptions[`${service}:${command}`] ?? [`${service}:${command}`];

/** Reads change nothing; every other call of IAM and Lambda is kept away from Cordon itself. */
export const mutates = (action: string): boolean =>
  !/:(Get|List|Describe|Lookup|Head)/.test(action);
