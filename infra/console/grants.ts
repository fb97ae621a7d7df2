import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ConsoleFunctionName } from '../../console/functions.ts';
import type { ConsoleResources } from '../response/console-resources.ts';
import { allow, denyQuestions, readCases, readEvidence } from '../response/people-statements.ts';
import { via, viaService } from '../shared/grants.ts';

interface SignedBy {
  readonly keyArn: string;
}

/** Objects that are written once: the bucket refuses a second version of any. */
const writeOnce = ({ evidence }: ConsoleResources, ...folders: readonly string[]) => [
  ...folders.map((folder) =>
    allow(['s3:PutObject'], evidence.bucket.arnForObjects(`console/${folder}/*`)),
  ),
  viaService('s3', [evidence.key.keyArn]),
];

/** Timelines and reports; the evidence itself is read by another function. */
const readDocuments = ({ evidence }: ConsoleResources): PolicyStatement[] => [
  ...evidence.both.flatMap((bucket) =>
    ['timeline', 'report'].map((folder) =>
      allow(['s3:GetObject'], bucket.arnForObjects(`incidents/*/${folder}/*`)),
    ),
  ),
  allow(['kms:Decrypt'], evidence.key.keyArn, via('s3')),
];

/** Signs with the key of the audit, and with no other: that of evidence vouches for manifests. */
const signExports = (auditKey: SignedBy): PolicyStatement =>
  allow(['kms:Sign', 'kms:GetPublicKey'], auditKey.keyArn);

/** With the condition, a list shows the audit and no evidence. */
const readAudit = ({ evidence: { bucket } }: ConsoleResources): PolicyStatement[] => [
  allow(['s3:ListBucket'], bucket.bucketArn, { StringLike: { 's3:prefix': 'console/audit/*' } }),
  allow(['s3:GetObject'], bucket.arnForObjects('console/audit/*')),
];

/** How many letters wait, and who gets mails; neither a letter nor a mail is read. */
const readHealth = ({ health }: ConsoleResources): PolicyStatement[] => [
  allow(['sqs:GetQueueAttributes'], health.deadLettersArn),
  allow(['sns:ListSubscriptionsByTopic'], health.topicArn),
  allow(['sns:GetSubscriptionAttributes'], '*'),
];

/** What each function may do, and nothing else: none may make a proof itself. */
export const grantsOf = (
  name: ConsoleFunctionName,
  resources: ConsoleResources,
  auditKey: SignedBy,
): Readonly<Record<string, PolicyDocument>> => {
  const { cases, evidence, signingKey, custody, roles } = resources;
  const reading = [...readCases(cases), denyQuestions(cases)];
  const own: Readonly<Record<ConsoleFunctionName, readonly PolicyStatement[]>> = {
    ConsoleReadLambda: [...readDocuments(resources), ...readHealth(resources)],
    ConsoleEvidenceLambda: [
      ...readEvidence(evidence, signingKey),
      allow(['lambda:InvokeFunction'], custody.functionArn),
      ...writeOnce(resources, 'audit'),
    ],
    ConsoleDecideLambda: [
      ...Object.values(roles).map((role) =>
        allow(['sts:AssumeRole', 'sts:SetSourceIdentity'], role),
      ),
      ...writeOnce(resources, 'audit', 'sign-ins'),
    ],
    ConsoleAuditLambda: [
      ...readAudit(resources),
      ...writeOnce(resources, 'audit'),
      signExports(auditKey),
    ],
  };
  return {
    // The audit says all that it shows itself.
    ...(name !== 'ConsoleAuditLambda' && {
      ReadCases: new PolicyDocument({ statements: reading }),
    }),
    Own: new PolicyDocument({ statements: [...own[name]] }),
  };
};

/** Why wildcards are there, by the ARN before them. */
export const wildcardsOf = (
  name: ConsoleFunctionName,
  { evidence }: ConsoleResources,
): (readonly [arn: string, because: string])[] => {
  const once =
    'Entries are named after requests and sign-ins, which are made later; they can be written ' +
    'once, and neither changed nor removed.';
  const audit = evidence.bucket.arnForObjects('console/audit/*');
  const folders = 'An incident’s folder is named when a finding arrives; it can only be read.';
  const of: Readonly<Record<ConsoleFunctionName, (readonly [string, string])[]>> = {
    ConsoleReadLambda: [
      [
        '*',
        'X-Ray, and the attributes of a subscription, know no resources that a policy could ' +
          'name; they are read only.',
      ],
      ...evidence.both.flatMap((bucket) =>
        ['timeline', 'report'].map(
          (folder) => [bucket.arnForObjects(`incidents/*/${folder}/*`), folders] as const,
        ),
      ),
    ],
    ConsoleEvidenceLambda: [
      [audit, once],
      ...evidence.both.map((bucket) => [bucket.arnForObjects('incidents/*'), folders] as const),
    ],
    ConsoleDecideLambda: [
      [audit, once],
      [evidence.bucket.arnForObjects('console/sign-ins/*'), once],
    ],
    ConsoleAuditLambda: [[audit, once]],
  };
  return of[name];
};
