// Stands between the function that collects and the engine, so that a test can change the world at
// that very moment.

import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { KeyedEngine } from '../../../local/engine/clients.ts';
import type { Deployed } from '../../support/engine/deployed.ts';
import { listenBeside } from '../../support/listen-beside.ts';
import { withVariables } from './variables.ts';

export interface Passing {
  readonly to: 's3' | 'lambda' | 'link' | 'dynamodb';
  readonly method: string;
  readonly path: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sees each request before the engine does, may keep it waiting, and may answer in its place. */
export type Rule = (passing: Passing) => Promise<Answer | undefined>;

export interface Between {
  readonly url: string;
  rule(rule: Rule): void;
  stop(): void;
}

/** As S3 says it. */
export const s3Error = (status: number, code: string, message: string): Answer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>R</RequestId></Error>`,
});

/** As Lambda says it. */
export const lambdaError = (status: number, name: string, message: string): Answer => ({
  status,
  body: JSON.stringify({ __type: name, message }),
});

/** Links lead through here, each under a number of its own. */
const link = /^\/link\/\d+(?=\/)/;

/** DynamoDB has one path, and names its operation in a header. */
const passingOf = ({ method = 'GET', url = '/', headers }: IncomingMessage): Passing => ({
  to:
    url === '/'
      ? 'dynamodb'
      : link.test(url)
        ? 'link'
        : /^\/20\d\d-\d\d-\d\d\//.test(url)
          ? 'lambda'
          : 's3',
  method,
  path: url === '/' ? String(headers['x-amz-target']) : url,
});

interface Engine {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** With the host that was signed. `Expect` was answered by us. */
const forward = (endpoint: string, from: IncomingMessage, body: Buffer): Promise<Engine> =>
  new Promise((resolve, reject) => {
    const {
      expect: _answered,
      connection: _ours,
      'transfer-encoding': _whole,
      ...headers
    } = from.headers;
    const { hostname, port } = new URL(endpoint);
    const path = from.url?.replace(link, '');
    const options = {
      hostname,
      port,
      path,
      method: from.method,
      headers: { ...headers, 'content-length': String(body.length) },
    };
    ask(options, (answer) => {
      buffer(answer).then(
        (got) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: got }),
        reject,
      );
    })
      .on('error', reject)
      .end(body);
  });

/** The collecting function asks DynamoDB, S3 and Lambda, and follows links, through here. */
export const standBetween = async ({ endpoint }: Pick<Deployed, 'endpoint'>): Promise<Between> => {
  let rule: Rule = async () => undefined;
  let links = 0;
  let own = '';
  const serve = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const passing = passingOf(from);
    const body = await buffer(from);
    const instead = await rule(passing);
    if (instead)
      return void to
        .writeHead(instead.status, { 'content-type': 'application/xml' })
        .end(instead.body);
    const { status, headers, body: said } = await forward(endpoint, from, body);
    if (passing.to !== 'lambda') return void to.writeHead(status, headers).end(said);
    const text = said
      .toString()
      .replaceAll(`${endpoint}/_ministack`, () => `${own}/link/${++links}/_ministack`);
    to.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(text)) }).end(
      text,
    );
  };
  const server = createServer(
    (from, to) =>
      void serve(from, to).catch((error: unknown) =>
        to.destroy(error instanceof Error ? error : undefined),
      ),
  );
  const port = await listenBeside(server, endpoint);
  own = `http://127.0.0.1:${port}`;
  const follow = (next: Rule) => {
    rule = next;
  };
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: own, rule: follow, stop };
};

/** From now on a function of the response goes through there, until what is answered is called. */
export const leadThrough = async (
  cordon: KeyedEngine,
  { url }: Between,
  FunctionName = 'EvidenceCollectionLambda',
): Promise<() => Promise<void>> =>
  withVariables(cordon, FunctionName, {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_LAMBDA: url,
  });
