import { SignatureV4 } from '@smithy/signature-v4';
import { BusyError, errorText } from './errors.ts';
import { jsonIn, textAt } from './json.ts';
import { Sha256 } from './sha256.ts';

/** An operation of a service that speaks JSON. */
export interface JsonCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The operation, where the service reads it from a header: then it speaks AWS JSON. */
  readonly target?: string;
  /** The version of AWS JSON; 1.1 where it is missing. */
  readonly json?: '1.0' | '1.1';
  readonly body?: unknown;
}

/** Sends a call and returns the JSON of its answer; an error of AWS is thrown under its name. */
export type CallService = (call: JsonCall) => Promise<unknown>;

export interface CalledService {
  /** As in signatures: `guardduty`. */
  readonly name: string;
  readonly region: string;
  /** `https://guardduty.eu-central-1.amazonaws.com` */
  readonly endpoint: string;
  readonly credentials: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
}

const noAnswer = (error: unknown): never => {
  throw new BusyError(errorText(error), { cause: error });
};

/** `BadRequestException:http://…` or `com.amazonaws.guardduty#BadRequestException` */
const errorNameOf = (header: string | null, answer: unknown): string =>
  (header ?? textAt(answer, '__type') ?? 'UnknownError').replace(/:.*$/, '').replace(/^.*#/, '');

const errorOf = (response: Response, answer: unknown): Error => {
  const message = textAt(answer, 'message') ?? textAt(answer, 'Message') ?? 'no message';
  return Object.assign(new Error(message), {
    name: errorNameOf(response.headers.get('x-amzn-errortype'), answer),
    $metadata: { httpStatusCode: response.status },
  });
};

const typeOf = ({ target, json = '1.1' }: JsonCall): Record<string, string> =>
  target === undefined
    ? { 'content-type': 'application/json' }
    : { 'content-type': `application/x-amz-json-${json}`, 'x-amz-target': target };

/**
 * Calls a service without its SDK client, which knows all its operations: that of GuardDuty would
 * make the bundle that contains a quarter bigger, and would drop a member of a finding that is
 * newer than the client.
 */
export const serviceCaller = (
  { name, region, endpoint, credentials }: CalledService,
  send: typeof fetch = fetch,
): CallService => {
  const signer = new SignatureV4({
    service: name,
    region,
    credentials,
    sha256: Sha256,
  });
  const { protocol, host, hostname } = new URL(endpoint);
  return async (call) => {
    const { method, path, body } = call;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { headers } = await signer.sign({
      method,
      protocol,
      hostname,
      path,
      query: {},
      headers: { host, ...typeOf(call) },
      body: text,
    });
    const { host: _sentByFetch, ...signed } = headers;
    const response = await send(`${endpoint}${path}`, {
      method,
      headers: signed,
      ...(text !== undefined && { body: text }),
    }).catch(noAnswer);
    const answer = jsonIn(await response.text());
    if (!response.ok) throw errorOf(response, answer);
    return answer;
  };
};
