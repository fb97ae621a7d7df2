import { forEachBounded } from '../../shared/bounded.ts';
import type { AppLog } from '../../shared/log.ts';
import type { CountMetric } from '../../shared/metrics.ts';
import type { TableHandle } from '../../shared/table.ts';
import type { Connect } from './client.ts';
import { contactFields, contactOf, type SalesforceContact } from './contact.ts';
import { SalesforceError } from './errors.ts';
import { type TakeOverResult, takeOver } from './take-over.ts';
import { acquireLease, type PollLease, type Watermark } from './watermark.ts';

export interface PollDeps {
  readonly connect: Connect;
  readonly customers: TableHandle;
  readonly runs: TableHandle;
  readonly now: () => number;
  readonly log: AppLog;
  readonly count: CountMetric;
}

export interface PollRun {
  /** The holder of the lease. */
  readonly id: string;
  /** When Lambda stops the function, in milliseconds since 1970. */
  readonly deadline: number;
}

/** `stopped`: more remains, and the next run continues. `skipped`: another poll is running. */
export type PollResult = { readonly outcome: 'done' | 'stopped' | 'skipped' } & Readonly<
  Partial<Record<TakeOverResult | 'unreadable', number>>
>;

const overlapMs = 5 * 60_000;
const leaseMarginMs = 30_000;
/** Time to store a page. A page is begun only if there is time to read it, too. */
const storePageMs = 15_000;
const pageBudgetMs = 2 * storePageMs;
const atOnce = 32;

/** Copies the changes in Salesforce since the last poll, oldest first. */
export const poll = async (deps: PollDeps, { id, deadline }: PollRun): Promise<PollResult> => {
  const now = deps.now();
  const lease = await acquireLease(deps.runs, { holder: id, now, until: deadline + leaseMarginMs });
  if (!lease) return report(deps, { outcome: 'skipped' });
  try {
    return report(deps, await storePages(deps, lease, deadline));
  } finally {
    await lease.giveBack();
  }
};

const report = ({ log, count }: PollDeps, polled: PollResult): PollResult => {
  log.info('polled', { ...polled });
  for (const [outcome, contacts] of Object.entries(polled))
    if (typeof contacts === 'number')
      count(`Contacts${outcome.replace(/^./, (letter) => letter.toUpperCase())}`, contacts);
  count('PollsStopped', polled.outcome === 'stopped' ? 1 : 0);
  return polled;
};

const storePages = async (
  deps: PollDeps,
  lease: PollLease,
  deadline: number,
): Promise<PollResult> => {
  const counts: Partial<Record<TakeOverResult | 'unreadable', number>> = {};
  const askedAt = new Date(deps.now()).toISOString();
  try {
    for await (const records of deps
      .connect({ deadline: deadline - storePageMs })
      .query(changedSince(lease.watermark), { deleted: true })) {
      const lastContact = await storePage(deps, records, counts);
      if (
        lastContact &&
        !(await lease.move({ stamp: lastContact.modifiedAt, id: lastContact.id, askedAt }))
      )
        return { outcome: 'stopped', ...counts };
      if (deps.now() + pageBudgetMs > deadline) return { outcome: 'stopped', ...counts };
    }
    return { outcome: 'done', ...counts };
  } catch (error) {
    if (!(error instanceof SalesforceError) || !['LIMIT', 'DEADLINE'].includes(error.code))
      throw error;
    deps.log.warn('poll stopped', { reason: error.message });
    return { outcome: 'stopped', ...counts };
  }
};

/** Stores a page, and answers with its last contact: the new position of the watermark. */
const storePage = async (
  deps: PollDeps,
  records: readonly unknown[],
  sums: Partial<Record<TakeOverResult | 'unreadable', number>>,
): Promise<SalesforceContact | undefined> => {
  const contacts = records.map(contactOf).filter((contact) => contact !== undefined);
  const unreadable = records.length - contacts.length;
  if (unreadable > 0) {
    sums.unreadable = (sums.unreadable ?? 0) + unreadable;
    deps.log.error('contacts that cannot be read', { unreadable });
  }
  await forEachBounded(atOnce, contacts, async (contact) => {
    const outcome = await takeOver(deps.customers, contact);
    if (outcome === 'overruled')
      deps.log.warn('a change that waited here was overruled by a later one in Salesforce', {
        customer: contact.id,
      });
    sums[outcome] = (sums[outcome] ?? 0) + 1;
  });
  return contacts.at(-1);
};

/**
 * The query for the changes since a watermark. A change becomes visible some time after its
 * timestamp, so the minutes before the watermark are read again. If the watermark was old when it
 * was read, those minutes are complete, and the query continues exactly behind the record;
 * otherwise more changes within these minutes than a run can store would stop all progress.
 */
export const changedSince = (watermark: Watermark | undefined): string => {
  const select = `SELECT ${contactFields} FROM Contact`;
  const orderBy = 'ORDER BY SystemModstamp ASC, Id ASC';
  if (watermark === undefined) return `${select} ${orderBy}`;
  const [changedAt, askedAt] = [Date.parse(watermark.stamp), Date.parse(watermark.askedAt)];
  const isSettled = changedAt < askedAt - 2 * overlapMs;
  const overlapStart = new Date(Math.min(changedAt, askedAt) - overlapMs).toISOString();
  const overlap = `SystemModstamp >= ${overlapStart}`;
  const { stamp, id } = watermark;
  const behind = `SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${id}')`;
  return `${select} WHERE ${isSettled ? behind : overlap} ${orderBy}`;
};
