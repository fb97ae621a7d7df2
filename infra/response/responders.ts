import { Aws, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functions } from '../../responders/functions.ts';
import type { Config } from '../config.ts';
import type { Alerts } from '../shared/alerts.ts';
import type { Resources } from '../shared/grants.ts';
import type { CaseTable } from './case-table.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { QuarantinePolicies } from './quarantine-policies.ts';
import { ResponderFunction } from './responder-function.ts';
import { outOfReach, settingsOf } from './settings.ts';
import type { TrailQuery } from './trail-query.ts';

export interface RespondersProps {
  readonly config: Config;
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
  readonly cases: CaseTable;
  readonly evidence: EvidenceStore;
  readonly signingKey: Key;
  readonly alerts: Alerts;
  readonly quarantine: QuarantinePolicies;
  readonly query: TrailQuery;
}

/** A function by its own ARN and by that of any of its versions and aliases. */
const withAliases = (arn: string): string[] => [arn, `${arn}:*`];

/** Every function of responders/functions.ts. */
export class Responders extends Construct {
  readonly byName: ReadonlyMap<string, LambdaFunction>;

  constructor(scope: Construct, id: string, props: RespondersProps) {
    super(scope, id);
    const { config, code } = props;
    const own = functions.flatMap(({ name }) =>
      withAliases(`arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`),
    );
    const shared = {
      resources: resourcesOf(props),
      logRetention: config.logRetentionDays,
      environment: {
        ...environmentOf(props),
        CORDON_SETTINGS: Stack.of(this).toJsonString(settingsOf(config)),
      },
    };
    this.byName = new Map(
      functions.map((spec) => {
        const props = {
          ...shared,
          spec,
          code: code(spec.entry),
          outOfReach: outOfReach(config, own, { releases: spec.name === 'ReleaseLambda' }),
        };
        return [spec.name, new ResponderFunction(this, spec.name, props).function];
      }),
    );
    this.named('TimelineAnalysisLambda').addEnvironment('CORDON_TRAIL', this.trailOf(props));
  }

  /**
   * What the timeline has to know of the trail, and which calls are Cordon's own: those of the
   * functions that change something, and of their roles.
   */
  private trailOf({ query }: RespondersProps): string {
    const own = ['ContainmentLambda', 'WatchLambda', 'ReleaseLambda'].map((name) => [
      name,
      roleOf(this.named(name)).roleArn,
    ]);
    return Stack.of(this).toJsonString({ ...query.place, own: Object.fromEntries(own) });
  }

  named(name: string): LambdaFunction {
    const lambda = this.byName.get(name);
    if (!lambda) throw new Error(`responders/functions.ts has no ${name}`);
    return lambda;
  }
}

const roleOf = ({ role }: LambdaFunction): IRole => {
  if (role) return role;
  throw new Error('a function without a role');
};

const resourcesOf = ({
  cases,
  evidence,
  signingKey,
  alerts,
  quarantine,
  query,
}: RespondersProps): Resources => ({
  table: cases.resources,
  tableKey: [cases.key.keyArn],
  bucket: evidence.both.map(({ bucketArn }) => bucketArn),
  evidenceKey: [evidence.key.keyArn],
  signingKey: [signingKey.keyArn],
  topic: [alerts.topic.topicArn],
  topicKey: [alerts.key.keyArn],
  quarantineRole: [quarantine.role.managedPolicyArn],
  quarantineFunction: [quarantine.function.managedPolicyArn],
  anyLayer: [`arn:${Aws.PARTITION}:lambda:*:*:layer:*`],
  awsPolicies: [`arn:${Aws.PARTITION}:iam::aws:policy/*`],
  ...query.resources,
});

const environmentOf = ({
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
});
