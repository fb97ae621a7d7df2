import { Aws, Stack } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../config.ts';
import type { Alerts } from '../shared/alerts.ts';
import type { Resources } from '../shared/grants.ts';
import { names } from '../shared/names.ts';
import type { CaseTable } from './case-table.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { OwnParts } from './own-parts.ts';
import type { ProofKeys } from './proof-keys.ts';
import type { QuarantinePolicies } from './quarantine-policies.ts';
import type { TrailQuery } from './trail-query.ts';

export interface RespondersProps extends OwnParts {
  readonly config: Config;
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
  readonly cases: CaseTable;
  readonly evidence: EvidenceStore;
  readonly signingKey: Key;
  readonly proofKeys: ProofKeys;
  readonly alerts: Alerts;
  readonly quarantine: QuarantinePolicies;
  readonly query: TrailQuery;
}

/** What stands for the placeholders of grants. */
export const resourcesOf = ({
  cases,
  evidence,
  signingKey,
  proofKeys,
  alerts,
  quarantine,
  query,
  tamperQueue,
  canary,
  webhook,
  config,
}: RespondersProps): Resources => ({
  // A policy names a stack before it has an id.
  stack: [
    `arn:${Aws.PARTITION}:cloudformation:${Aws.REGION}:${Aws.ACCOUNT_ID}:stack/` +
      `${Stack.of(cases).stackName}/*`,
  ],
  table: cases.resources,
  tableKey: [cases.key.keyArn],
  bucket: evidence.both.map(({ bucketArn }) => bucketArn),
  evidenceKey: [evidence.key.keyArn],
  signingKey: [signingKey.keyArn],
  drillKey: [proofKeys.arns.drill],
  answerKey: [proofKeys.arns.answer],
  releaseKey: [proofKeys.arns.release],
  topic: [alerts.topic, ...(alerts.escalation ? [alerts.escalation] : [])].map(
    ({ topicArn }) => topicArn,
  ),
  topicKey: [alerts.key.keyArn],
  tamperQueue: [tamperQueue.queueArn],
  drillBus: [
    `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/` +
      names(config.policySuffix).drillBus,
  ],
  canary: [canary.function.functionArn],
  canaryRole: [canary.role.roleArn],
  webhookQueue: webhook ? [webhook.queue.queueArn] : [],
  webhookSecret: webhook ? [webhook.secret.ref] : [],
  quarantineRole: [quarantine.role.managedPolicyArn],
  quarantineFunction: [quarantine.function.managedPolicyArn],
  quarantineUser: [quarantine.user.managedPolicyArn],
  anyLayer: [`arn:${Aws.PARTITION}:lambda:*:*:layer:*`],
  awsPolicies: [`arn:${Aws.PARTITION}:iam::aws:policy/*`],
  ...query.resources,
});

/** The variables that every function has. */
export const environmentOf = ({
  config,
  cases,
  evidence,
  signingKey,
  alerts,
  quarantine,
}: RespondersProps): Record<string, string> => ({
  CORDON_TABLE: cases.table.tableName,
  CORDON_BUCKET: evidence.bucket.bucketName,
  CORDON_DRILL_BUCKET: evidence.drillBucket.bucketName,
  CORDON_LEGAL_HOLD: config.evidence.legalHold ? 'on' : 'off',
  CORDON_TIMESTAMP_URL: config.evidence.timestampUrl || 'off',
  CORDON_SIGNING_KEY: signingKey.keyArn,
  CORDON_TOPIC: alerts.topic.topicArn,
  CORDON_QUARANTINE_ROLE: quarantine.role.managedPolicyArn,
  CORDON_QUARANTINE_FUNCTION: quarantine.function.managedPolicyArn,
  CORDON_QUARANTINE_USER: quarantine.user.managedPolicyArn,
});
