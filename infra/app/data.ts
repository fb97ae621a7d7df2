import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  type AppFunctionName,
  type AppPlaceholder,
  appFunctions,
} from '../../protected-app/functions.ts';
import type { AppTableName } from '../../protected-app/tables.ts';
import type { Alerts } from '../shared/alerts.ts';
import { ServiceKey } from '../shared/keys.ts';
import type { AppFunctions, AppResource } from './functions.ts';
import { AppQueue } from './queue.ts';
import { AppSecrets } from './secrets.ts';
import { AppTables } from './tables.ts';

export interface AppDataProps {
  readonly alerts: Alerts;
  readonly deletionProtection: boolean;
  readonly suffix: string;
  readonly deployers: readonly string[];
}

/**
 * Which function works on which queue, and on how many messages at once. Answering a question is
 * mostly waiting for the model, so a batch of questions waits together.
 */
const workers = {
  questionQueue: { name: 'AIWorker', batchSize: 5 },
  pushQueue: { name: 'SalesforcePush', batchSize: 1 },
} as const satisfies Partial<
  Record<AppPlaceholder, { readonly name: AppFunctionName; readonly batchSize: number }>
>;

const specOf = (name: AppFunctionName) => {
  const spec = appFunctions.find((candidate) => candidate.name === name);
  if (!spec) throw new Error(`protected-app/functions.ts has no ${name}`);
  return spec;
};

/** Everything that the functions keep, hand over and are told: tables, queues and secrets. */
export class AppData extends Construct {
  readonly key: ServiceKey;
  readonly queues: Readonly<Record<'questions' | 'pushes', AppQueue>>;
  readonly resources: Readonly<Record<AppPlaceholder, AppResource>>;
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: AppDataProps) {
    super(scope, id);
    const { alerts, deletionProtection, suffix, deployers } = props;
    this.key = new ServiceKey(this, 'Key', {
      description: 'The protected application: its tables and secrets',
      alias: `cordon/protected-app${suffix}`,
      via: ['dynamodb', 'secretsmanager'],
      deployers,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const tables = new AppTables(this, 'Tables', { key: this.key, deletionProtection });
    const secrets = new AppSecrets(this, 'Secrets', { key: this.key, keep: deletionProtection });
    this.queues = this.makeQueues(alerts);
    const table = (name: AppTableName, variable: string): AppResource => {
      const { tableArn, tableName } = tables.named(name);
      return { arn: tableArn, value: tableName, variable };
    };
    const queue = ({ queue: { queueArn, queueUrl } }: AppQueue, variable: string): AppResource => ({
      arn: queueArn,
      value: queueUrl,
      variable,
    });
    const secret = (arn: string, variable: string): AppResource => ({ arn, value: arn, variable });
    this.resources = {
      products: table('products', 'APP_TABLE_PRODUCTS'),
      customers: table('customers', 'APP_TABLE_CUSTOMERS'),
      queries: table('queries', 'APP_TABLE_QUERIES'),
      budgets: table('budgets', 'APP_TABLE_BUDGETS'),
      syncRuns: table('syncRuns', 'APP_TABLE_SYNC_RUNS'),
      idempotency: table('idempotency', 'APP_TABLE_IDEMPOTENCY'),
      questionQueue: queue(this.queues.questions, 'APP_QUESTION_QUEUE_URL'),
      pushQueue: queue(this.queues.pushes, 'APP_PUSH_QUEUE_URL'),
      openaiSecret: secret(secrets.openAi.ref, 'APP_OPENAI_SECRET'),
      salesforceSecret: secret(secrets.salesforce.ref, 'APP_SALESFORCE_SECRET'),
    };
    this.outputs = {
      ...Object.fromEntries(
        [...tables.byName].map(([name, { tableName }]) => [`${capital(name)}TableName`, tableName]),
      ),
      QuestionQueueUrl: this.queues.questions.queue.queueUrl,
      PushQueueUrl: this.queues.pushes.queue.queueUrl,
      OpenAiSecretId: secrets.openAi.ref,
      SalesforceSecretId: secrets.salesforce.ref,
    };
  }

  private makeQueues(alerts: Alerts): AppData['queues'] {
    return {
      questions: new AppQueue(this, 'Questions', {
        alerts,
        workerSeconds: specOf(workers.questionQueue.name).timeoutSeconds,
        givenUp:
          'App: a question was given up after three tries. Its asker sees that it failed; the ' +
          'log of AIWorker says why.',
        late: {
          afterMinutes: 5,
          description:
            'App: questions have waited for five minutes. Look whether AIWorker runs and the ' +
            'model answers.',
        },
      }),
      pushes: new AppQueue(this, 'Pushes', {
        alerts,
        workerSeconds: specOf(workers.pushQueue.name).timeoutSeconds,
        givenUp:
          'App: a push to Salesforce failed three times. What was not pushed stays marked; ' +
          'start another run when the reason is gone.',
        late: {
          afterMinutes: 30,
          description:
            'App: a push to Salesforce has waited for half an hour. Look whether ' +
            'SalesforcePush runs.',
        },
      }),
    };
  }

  workedOnBy(functions: AppFunctions): void {
    const connect = (
      queue: AppQueue,
      { name, batchSize }: (typeof workers)[keyof typeof workers],
    ) => {
      const { reserved: atOnce } = specOf(name);
      queue.workedOnBy(functions.named(name), { batchSize, atOnce });
      // Lambda itself hands over the messages. AWS does not say whether it does so as a service or
      // with the role of the function; that role may call no function, so naming it opens nothing.
      functions.policyOf(name).calledByRole(functions.roleArnOf(name));
    };
    connect(this.queues.questions, workers.questionQueue);
    connect(this.queues.pushes, workers.pushQueue);
  }
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
