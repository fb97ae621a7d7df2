import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { assume, clientConfig } from '../../local/engine/clients.ts';
import { drillEvent, findingAbout } from './findings.ts';
import { proverOf } from './prover.ts';
import { type DrillTarget, type EngineAddress, inParallel, makeTarget } from './targets.ts';

/**
 * How many findings, on how many roles, in what time, and which share of them is a repeat of an
 * earlier one.
 */
export interface FloodPlan {
  readonly findings: number;
  readonly roles: number;
  readonly seconds: number;
  readonly repeats: number;
}

export interface SentFindings {
  readonly targets: readonly DrillTarget[];
  /** Ids of the findings, each once. */
  readonly distinct: readonly string[];
  readonly events: number;
  readonly tookMs: number;
}

interface Planned {
  readonly id: string;
  readonly target: number;
  readonly revision: number;
}

/**
 * Repeats are of anything that came before; every other one is a revision, the rest the very same
 * event again.
 */
const plan = ({ findings, roles, repeats }: FloodPlan, mark: string): Planned[] => {
  const events: Planned[] = [];
  const distinct: Planned[] = [];
  for (let n = 0; n < findings; n += 1) {
    const isRepeat = distinct.length > 0 && Math.floor((n + 1) * repeats) > Math.floor(n * repeats);
    const earlier = distinct[(n * 7919) % Math.max(distinct.length, 1)];
    if (isRepeat && earlier) events.push({ ...earlier, revision: n % 2 });
    else {
      const fresh = {
        id: `${mark}${String(distinct.length).padStart(6, '0')}`,
        target: distinct.length % roles,
        revision: 0,
      };
      distinct.push(fresh);
      events.push(fresh);
    }
  }
  return events;
};

/**
 * Makes the targets, then puts all findings on the drill bus, evenly over the time, as the drill
 * role.
 */
export const flood = async (
  at: EngineAddress,
  outputs: Readonly<Record<string, string>>,
  given: FloodPlan,
  mark = 'f100d',
): Promise<SentFindings> => {
  const names = Array.from({ length: given.roles }, (_none, n) => `${mark}-${n}`);
  const targets = await inParallel(names, 8, (name) => makeTarget(at, name));
  const events = plan(given, mark);
  const drill = new EventBridgeClient(
    clientConfig(at, await assume(at, outputs.DrillRoleArn ?? '', 'flood')),
  );
  const prove = await proverOf(at, outputs);
  const began = Date.now();
  const batches = Array.from({ length: Math.ceil(events.length / 10) }, (_none, n) =>
    events.slice(n * 10, n * 10 + 10),
  );
  for (const [n, batch] of batches.entries()) {
    await sleep(Math.max(0, began + (n * given.seconds * 1_000) / batches.length - Date.now()));
    const details = batch.flatMap(({ id, target, revision }) => {
      const about = targets[target];
      return about ? [findingAbout(about, id, began + revision * 60_000)] : [];
    });
    const Entries = await Promise.all(
      details.map(async (detail) => drillEvent(outputs.DrillBusName ?? '', await prove(detail))),
    );
    const { FailedEntryCount } = await drill.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount) throw new Error(`${FailedEntryCount} findings were refused by the bus`);
  }
  return {
    targets,
    distinct: [...new Set(events.map(({ id }) => id))],
    events: events.length,
    tookMs: Date.now() - began,
  };
};
