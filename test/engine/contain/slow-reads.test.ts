import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Head } from '../../../responders/incident/case.ts';
import { partition } from '../../../responders/incident/table.ts';
import { at } from '../../../responders/shared/json.ts';
import { borrowed, type Deployed } from '../../support/engine/deployed.ts';
import { makeWorkload } from '../../support/engine/workload.ts';
import {
  type Between,
  lambdaError,
  leadThrough,
  type Passing,
  standBetween,
} from '../evidence/between.ts';
import { caseOf, eventAbout, tableOf } from '../evidence/incident.ts';

let cordon: Deployed;
let undo: () => Promise<void>;
let between: Between;
beforeAll(async () => {
  cordon = await borrowed();
  between = await standBetween(cordon);
  undo = await leadThrough(cordon, between, 'ContainmentLambda');
});
afterAll(async () => {
  await undo?.();
  between?.stop();
});

/** Lambda is too busy to say what the function is, for so many requests. */
const busyFor = (name: string, requests: number): void => {
  let left = requests;
  const asks = ({ to, method, path }: Passing): boolean =>
    to === 'lambda' && method === 'GET' && path.endsWith(`/functions/${name}`);
  between.rule(async (passing) => {
    if (!asks(passing) || left === 0) return undefined;
    left -= 1;
    return lambdaError(429, 'TooManyRequestsException', 'Rate exceeded');
  });
};

const report = async (name: string): Promise<void> => {
  const entry = {
    Source: 'aws.guardduty',
    DetailType: 'GuardDuty Finding',
    Detail: JSON.stringify(at(eventAbout(name, `f${name}`), 'detail')),
  };
  const { FailedEntryCount } = await new EventBridgeClient(clientConfig(cordon)).send(
    new PutEventsCommand({ Entries: [entry] }),
  );
  expect(FailedEntryCount).toBe(0);
};

const headOf = async (name: string): Promise<Head | undefined> => {
  const [claim] = await partition(tableOf(cordon), `CLAIM#real#000000000000#us-east-1#f${name}`);
  return claim && (await caseOf(cordon, String(claim.incidentId))).head;
};

it('what is slow for some rounds of reads is contained without a question, however often its turn was put off before', async () => {
  const name = 'slow-for-a-while';
  await makeWorkload(cordon, name);
  busyFor(name, 8);
  await report(name);
  await expect
    .poll(async () => (await headOf(name))?.state, { timeout: 120_000, interval: 300 })
    .toBe('contained');
}, 150_000);

it('what stays slow is a question for a person', async () => {
  const name = 'slow-for-good';
  await makeWorkload(cordon, name);
  busyFor(name, Number.POSITIVE_INFINITY);
  await report(name);
  await expect
    .poll(async () => (await headOf(name))?.state, { timeout: 180_000, interval: 300 })
    .toBe('awaiting-approval');
  // Whichever comes first: the last answer of Lambda, or the end of the time for reads.
  expect((await headOf(name))?.decision.reason).toMatch(
    /^could not judge: the function could not be read \((TooManyRequestsException|DeadlineError)/,
  );
}, 200_000);
