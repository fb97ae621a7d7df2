import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { catalog } from '../contain/catalogue.ts';
import type { ContainDeps } from '../contain/judge.ts';
import { type Settings, wantedSettings } from '../decide/settings.ts';
import type { Buckets } from '../evidence/buckets.ts';
import { personReader, stsAddress } from '../incident/person.ts';
import { type KeysByPurpose, proofChecker } from '../incident/proof.ts';
import type { Table } from '../incident/table.ts';
import { macVerifier, type VerifyMac } from '../incident/verify-mac.ts';
import { asBusy, asError, SupersededError, WaitingError } from '../shared/errors.ts';
import { jsonLog, logText } from '../shared/log.ts';
import { type Mask, maskWith } from '../shared/redact.ts';
import { type CallService, serviceCaller } from '../shared/signed-json.ts';
import { wantedJson, wantedText } from '../shared/wanted.ts';

/** An environment variable that infra sets; throws an error that names it where it is missing. */
export const variable = (name: `CORDON_${string}`): string => {
  const value = process.env[name];
  if (!value)
    throw new Error(`the environment variable ${name} is not set: deploy the stack again`);
  return value;
};

/** One that infra sets only where an option asks for it. */
export const variableIfSet = (name: `CORDON_${string}`): string | undefined =>
  process.env[name] || undefined;

/**
 * Reads a variable that holds JSON. The reader gets the JSON under the name of the variable, so
 * that its errors start with this name.
 */
export const jsonVariable = <T>(
  name: `CORDON_${string}`,
  read: (source: unknown, path: string) => T,
): T => read({ [name]: wantedJson(variable(name), name) }, name);

/** The settings of this deployment, as infra/response/settings.ts writes them. */
export const settings = (): Settings => jsonVariable('CORDON_SETTINGS', wantedSettings);

export const table = (): Table => ({
  dynamo: new DynamoDBClient({}),
  name: variable('CORDON_TABLE'),
});

export const buckets = (): Buckets => ({
  real: variable('CORDON_BUCKET'),
  drill: variable('CORDON_DRILL_BUCKET'),
});

/** The local run sends its functions to the address of its engine; AWS sets none. */
export const isOnAws = (): boolean => process.env.AWS_ENDPOINT_URL === undefined;

const endpointOf = (service: string, region: string, partition: string): string =>
  process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
  process.env.AWS_ENDPOINT_URL ??
  `https://${service}.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;

/** Calls a service in a region without its SDK client, which would make the bundle large. */
export const callerOf = (service: string, region: string, { partition }: Settings): CallService =>
  serviceCaller({
    name: service,
    region,
    endpoint: endpointOf(service, region, partition),
    credentials: defaultProvider(),
  });

/** The mask of this deployment. */
export const masking = (): Mask => maskWith(settings().salt);

/** The mask of the log. Without settings it has no key, so that the missing settings are logged. */
const logMask = (): Mask => {
  try {
    return masking();
  } catch {
    return maskWith('');
  }
};
const hide = logMask();

export const log = jsonLog((line) => process.stdout.write(`${line}\n`), hide);

const wantedKeys = (source: unknown, path: string): KeysByPurpose => ({
  drill: wantedText(source, `${path}.drill`),
  answer: wantedText(source, `${path}.answer`),
  release: wantedText(source, `${path}.release`),
  contain: wantedText(source, `${path}.contain`),
});

/** Verifies MACs by calls of KMS in the region of the deployment, where the keys are. */
const verifier = (settings: Settings): VerifyMac =>
  macVerifier(callerOf('kms', settings.region, settings));

/** Clients and settings of the functions that contain and release. */
export const containing = (): ContainDeps => ({
  aws: {
    iam: new IAMClient({}),
    lambda: new LambdaClient({}),
    further: new Map(
      settings().furtherRegions.map((region) => [region, new LambdaClient({ region })]),
    ),
    quarantine: {
      role: variable('CORDON_QUARANTINE_ROLE'),
      function: variable('CORDON_QUARANTINE_FUNCTION'),
      user: variable('CORDON_QUARANTINE_USER'),
    },
  },
  table: table(),
  settings: settings(),
  catalog,
  now: Date.now,
  log,
  checkProof: proofChecker({
    verifyMac: verifier(settings()),
    keys: jsonVariable('CORDON_PROOF_KEYS', wantedKeys),
    now: Date.now,
  }),
  whoSigned: personReader({
    address: process.env.AWS_ENDPOINT_URL ?? stsAddress(settings().region),
    fetch,
  }),
});

/**
 * A masked copy of an error. Lambda writes thrown errors into the log and Step Functions into the
 * history, and many people may read both.
 */
const withoutSecrets = (error: unknown): Error => {
  const { name, message, stack = '' } = asError(error);
  const masked = new Error(logText(hide)(message));
  masked.name = name;
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  masked.stack = [`${name}: ${masked.message}`, ...frames].join('\n');
  return masked;
};

/**
 * Makes a Lambda handler. It makes the dependencies once per container, logs each failure, and
 * throws errors by whose names the state machine decides on a retry.
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
      const failure = withoutSecrets(asBusy(error));
      // A retry or an end by design is not a failure.
      if (!(error instanceof WaitingError || error instanceof SupersededError))
        log('failed', {
          error: error instanceof Error ? error.name : failure.name,
          reason: failure.message,
        });
      throw failure;
    }
  };
};
