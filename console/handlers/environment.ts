import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { DecidingPlace, Outputs } from '../../operator/place.ts';
import { type RouteHandler, serve } from '../../protected-app/shared/http.ts';
import type { AppLog } from '../../protected-app/shared/log.ts';
import { isLoopback } from '../../protected-app/shared/outside.ts';
import { tokenVerifier } from '../../protected-app/shared/token-verifier.ts';
import type { Buckets } from '../../responders/evidence/buckets.ts';
import { errorText } from '../../responders/shared/errors.ts';
import { isRecord } from '../../responders/shared/json.ts';
import { jsonLog, type Log } from '../../responders/shared/log.ts';
import { type Mask, maskWith } from '../../responders/shared/redact.ts';
import { wantedJson } from '../../responders/shared/wanted.ts';
import { type ConsoleCaller, callerReader } from '../api/caller.ts';
import type { Ledger } from '../api/once.ts';
import type { ReadDeps } from '../api/read-deps.ts';

/** Reads a variable that infra/console sets; throws an error that names it where it is missing. */
export const variable = (name: `CONSOLE_${string}`): string => {
  const setting = process.env[name];
  if (!setting)
    throw new Error(`the environment variable ${name} is not set: deploy the stack again`);
  return setting;
};

/** The address of the local engine that this function runs on; null on AWS. */
export const engine = (): string | null => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return endpoint !== undefined && isLoopback(endpoint) ? endpoint : null;
};

export const region = (): string => process.env.AWS_REGION ?? '';

/** What the stack CordonResponse printed, as far as the console needs it. */
const responseOutputs = (): Readonly<Record<string, string>> => {
  const name = 'CONSOLE_RESPONSE';
  const given = wantedJson(variable(name), name);
  return Object.fromEntries(
    Object.entries(isRecord(given) ? given : {}).map(([output, text]) => [output, String(text)]),
  );
};

export const outputs = (): Outputs => ({ CordonResponse: responseOutputs() });

const outputNamed = (name: string): string => {
  const text = responseOutputs()[name];
  if (text) return text;
  throw new Error(`CONSOLE_RESPONSE has no ${name}: deploy the stack again`);
};

export const buckets = (): Buckets => ({
  real: outputNamed('EvidenceBucketName'),
  drill: outputNamed('DrillEvidenceBucketName'),
});

export const masking = (): Mask => maskWith(outputNamed('MaskKey'));

/** The deployment as the function itself sees it, in its own role. */
export const ownPlace = (): DecidingPlace => {
  const endpoint = engine();
  return {
    region: region(),
    outputs: outputs(),
    local: endpoint === null ? null : { endpoint },
    config: () => Promise.resolve({ region: region() }),
  };
};

export const readDeps = (): ReadDeps => ({
  table: { dynamo: new DynamoDBClient({}), name: outputNamed('CaseTableName') },
  mask: masking(),
  now: Date.now,
});

/** Beside the evidence of real incidents: that of drills is kept for some days only. */
export const ledger = (): Ledger => ({ s3: new S3Client({}), bucket: buckets().real });

const fieldsOf = (more: readonly unknown[]): Readonly<Record<string, unknown>> =>
  Object.assign(
    {},
    ...more.map((part) => (part instanceof Error ? { error: errorText(part) } : part)),
  );

/** The masking log of Cordon in the form in which the routes write. */
export const routeLog = (log: Log, requestId: string): AppLog => {
  const writer =
    (level: keyof AppLog) =>
    (message: unknown, ...more: readonly unknown[]): void =>
      log(String(message), { level, requestId, ...fieldsOf(more) });
  return { info: writer('info'), warn: writer('warn'), error: writer('error') };
};

/** The handler of a function, which verifies the token of each request itself. */
export const consoleApi = (routes: Readonly<Record<string, RouteHandler<ConsoleCaller>>>) => {
  const log = jsonLog((line) => process.stdout.write(`${line}\n`), masking());
  return serve<ConsoleCaller>(routes, {
    origin: variable('CONSOLE_ORIGIN'),
    log: (requestId) => routeLog(log, requestId),
    readCaller: callerReader(
      tokenVerifier({
        userPoolId: variable('CONSOLE_USER_POOL_ID'),
        clientId: variable('CONSOLE_USER_POOL_CLIENT_ID'),
        engine: engine() ?? undefined,
      }),
    ),
  });
};
