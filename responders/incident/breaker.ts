import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { textAt } from '../shared/json.ts';
import { put } from './items.ts';
import { breakerKey, incidentKey, incidentOfKey } from './keys.ts';
import { partition, type Table } from './table.ts';

/** What the circuit breaker keeps of a finding that it counts, or that it has held back. */
export interface BreakerMark {
  /** The detector that has seen it: `111122223333/eu-west-1/<detector>`. */
  readonly source: string;
  readonly type: string;
  /** A person was asked because the breaker was open; else its workload was contained. */
  readonly held: boolean;
}

export interface BreakerRecord extends BreakerMark {
  readonly incident: string;
  readonly at: number;
}

const twoDays = 2 * 86_400;

export const breakerItem = (
  table: Table,
  id: string,
  at: number,
  mark: BreakerMark,
): TransactWriteItem =>
  put(table, {
    pk: breakerKey(at),
    sk: incidentKey(id),
    at,
    ...mark,
    expiresAt: Math.floor(at / 1000) + twoDays,
  });

/** What was contained or held back in the last minutes, the latest of each incident. */
export const breakerRecords = async (
  table: Table,
  now: number,
  minutes: number,
): Promise<readonly BreakerRecord[]> => {
  const since = now - minutes * 60_000;
  const hours = new Set<string>();
  for (let at = since; at < now + 3_600_000; at += 3_600_000)
    hours.add(breakerKey(Math.min(at, now)));
  const items = await Promise.all([...hours].map((hour) => partition(table, hour)));
  const records = items
    .flat()
    .filter(({ at }) => Number(at) >= since)
    .map((item) => ({
      incident: incidentOfKey(String(item.sk)),
      at: Number(item.at),
      source: textAt(item, 'source') ?? '',
      type: textAt(item, 'type') ?? '',
      held: item.held === true,
    }))
    .sort((left, right) => left.at - right.at);
  return [...new Map(records.map((record) => [record.incident, record])).values()];
};
