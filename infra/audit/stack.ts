import { Aws, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { auditFunctions } from '../../protected-app/audit/functions.ts';
import { producers } from '../../protected-app/audit/producers.ts';
import type { Config } from '../config.ts';
import { Alerts } from '../shared/alerts.ts';
import { type AuditedSystem, auditTopicArn } from '../shared/audit-topics.ts';
import { deployersOf, ownRole } from '../shared/deny.ts';
import { functionRole } from '../shared/names.ts';
import { stackOutputs } from '../shared/stack-outputs.ts';
import { AuditApi } from './api.ts';
import { AuditFunctions } from './functions.ts';
import { AuditIntake } from './intake.ts';
import { SealSchedule } from './schedule.ts';
import { AuditStore } from './store.ts';
import { AuditWatch } from './watch.ts';

export interface AuditStackProps extends StackProps {
  readonly config: Config;
  /** The code of a handler, by the name of its bundle. */
  readonly code: (entry: string) => Code;
}

const systems: readonly AuditedSystem[] = ['protected-app', 'cordon'];

const account = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}`;

/** Who may publish for each system. */
const publishersOf = (suffix: string) => ({
  'protected-app': [`${account}:role/CordonProtectedApp-*`],
  cordon: [ownRole(functionRole('AuditOutboxLambda', suffix))],
});

/** The ledger of what the application and Cordon do: it is written once, and sealed. */
export class CordonAudit extends Stack {
  constructor(scope: Construct, id: string, { config, code, ...props }: AuditStackProps) {
    super(scope, id, { description: 'The audit of the application and of Cordon', ...props });
    const { audit, deletionProtection, policySuffix: suffix } = config;
    const { logRetentionDays: logRetention } = config;
    const deployers = deployersOf(config.deployers);
    const alerts = new Alerts(this, 'Alerts', {
      ...{ notify: config.notify, suffix: `-audit${suffix}`, deployers },
    });
    const store = new AuditStore(this, 'Store', {
      ...{ seals: audit.seals, deletionProtection, suffix, deployers },
      logRetentionDays: logRetention,
    });
    const intake = new AuditIntake(this, 'Intake', {
      ...{ alerts, key: store.key, suffix, deployers },
      publishers: publishersOf(suffix),
    });
    const readers = [...audit.readers, { principal: `${account}:root`, systems }];
    const functions = new AuditFunctions(this, 'Functions', {
      ...{ code, store, intake, logRetention, suffix, deployers },
      publishers: this.toJsonString({
        systems: Object.fromEntries(
          systems.map((system) => [auditTopicArn(system, suffix), system]),
        ),
        functions: producers,
      }),
      readers: this.toJsonString(readers),
    });
    const [ingest] = auditFunctions;
    intake.workedOnBy(functions.named('AuditIngest'), ingest.reserved);
    // Lambda itself hands over the messages, as a service or with the role of the function.
    functions.policyOf('AuditIngest').calledByRole(functions.roleArnOf('AuditIngest'));
    for (const arn of deployers) functions.policyOf('AuditResend').calledByRole(arn);
    new SealSchedule(this, 'Schedule', { functions, everyMinutes: audit.sealMinutes, alerts });
    const { api } = new AuditApi(this, 'Api', {
      ...{ functions, logRetention, throttle: audit.throttle, logRole: audit.gatewayLogRole },
      readers: readers.map(({ principal }) => principal),
    });
    const watch = new AuditWatch(this, 'Watch', {
      ...{ alerts, functions, intake, suffix, gateway: api },
    });

    stackOutputs(this, {
      AuditApiUrl: api.url,
      AuditTopicArn: intake.topics['protected-app'].topicArn,
      CordonAuditTopicArn: intake.topics.cordon.topicArn,
      AuditQueueUrl: intake.queue.queueUrl,
      AuditGivenUpUrl: intake.givenUp.queueUrl,
      AuditEventsTableName: store.events.tableName,
      AuditLedgerTableName: store.ledger.tableName,
      AuditSealsBucketName: store.bucket.bucketName,
      AuditSecretId: store.secret.ref,
      AuditSigningKeyArn: store.signingKey.keyArn,
      AuditDashboardName: watch.dashboardName,
      AuditAlertsTopicArn: alerts.topic.topicArn,
    });
  }
}
