import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The systems that write audit events, each to a topic of its own: nobody can write as another. */
export type AuditedSystem = 'protected-app' | 'cordon';

const topicNames: Readonly<Record<AuditedSystem, string>> = {
  'protected-app': 'app-audit',
  cordon: 'cordon-audit',
};

export const auditTopicName = (system: AuditedSystem, suffix: string): string =>
  `${topicNames[system]}${suffix}`;

/** The ARN of a topic of the audit: by its name, so that no stack waits for another. */
export const auditTopicArn = (system: AuditedSystem, suffix: string): string =>
  `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:${auditTopicName(system, suffix)}`;

export const auditKeyAlias = (suffix: string): string => `cordon/audit${suffix}`;

interface AuditChoice {
  readonly systems: readonly string[];
  readonly policySuffix: string;
}

/** What the functions of a system get where the audit is chosen, and nothing where it is not. */
export const auditWriting = (
  system: AuditedSystem,
  { systems, policySuffix }: AuditChoice,
): {
  readonly variables: Readonly<Record<string, string>>;
  readonly statements: PolicyStatement[];
} =>
  systems.includes('audit')
    ? {
        variables: { APP_AUDIT_TOPIC: auditTopicArn(system, policySuffix) },
        statements: writeAudit(system, policySuffix),
      }
    : { variables: {}, statements: [] };

/** What a function needs that writes audit events: the topic, and the key of the topic by SNS. */
const writeAudit = (system: AuditedSystem, suffix: string): PolicyStatement[] => [
  new PolicyStatement({ actions: ['sns:Publish'], resources: [auditTopicArn(system, suffix)] }),
  new PolicyStatement({
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resources: [`arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`],
    conditions: {
      StringEquals: { 'kms:ViaService': `sns.${Aws.REGION}.${Aws.URL_SUFFIX}` },
      'ForAnyValue:StringEquals': {
        'kms:ResourceAliases': `alias/${auditKeyAlias(suffix)}`,
      },
    },
  }),
];
