import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  type AuditFunction,
  type AuditFunctionName,
  type AuditPlaceholder,
  auditFunctions,
} from '../../protected-app/audit/functions.ts';
import { acknowledgeWildcards } from '../shared/acknowledge.ts';
import { denyOtherFunctions } from '../shared/deny.ts';
import { FunctionPolicy } from '../shared/function-policy.ts';
import { statements, via, viaService } from '../shared/grants.ts';
import { functionRole, path } from '../shared/names.ts';
import { OwnFunction } from '../shared/own-function.ts';
import { noResources } from '../shared/wildcards.ts';
import type { AuditIntake } from './intake.ts';
import type { AuditStore } from './store.ts';

export interface AuditFunctionsProps {
  readonly code: (entry: string) => Code;
  readonly store: AuditStore;
  readonly intake: AuditIntake;
  /** What AuditIngest must know of who may write as whom. */
  readonly publishers: string;
  /** Who sees the events of which systems, as JSON. */
  readonly readers: string;
  readonly logRetention: RetentionDays;
  readonly suffix: string;
  readonly deployers: readonly string[];
}

/** Every function of protected-app/audit/functions.ts, each with a role of its own. */
export class AuditFunctions extends Construct {
  private readonly byName: ReadonlyMap<string, { own: OwnFunction; policy: FunctionPolicy }>;

  constructor(scope: Construct, id: string, props: AuditFunctionsProps) {
    super(scope, id);
    this.byName = new Map(auditFunctions.map((spec) => [spec.name, this.make(spec, props)]));
  }

  named(name: AuditFunctionName): LambdaFunction {
    return this.guarded(name).own.function;
  }

  policyOf(name: AuditFunctionName): FunctionPolicy {
    return this.guarded(name).policy;
  }

  roleArnOf(name: AuditFunctionName): string {
    return this.guarded(name).own.role.roleArn;
  }

  private guarded(name: AuditFunctionName) {
    const guarded = this.byName.get(name);
    if (!guarded) throw new Error(`protected-app/audit/functions.ts has no ${name}`);
    return guarded;
  }

  private make(
    spec: AuditFunction & { readonly name: AuditFunctionName },
    props: AuditFunctionsProps,
  ) {
    const { name } = spec;
    const { code, store, logRetention, suffix, deployers } = props;
    const own = new OwnFunction(this, name, {
      spec,
      code: code(spec.entry),
      logRetention,
      environment: { APP_FUNCTION: name, ...variablesOf(props)[name] },
      role: {
        name: functionRole(name, suffix),
        path,
        description: `Audit: ${spec.title}`,
        policies: {
          Calls: new PolicyDocument({ statements: callsOf(spec, props) }),
          OnlyItself: new PolicyDocument({ statements: [denyOtherFunctions(name)] }),
        },
      },
    });
    acknowledgeWildcards(own.role, [
      ['*', noResources],
      ...(name === 'AuditSeal' ? wildcardsOfSealing(store) : []),
      ...(name === 'AuditApi' ? wildcardsOfReading(store) : []),
    ]);
    return { own, policy: new FunctionPolicy(own, 'Policy', { of: own.function, deployers }) };
  }
}

const wildcardsOfSealing = ({ ledger, bucket }: AuditStore) =>
  [
    [
      `${ledger.tableArn}/index/*`,
      'The one index of this one table: it lists the events that wait for their seal.',
    ],
    [
      bucket.arnForObjects('seals/*'),
      'A seal is named after its place in the chain; the bucket takes each object once.',
    ],
  ] as const;

const wildcardsOfReading = ({ events, bucket }: AuditStore) =>
  [
    [
      `${events.tableArn}/index/*`,
      'The one index of this one table: it lists the events of a day.',
    ],
    [
      bucket.arnForObjects('seals/*'),
      'A proof can be asked for any event, so that any seal may be read.',
    ],
  ] as const;

const callsOf = (
  spec: AuditFunction & { readonly name: AuditFunctionName },
  { store, intake }: AuditFunctionsProps,
): PolicyStatement[] => {
  const arns: Readonly<Record<AuditPlaceholder, readonly string[]>> = {
    events: [store.events.tableArn],
    ledger: [store.ledger.tableArn],
    auditQueue: [intake.queue.queueArn],
    givenUp: [intake.givenUp.queueArn],
    obfuscationSecret: [store.secret.ref],
  };
  const keys = [store.key.keyArn];
  const own: Readonly<Record<AuditFunctionName, readonly PolicyStatement[]>> = {
    AuditIngest: [viaService('dynamodb', keys), viaService('secretsmanager', keys)],
    AuditSeal: [viaService('dynamodb', keys), ...sealing(store)],
    AuditApi: [viaService('dynamodb', keys), ...readingSeals(store)],
    AuditResend: [],
  };
  return [...statements(spec.calls, arns), ...own[spec.name]];
};

/** Reads what is sealed, and nothing else of the bucket. */
const readingSeals = ({ bucket, key }: AuditStore): PolicyStatement[] => [
  new PolicyStatement({
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects('seals/*')],
  }),
  // Without it S3 says that what is not there is forbidden.
  new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [key.keyArn],
    conditions: via('s3'),
  }),
];

/** Adds objects to the bucket and reads them again, and signs. */
const sealing = ({ bucket, key, signingKey }: AuditStore): PolicyStatement[] => [
  new PolicyStatement({
    actions: ['s3:PutObject', 's3:GetObject'],
    resources: [bucket.arnForObjects('seals/*')],
  }),
  // Without it S3 says that what is not there is forbidden.
  new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  viaService('s3', [key.keyArn]),
  new PolicyStatement({
    actions: ['kms:Sign', 'kms:GetPublicKey'],
    resources: [signingKey.keyArn],
  }),
];

const variablesOf = ({
  store,
  intake,
  publishers,
  readers,
}: AuditFunctionsProps): Readonly<Record<AuditFunctionName, Readonly<Record<string, string>>>> => {
  const tables = {
    APP_AUDIT_EVENTS: store.events.tableName,
    APP_AUDIT_LEDGER: store.ledger.tableName,
  };
  return {
    AuditIngest: {
      ...tables,
      APP_AUDIT_PUBLISHERS: publishers,
      APP_AUDIT_SECRET: store.secret.ref,
      APP_AUDIT_GIVEN_UP_URL: intake.givenUp.queueUrl,
    },
    AuditApi: {
      ...tables,
      APP_AUDIT_BUCKET: store.bucket.bucketName,
      APP_AUDIT_READERS: readers,
    },
    AuditResend: {
      APP_AUDIT_QUEUE_URL: intake.queue.queueUrl,
      APP_AUDIT_QUEUE_ARN: intake.queue.queueArn,
      APP_AUDIT_GIVEN_UP_URL: intake.givenUp.queueUrl,
    },
    AuditSeal: {
      ...tables,
      APP_AUDIT_BUCKET: store.bucket.bucketName,
      APP_AUDIT_SIGNING_KEY: store.signingKey.keyArn,
      APP_ACCOUNT: Aws.ACCOUNT_ID,
      APP_REGION: Aws.REGION,
    },
  };
};
