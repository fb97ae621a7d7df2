/** A placeholder for a resource of the application in a grant. */
export type AppPlaceholder =
  | 'products'
  | 'customers'
  | 'queries'
  | 'budgets'
  | 'syncRuns'
  | 'idempotency'
  | 'questionQueue'
  | 'pushQueue'
  | 'openaiSecret'
  | 'salesforceSecret';

/** The actions that a function calls on a resource. Its role holds exactly these. */
export interface GrantOn<P extends string> {
  readonly on: `${string}:\${${P}}` | `${string}:\${${P}}/index/${string}`;
  readonly may: readonly string[];
}

export type AppGrant = GrantOn<AppPlaceholder>;

/** A function, and what it may call: its grants name resources by these placeholders. */
export interface FunctionWithGrants<P extends string> {
  readonly name: string;
  /** protected-app/handlers/<entry>.ts */
  readonly entry: string;
  readonly title: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Reserved concurrency: a flood of one route cannot take more from the others. */
  readonly reserved: number;
  readonly calls: readonly GrantOn<P>[];
}

export interface AppFunction extends FunctionWithGrants<AppPlaceholder> {
  /**
   * How much an outage hurts. Cordon's policy and the drills read it from the tag `cordon:tier`.
   */
  readonly tier: 'critical' | 'standard';
  /** True: a drill may attack it (tag `cordon:drill=allowed`). */
  readonly drill: boolean;
}

const http = {
  memoryMb: 512,
  timeoutSeconds: 10,
  reserved: 20,
  tier: 'standard',
  drill: false,
} as const;

/** One function for each service; the routes are in routes.ts. */
export const appFunctions = [
  {
    ...http,
    name: 'ProductService',
    entry: 'product-service',
    title: 'Create and change products',
    drill: true,
    calls: [
      {
        on: 'dynamodb:${products}',
        may: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
      },
      { on: 'dynamodb:${idempotency}', may: ['GetItem', 'PutItem'] },
    ],
  },
  {
    ...http,
    name: 'ScanService',
    entry: 'scan-service',
    title: 'Read products',
    tier: 'critical',
    calls: [
      { on: 'dynamodb:${products}', may: ['GetItem'] },
      { on: 'dynamodb:${products}/index/*', may: ['Query'] },
    ],
  },
  {
    ...http,
    name: 'RemoveProduct',
    entry: 'remove-product',
    title: 'Remove products that nothing refers to',
    calls: [{ on: 'dynamodb:${products}', may: ['GetItem', 'DeleteItem', 'UpdateItem'] }],
  },
  {
    ...http,
    name: 'CustomerService',
    entry: 'customer-service',
    title: 'Read customers',
    calls: [
      { on: 'dynamodb:${customers}', may: ['GetItem'] },
      { on: 'dynamodb:${customers}/index/*', may: ['Query'] },
    ],
  },
  {
    ...http,
    name: 'AIAgent',
    entry: 'ai-agent',
    title: 'Take a question and put it into the queue',
    calls: [
      { on: 'dynamodb:${queries}', may: ['PutItem'] },
      { on: 'dynamodb:${budgets}', may: ['GetItem'] },
      { on: 'sqs:${questionQueue}', may: ['SendMessage'] },
    ],
  },
  {
    ...http,
    name: 'AIQueryStatus',
    entry: 'ai-query-status',
    title: 'Say what the state of a question is',
    calls: [
      { on: 'dynamodb:${queries}', may: ['GetItem'] },
      { on: 'dynamodb:${queries}/index/*', may: ['Query'] },
    ],
  },
  {
    ...http,
    name: 'AIWorker',
    entry: 'ai-worker',
    title: 'Answer questions with a language model',
    timeoutSeconds: 60,
    reserved: 10,
    calls: [
      {
        on: 'sqs:${questionQueue}',
        may: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'],
      },
      { on: 'dynamodb:${queries}', may: ['GetItem', 'UpdateItem'] },
      { on: 'dynamodb:${customers}', may: ['BatchGetItem'] },
      { on: 'dynamodb:${budgets}', may: ['UpdateItem'] },
      { on: 'secretsmanager:${openaiSecret}', may: ['GetSecretValue'] },
    ],
  },
  {
    ...http,
    name: 'SalesforceSync',
    entry: 'salesforce-sync',
    title: 'Start a push to Salesforce, and say what its state is',
    reserved: 5,
    calls: [
      { on: 'dynamodb:${syncRuns}', may: ['GetItem', 'PutItem', 'UpdateItem', 'Query'] },
      { on: 'sqs:${pushQueue}', may: ['SendMessage'] },
    ],
  },
  {
    ...http,
    name: 'SalesforcePush',
    entry: 'salesforce-push',
    title: 'Push changed customers to Salesforce',
    timeoutSeconds: 300,
    reserved: 2,
    calls: [
      { on: 'sqs:${pushQueue}', may: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] },
      { on: 'dynamodb:${syncRuns}', may: ['GetItem', 'PutItem', 'UpdateItem'] },
      { on: 'dynamodb:${customers}', may: ['UpdateItem'] },
      { on: 'dynamodb:${customers}/index/*', may: ['Query'] },
      { on: 'secretsmanager:${salesforceSecret}', may: ['GetSecretValue'] },
    ],
  },
  {
    ...http,
    name: 'SalesforcePoll',
    entry: 'salesforce-poll',
    title: 'Take over what changed in Salesforce',
    timeoutSeconds: 300,
    reserved: 2,
    calls: [
      { on: 'dynamodb:${syncRuns}', may: ['UpdateItem'] },
      { on: 'dynamodb:${customers}', may: ['UpdateItem', 'DeleteItem'] },
      { on: 'secretsmanager:${salesforceSecret}', may: ['GetSecretValue'] },
    ],
  },
  {
    ...http,
    name: 'StatusService',
    entry: 'status-service',
    title: 'Say that the API is up',
    memoryMb: 256,
    reserved: 10,
    calls: [],
  },
  {
    ...http,
    name: 'AdminAuthorizer',
    entry: 'admin-authorizer',
    title: 'Let only administrators pass',
    tier: 'critical',
    calls: [],
  },
] as const satisfies readonly AppFunction[];

export type AppFunctionName = (typeof appFunctions)[number]['name'];
