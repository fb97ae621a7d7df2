// The adversary that Cordon must withstand: an identity inside the account, with rights as broad as
// those of many CI systems. Each file beside this one is a table of what it tries.
import { ACCOUNT } from '../../../local/engine/settings.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import type { Deployed } from '../../support/engine/deployed.ts';
import { independent, type Request } from '../../support/engine/evaluator.ts';
import { caller, verdict } from '../../support/engine/keys.ts';
import { type Clients, clientsOf } from './clients.ts';
import { resourcePolicyOf } from './resource-policies.ts';

/** A call, and the request that IAM judges. */
export interface Attempt extends Request {
  readonly words: string;
  readonly send: (as: Clients) => Promise<unknown>;
}

/** What the engine did and what an independent evaluator says: `allowed` or `denied`. */
export interface Judgement {
  readonly engine: string;
  readonly evaluator: string;
}

export interface Intruder {
  readonly keys: Credentials;
  readonly clients: Clients;
  readonly principalArn: string;
  /** Sends the attempt, and asks the evaluator about the same policies. */
  readonly judged: (attempt: Attempt) => Promise<Judgement>;
}

export const denied: Judgement = { engine: 'denied', evaluator: 'denied' };
export const allowed: Judgement = { engine: 'allowed', evaluator: 'allowed' };

/** Rights over Cordon's resources only by their kind, never by their name. */
const broad = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'lambda:*',
        'states:StartExecution',
        'states:SendTask*',
        'states:StopExecution',
        'states:DescribeExecution',
        'states:GetExecutionHistory',
        'states:ListExecutions',
        'events:PutEvents',
        'sts:AssumeRole',
        's3:*',
        'dynamodb:*',
        'iam:PassRole',
        'kms:*',
        'sns:*',
        'sqs:*',
        'secretsmanager:*',
      ],
      Resource: '*',
    },
  ],
};

/** `name` is the intruder's role: files that share an engine need one each. */
export const intruder = async (cordon: Deployed, name: string): Promise<Intruder> => {
  const keys = await caller(cordon, name, broad, 'intruder');
  const clients = clientsOf(cordon, keys);
  const root = clientsOf(cordon);
  const principalArn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const judged = async (attempt: Attempt): Promise<Judgement> => {
    const policy = await resourcePolicyOf(root, attempt.resource);
    const context = {
      'aws:PrincipalArn': principalArn,
      'aws:PrincipalAccount': ACCOUNT,
      'aws:PrincipalIsAWSService': 'false',
      'aws:SecureTransport': 'true',
      ...attempt.context,
    };
    const evaluator = await independent(
      `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/intruder`,
      [{ name: 'broad', document: broad }],
      { ...attempt, context },
      policy,
    );
    return { engine: await verdict(() => attempt.send(clients)), evaluator };
  };
  return { keys, clients, principalArn, judged };
};

/** What both judges say of each attempt, by its words. */
export const judgements = async (
  { judged }: Intruder,
  attempts: readonly Attempt[],
): Promise<Record<string, Judgement>> => {
  const said: Record<string, Judgement> = {};
  for (const attempt of attempts) said[attempt.words] = await judged(attempt);
  return said;
};

/** The same where both deny every attempt. */
export const denials = (attempts: readonly Attempt[]): Record<string, Judgement> =>
  Object.fromEntries(attempts.map(({ words }) => [words, denied]));
