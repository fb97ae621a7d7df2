import type { Log } from '../../shared/log.ts';
import type { Count } from '../../shared/metrics.ts';
import type { Table } from '../../shared/table.ts';
import { allBounded } from './bounded.ts';
import type { Connect } from './client.ts';
import { type Contact, contactFields, contactOf } from './contact.ts';
import { SalesforceError } from './errors.ts';
import { type Taken, takeOver } from './take-over.ts';
import { type Lease, lease, type Watermark } from './watermark.ts';

export interface Polling {
  readonly connect: Connect;
  readonly customers: Table;
  readonly runs: Table;
  readonly now: () => number;
  readonly log: Log;
  readonly count: Count;
}

export interface PollRun {
  /** Who holds the lease. */
  readonly id: string;
  /** When the function is stopped, in milliseconds since 1970. */
  readonly deadline: number;
}

/** `stopped`: there is more, and the next run goes on from here. `skipped`: another poll runs. */
export type Polled = { readonly outcome: 'done' | 'stopped' | 'skipped' } & Readonly<
  Partial<Record<Taken | 'unreadable', number>>
>;

const overlapMs = 5 * 60_000;
const afterDeathMs = 30_000;
/** Enough to store a page, and to ask for one before; without it no page is begun. */
const storeMs = 15_000;
const pageMs = 2 * storeMs;
const atOnce = 32;

/** Takes over what changed in Salesforce since the last time, oldest change first. */
export const poll = async (deps: Polling, { id, deadline }: PollRun): Promise<Polled> => {
  const now = deps.now();
  const held = await lease(deps.runs, { holder: id, now, until: deadline + afterDeathMs });
  if (!held) return told(deps, { outcome: 'skipped' });
  try {
    return told(deps, await pagesOf(deps, held, deadline));
  } finally {
    await held.giveBack();
  }
};

const told = ({ log, count }: Polling, polled: Polled): Polled => {
  log.info('polled', { ...polled });
  for (const [name, value] of Object.entries(polled))
    if (typeof value === 'number')
      count(`Contacts${name.replace(/^./, (first) => first.toUpperCase())}`, value);
  count('PollsStopped', polled.outcome === 'stopped' ? 1 : 0);
  return polled;
};

const pagesOf = async (deps: Polling, held: Lease, deadline: number): Promise<Polled> => {
  const sums: Partial<Record<Taken | 'unreadable', number>> = {};
  const askedAt = new Date(deps.now()).toISOString();
  try {
    for await (const records of deps
      .connect({ deadline: deadline - storeMs })
      .query(changedSince(held.watermark), { deleted: true })) {
      const last = await storePage(deps, records, sums);
      if (last && !(await held.move({ stamp: last.modifiedAt, id: last.id, askedAt })))
        return { outcome: 'stopped', ...sums };
      if (deps.now() + pageMs > deadline) return { outcome: 'stopped', ...sums };
    }
    return { outcome: 'done', ...sums };
  } catch (error) {
    if (!(error instanceof SalesforceError) || !['LIMIT', 'DEADLINE'].includes(error.code))
      throw error;
    deps.log.warn('poll stopped', { reason: error.message });
    return { outcome: 'stopped', ...sums };
  }
};

/** Stores a page; its last record is how far we are then. */
const storePage = async (
  deps: Polling,
  records: readonly unknown[],
  sums: Partial<Record<Taken | 'unreadable', number>>,
): Promise<Contact | undefined> => {
  const contacts = records.map(contactOf).filter((contact) => contact !== undefined);
  const unreadable = records.length - contacts.length;
  if (unreadable > 0) {
    sums.unreadable = (sums.unreadable ?? 0) + unreadable;
    deps.log.error('contacts that cannot be read', { unreadable });
  }
  await allBounded(atOnce, contacts, async (contact) => {
    const taken = await takeOver(deps.customers, contact);
    if (taken === 'overruled')
      deps.log.warn('a change that waited here was overruled by a later one in Salesforce', {
        customer: contact.id,
      });
    sums[taken] = (sums[taken] ?? 0) + 1;
  });
  return contacts.at(-1);
};

/**
 * A change becomes visible a little after its stamp, so the minutes before the watermark are read
 * again. Where the watermark was old already when it was read, all that is settled, and it goes on
 * exactly behind the record: otherwise more changes of the same minutes than a run can store would
 * hold up everything for ever.
 */
export const changedSince = (mark: Watermark | undefined): string => {
  const select = `SELECT ${contactFields} FROM Contact`;
  const order = 'ORDER BY SystemModstamp ASC, Id ASC';
  if (mark === undefined) return `${select} ${order}`;
  const [at, askedAt] = [Date.parse(mark.stamp), Date.parse(mark.askedAt)];
  const settled = at < askedAt - 2 * overlapMs;
  const overlap = `SystemModstamp >= ${new Date(Math.min(at, askedAt) - overlapMs).toISOString()}`;
  const behind = `SystemModstamp > ${mark.stamp} OR (SystemModstamp = ${mark.stamp} AND Id > '${mark.id}')`;
  return `${select} WHERE ${settled ? behind : overlap} ${order}`;
};
