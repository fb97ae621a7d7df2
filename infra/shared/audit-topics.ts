import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { via } from './grants.ts';

/** The systems that write audit events, each to a topic of its own: nobody can write as another. */
export type AuditedSystem = 'protected-app' | 'cordon';

const topicNames: Readonly<Record<AuditedSystem, string>> = {
  'protected-app': 'app-audit',
  cordon: 'cordon-audit',
};

/** A test compares them with the functions that there are. */
const functionNames = ['AuditIngest', 'AuditSeal', 'AuditApi', 'AuditResend'];

export const auditTopicName = (system: AuditedSystem, suffix: string): string =>
  `${topicNames[system]}${suffix}`;

/** The ARN of a topic of the audit: by its name, so that no stack waits for another. */
export const auditTopicArn = (system: AuditedSystem, suffix: string): string =>
  `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:${auditTopicName(system, suffix)}`;

export const auditKeyAlias = (suffix: string): string => `cordon/audit${suffix}`;

/**
 * How the resources of the audit are named, as patterns in which `*` is any text: no policy of a
 * topic can refuse the end of a subscription, or a filter on it, so that must be told at least.
 */
export const auditNamePatterns = ({ systems, policySuffix }: AuditChoice): readonly string[] =>
  systems.includes('audit')
    ? [
        ...['*CordonAudit-*', '*cordonaudit-*', '*:secret:StoreObfuscation*'],
        ...functionNames.map((name) => `*${name}*`),
        ...Object.values(topicNames).flatMap((name) =>
          ['', ':*'].map((end) => `*:${name}${policySuffix}${end}`),
        ),
      ]
    : [];

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
      ...via('sns'),
      'ForAnyValue:StringEquals': {
        'kms:ResourceAliases': `alias/${auditKeyAlias(suffix)}`,
      },
    },
  }),
];
