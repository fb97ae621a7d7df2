import * as z from 'zod';
import type { CountMetric } from '../../shared/metrics.ts';
import { ForbiddenHostError } from '../../shared/outside.ts';
import { codesOf, SalesforceError, shownCode } from './errors.ts';
import {
  exchange,
  type RetryBudget,
  type SalesforceCall,
  type SalesforceReply,
} from './exchange.ts';
import { type SalesforceSession, type SignInDeps, signIn } from './session.ts';

/** The result of updating one record. */
export interface UpdateResult {
  readonly success: boolean;
  /** Codes and fields only: Salesforce's messages quote what was sent. */
  readonly reason: string;
}

/** A client of Salesforce for one run. */
export interface SalesforceClient {
  /** Reads page after page; `deleted` includes the recycle bin. */
  readonly query: (
    soql: string,
    options?: { readonly deleted?: boolean },
  ) => AsyncGenerator<readonly unknown[]>;
  /** Updates at most 200 contacts, each independently; the results are in the same order. */
  readonly update: (
    contacts: readonly Readonly<Record<string, unknown>>[],
  ) => Promise<readonly UpdateResult[]>;
}

export interface ConnectDeps extends SignInDeps, Omit<RetryBudget, 'deadline'> {
  readonly version: string;
  readonly count: CountMetric;
}

export type Connect = (run: Pick<RetryBudget, 'deadline'>) => SalesforceClient;

type SendRequest = (
  call: Pick<SalesforceCall, 'method' | 'body'>,
  path: (instance: URL) => URL,
) => Promise<unknown>;

const pageSchema = z.object({
  done: z.boolean(),
  records: z.array(z.unknown()),
  nextRecordsUrl: z.string().max(1_000).optional(),
});
const updateResults = z.array(
  z.object({
    success: z.boolean(),
    errors: z
      .array(z.object({ statusCode: z.string(), fields: z.array(z.string()).nullish() }))
      .default([]),
  }),
);

/**
 * The token is cached for as long as the container lives; the used share of the limit is known for
 * one run only.
 */
export const salesforceConnector = (deps: ConnectDeps): Connect => {
  const cached: { session?: SalesforceSession | undefined } = {};
  return ({ deadline }) => {
    const sendRequest = requestSender(deps, { ...deps, deadline }, cached);
    const dataPath = `/services/data/${deps.version}`;
    return {
      query: pageReader(sendRequest, dataPath),
      update: contactUpdater(sendRequest, dataPath),
    };
  };
};

/** Sends a request with a token. If Salesforce no longer knows the token, it signs in once more. */
const requestSender = (
  deps: ConnectDeps,
  retryBudget: RetryBudget,
  cached: { session?: SalesforceSession | undefined },
): SendRequest => {
  let shareOfLimit = 0;
  return async (call, path) => {
    if (shareOfLimit >= maxShare)
      throw new SalesforceError(
        'LIMIT',
        'The daily calls to Salesforce are nearly used up; start another run tomorrow',
      );
    const send = async (): Promise<SalesforceReply> => {
      cached.session ??= await signIn(deps, retryBudget);
      const { token, instance } = cached.session;
      const headers = {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      };
      return exchange({ ...call, headers, url: path(instance) }, retryBudget);
    };
    let reply = await send();
    if (reply.status === 401 && codesOf(reply.body).includes('INVALID_SESSION_ID')) {
      cached.session = undefined;
      reply = await send();
    }
    shareOfLimit = usedShareOf(reply, deps.count);
    if (reply.status === 200) return reply.body;
    const [code = 'UNREADABLE'] = codesOf(reply.body);
    throw new SalesforceError(
      code === 'REQUEST_LIMIT_EXCEEDED' ? 'LIMIT' : code,
      `Salesforce refused the request with HTTP ${reply.status}`,
    );
  };
};

/** The rest of the daily calls is left to other users of the organisation. */
const maxShare = 0.9;

const usedShareOf = ({ headers }: SalesforceReply, count: CountMetric): number => {
  const [, used, limit] =
    /(?:^|[\s,;])api-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '') ?? [];
  if (used === undefined || limit === undefined) return 0;
  count('SalesforceCallsUsed', Number(used));
  return Number(limit) > 0 ? Number(used) / Number(limit) : 1;
};

const parseAnswer = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') || 'the top';
  throw new SalesforceError(
    'UNREADABLE',
    `The answer of Salesforce has the wrong format at ${path}`,
  );
};

const pageReader = (sendRequest: SendRequest, dataPath: string): SalesforceClient['query'] =>
  async function* (soql, { deleted = false } = {}) {
    const firstPage = (instance: URL) =>
      new URL(
        `${dataPath}/${deleted ? 'queryAll' : 'query'}?${new URLSearchParams({ q: soql })}`,
        instance,
      );
    for (let next: ((instance: URL) => URL) | undefined = firstPage; next; ) {
      const { records, done, nextRecordsUrl }: z.infer<typeof pageSchema> = parseAnswer(
        pageSchema,
        await sendRequest({ method: 'GET' }, next),
      );
      yield records;
      if (!done && nextRecordsUrl === undefined)
        throw new SalesforceError(
          'UNREADABLE',
          'Salesforce announced another page without its address',
        );
      next = done ? undefined : (instance) => sameHost(nextRecordsUrl ?? '', instance);
    }
  };

const sameHost = (address: string, instance: URL): URL => {
  const url = URL.parse(address, instance.href);
  if (
    url?.origin === instance.origin &&
    url.pathname.startsWith('/services/data/') &&
    url.username === ''
  )
    return url;
  throw new ForbiddenHostError('the address of the next page is not one of Salesforce');
};

const contactUpdater =
  (sendRequest: SendRequest, dataPath: string): SalesforceClient['update'] =>
  async (contacts) => {
    const records = contacts.map((contact) => ({ attributes: { type: 'Contact' }, ...contact }));
    const body = JSON.stringify({ allOrNone: false, records });
    const results = parseAnswer(
      updateResults,
      await sendRequest(
        { method: 'PATCH', body },
        (instance) => new URL(`${dataPath}/composite/sobjects`, instance),
      ),
    );
    if (results.length !== contacts.length)
      throw new SalesforceError(
        'UNREADABLE',
        'Salesforce answered for another number of records than were sent',
      );
    return results.map(({ success, errors }) => ({
      success,
      reason: errors.map(reasonOf).join(', '),
    }));
  };

const reasonOf = ({
  statusCode,
  fields,
}: {
  readonly statusCode: string;
  readonly fields?: readonly string[] | null | undefined;
}): string => {
  const shownFields = (fields ?? []).slice(0, 5).map(shownCode);
  return [shownCode(statusCode), ...(shownFields.length > 0 ? [shownFields.join(', ')] : [])].join(
    ' at ',
  );
};
