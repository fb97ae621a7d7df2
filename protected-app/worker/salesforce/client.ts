import * as z from 'zod';
import type { Count } from '../../shared/metrics.ts';
import { ForbiddenHostError } from '../../shared/outside.ts';
import { codesOf, SalesforceError, shownCode } from './errors.ts';
import { type Call, exchange, type Patience, type Reply } from './exchange.ts';
import { type Session, type SignIn, signIn } from './session.ts';

/** What became of one record of an update. */
export interface Saved {
  readonly success: boolean;
  /** Codes and fields only: the messages beside them quote what was sent. */
  readonly reason: string;
}

/** Salesforce for one run. */
export interface Salesforce {
  /** Page after page; `deleted`: what lies in the recycle bin too. */
  readonly query: (
    soql: string,
    options?: { readonly deleted?: boolean },
  ) => AsyncGenerator<readonly unknown[]>;
  /** At most 200 contacts, each for itself; the answers are in the same order. */
  readonly update: (
    contacts: readonly Readonly<Record<string, unknown>>[],
  ) => Promise<readonly Saved[]>;
}

export interface Connecting extends SignIn, Omit<Patience, 'deadline'> {
  readonly version: string;
  readonly count: Count;
}

export type Connect = (run: Pick<Patience, 'deadline'>) => Salesforce;

type Ask = (call: Pick<Call, 'method' | 'body'>, path: (instance: URL) => URL) => Promise<unknown>;

const page = z.object({
  done: z.boolean(),
  records: z.array(z.unknown()),
  nextRecordsUrl: z.string().max(1_000).optional(),
});
const saved = z.array(
  z.object({
    success: z.boolean(),
    errors: z
      .array(z.object({ statusCode: z.string(), fields: z.array(z.string()).nullish() }))
      .default([]),
  }),
);

/**
 * The token is kept for as long as the container lives; what a run used of the limit is forgotten
 * with the run.
 */
export const connecting = (deps: Connecting): Connect => {
  const kept: { session?: Session | undefined } = {};
  return ({ deadline }) => {
    const ask = asking(deps, { ...deps, deadline }, kept);
    const data = `/services/data/${deps.version}`;
    return { query: pages(ask, data), update: updating(ask, data) };
  };
};

/** One request with a token, which is renewed once when Salesforce does not know it any more. */
const asking = (
  deps: Connecting,
  patience: Patience,
  kept: { session?: Session | undefined },
): Ask => {
  let share = 0;
  return async (call, path) => {
    if (share >= mostShare)
      throw new SalesforceError('LIMIT', 'the daily calls to Salesforce are nearly used up');
    const send = async (): Promise<Reply> => {
      kept.session ??= await signIn(deps, patience);
      const { token, instance } = kept.session;
      const headers = {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      };
      return exchange({ ...call, headers, url: path(instance) }, patience);
    };
    let reply = await send();
    if (reply.status === 401 && codesOf(reply.body).includes('INVALID_SESSION_ID')) {
      kept.session = undefined;
      reply = await send();
    }
    share = usedShare(reply, deps.count);
    if (reply.status === 200) return reply.body;
    const [code = 'UNREADABLE'] = codesOf(reply.body);
    throw new SalesforceError(
      code === 'REQUEST_LIMIT_EXCEEDED' ? 'LIMIT' : code,
      `Salesforce refuses: HTTP ${reply.status}`,
    );
  };
};

/** What others in the organisation need of the daily calls is left to them. */
const mostShare = 0.9;

const usedShare = ({ headers }: Reply, count: Count): number => {
  const [, used, limit] =
    /(?:^|[\s,;])api-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '') ?? [];
  if (used === undefined || limit === undefined) return 0;
  count('SalesforceCallsUsed', Number(used));
  return Number(limit) > 0 ? Number(used) / Number(limit) : 1;
};

const read = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> => {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new SalesforceError(
    'UNREADABLE',
    `Salesforce answers what we cannot read, at ${result.error.issues[0]?.path.join('.') || 'the top'}`,
  );
};

const pages = (ask: Ask, data: string): Salesforce['query'] =>
  async function* (soql, { deleted = false } = {}) {
    const first = (instance: URL) =>
      new URL(
        `${data}/${deleted ? 'queryAll' : 'query'}?${new URLSearchParams({ q: soql })}`,
        instance,
      );
    for (let next: ((instance: URL) => URL) | undefined = first; next; ) {
      const { records, done, nextRecordsUrl }: z.infer<typeof page> = read(
        page,
        await ask({ method: 'GET' }, next),
      );
      yield records;
      if (!done && nextRecordsUrl === undefined)
        throw new SalesforceError(
          'UNREADABLE',
          'Salesforce says that there is more, and not where',
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

const updating =
  (ask: Ask, data: string): Salesforce['update'] =>
  async (contacts) => {
    const records = contacts.map((contact) => ({ attributes: { type: 'Contact' }, ...contact }));
    const body = JSON.stringify({ allOrNone: false, records });
    const answers = read(
      saved,
      await ask(
        { method: 'PATCH', body },
        (instance) => new URL(`${data}/composite/sobjects`, instance),
      ),
    );
    if (answers.length !== contacts.length)
      throw new SalesforceError('UNREADABLE', 'Salesforce answers for another number of records');
    return answers.map(({ success, errors }) => ({
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
}): string =>
  `${shownCode(statusCode)}${fields?.length ? ` at ${fields.slice(0, 5).map(shownCode).join(', ')}` : ''}`;
