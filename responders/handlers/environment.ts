import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { catalog } from '../contain/catalogue.ts';
import type { ContainDeps } from '../contain/judge.ts';
import type { Settings } from '../decide/settings.ts';
import type { Buckets } from '../evidence/store.ts';
import type { Table } from '../incident/table.ts';
import { asBusy, asError, WaitingError } from '../shared/errors.ts';
import { jsonLog, logText } from '../shared/log.ts';
import { type Mask, maskWith } from '../shared/redact.ts';

/**
 * A variable that infra sets for every function; without it nothing can work, and saying which is
 * the whole message.
 */
export const variable = (name: `CORDON_${string}`): string => {
  const value = process.env[name];
  if (!value)
    throw new Error(`the environment variable ${name} is not set: deploy the stack again`);
  return value;
};

/** Written by infra/config.ts, which has checked it. */
export const settings = (): Settings => JSON.parse(variable('CORDON_SETTINGS')) as Settings;

export const table = (): Table => ({
  dynamo: new DynamoDBClient({}),
  name: variable('CORDON_TABLE'),
});

export const buckets = (): Buckets => ({
  real: variable('CORDON_BUCKET'),
  drill: variable('CORDON_DRILL_BUCKET'),
});

/** The mask of this deployment. */
export const masking = (): Mask => maskWith(settings().salt);

/** A function without settings cannot work, and has to be able to say so. */
const lenient = (): Mask => {
  try {
    return masking();
  } catch {
    return maskWith('');
  }
};
const hide = lenient();

export const log = jsonLog((line) => process.stdout.write(`${line}\n`), hide);

/** Clients and settings of the functions that contain and release. */
export const containing = (): ContainDeps => ({
  aws: {
    iam: new IAMClient({}),
    lambda: new LambdaClient({}),
    quarantine: {
      role: variable('CORDON_QUARANTINE_ROLE'),
      function: variable('CORDON_QUARANTINE_FUNCTION'),
    },
  },
  table: table(),
  settings: settings(),
  catalog,
  now: Date.now,
  log,
});

/**
 * Lambda writes a thrown error into the log, and Step Functions into the history: both may be read
 * by many.
 */
const withoutSecrets = (error: unknown): Error => {
  const { name, message, stack = '' } = asError(error);
  const told = new Error(logText(hide)(message));
  told.name = name;
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  told.stack = [`${name}: ${told.message}`, ...frames].join('\n');
  return told;
};

/**
 * Makes a Lambda handler: dependencies once per container, one log line per failure, and errors
 * that the state machine can name.
 */
export const serve = <Deps, Result>(
  make: () => Deps,
  work: (input: unknown, deps: Deps) => Promise<Result>,
) => {
  let deps: Deps | undefined;
  return async (input: unknown): Promise<Result> => {
    try {
      deps ??= make();
      return await work(input, deps);
    } catch (error) {
      const told = withoutSecrets(asBusy(error));
      // Who waits for his turn has not failed.
      if (!(error instanceof WaitingError))
        log('failed', {
          error: error instanceof Error ? error.name : told.name,
          reason: told.message,
        });
      throw told;
    }
  };
};
