// The world changes between the finding and the collection: when EvidenceCollectionLambda first
// knocks, after containment.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { verify } from '../../../responders/evidence/verify.mjs';
import type { Case } from '../../../responders/incident/case.ts';
import { type Gap, gapKind } from '../../../responders/incident/evidence.ts';
import type { ClockName } from '../../../responders/incident/incident.ts';
import { partition } from '../../../responders/incident/table.ts';
import { at, isRecord } from '../../../responders/shared/json.ts';
import { deployed, type OwnDeployed, outputOf } from '../../support/engine/deployed.ts';
import { drillEventOf } from '../../support/engine/drill-event.ts';
import { rawMails } from '../../support/engine/inbox.ts';
import { type Between, leadThrough, type Passing, standBetween } from './between.ts';
import { type Change, changes } from './changes.ts';
import {
  caseOf,
  eventAbout,
  folderOfIncident,
  makeVictim,
  objectsUnder,
  pulled,
  secret,
  tableOf,
} from './incident.ts';

let cordon: OwnDeployed;
let between: Between;
beforeAll(async () => {
  cordon = await deployed();
  between = await standBetween(cordon);
  await leadThrough(cordon, between);
});
afterAll(async () => {
  between?.stop();
  await cordon?.engine.stop();
});

const until = async <T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined>,
): Promise<T> => {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await sleep(150)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not seen within ${seconds} s: ${what}`);
};

/** A finding about the function on the drill bus, and the incident that came of it. */
const inject = async (name: string): Promise<string> => {
  const Detail = JSON.stringify(at(await drillEventOf(cordon, eventAbout(name, name)), 'detail'));
  const Entries = [
    {
      EventBusName: outputOf(cordon, 'DrillBusName'),
      Source: 'cordon.drill',
      DetailType: 'GuardDuty Finding',
      Detail,
    },
  ];
  expect(
    (await new EventBridgeClient(clientConfig(cordon)).send(new PutEventsCommand({ Entries })))
      .FailedEntryCount,
  ).toBe(0);
  const claim = `CLAIM#drill#${ACCOUNT}#${REGION}#${name}`;
  return until(claim, 120, async () => {
    const [found] = await partition(tableOf(cordon), claim);
    return found && String(found.incidentId);
  });
};

/** Fails at once when the change itself did. */
const closed = (id: string, changing: () => Promise<unknown> | undefined): Promise<Case> =>
  until(`the end of ${id}`, 250, async () => {
    await changing();
    const found = await caseOf(cordon, id);
    return found.stages.some(({ name }) => name === 'close') ? found : undefined;
  });

const mailAbout = (id: string, kind: string): string =>
  rawMails(cordon.engine.runDir).find(
    (mail) => mail.includes(`Cordon ${kind} `) && mail.includes(id),
  ) ?? '';

const gapsOf = (from: unknown): Gap[] => {
  const gaps = at(from, 'gaps');
  return (Array.isArray(gaps) ? gaps : []).filter(isRecord).map((gap) => ({
    kind: gapKind(gap),
    what: String(gap.what),
    why: String(gap.why),
    ...(gap.always === true && { always: true as const }),
  }));
};

const sha256 = (bytes: Buffer | undefined): string =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

interface Happened {
  readonly id: string;
  /** When EvidenceCollectionLambda first asked for something. */
  readonly collectedFrom: number;
  readonly found: Case;
  readonly objects: ReadonlyMap<string, Buffer>;
  /** What was answered in the engine's place. */
  readonly instead: readonly Passing[];
}

/** From the finding to the closed incident, with the change in between. */
const happened = async ({ name, change, rule, undo }: Change): Promise<Happened> => {
  const where = { cordon, name };
  await makeVictim(cordon, name);
  const answer = rule?.();
  const instead: Passing[] = [];
  let changing: Promise<unknown> | undefined;
  let collectedFrom = Number.NaN;
  between.rule(async (passing) => {
    if (changing === undefined) collectedFrom = Date.now();
    changing ??= change?.(where) ?? Promise.resolve();
    await changing;
    const said = await answer?.(passing);
    if (said) instead.push(passing);
    return said;
  });
  try {
    const id = await inject(name);
    const found = await closed(id, () => changing);
    expect(changing).toBeDefined();
    const objects = await objectsUnder(cordon, folderOfIncident(id));
    return { id, collectedFrom, found, objects, instead };
  } finally {
    await undo?.(where);
  }
};

const seconds = ({ clocks }: Case['head'], to: ClockName): number =>
  (Number(clocks[to] ?? Number.NaN) - Number(clocks.received)) / 1_000;

/**
 * Containment waits for nothing of this: its calls were accepted before anything was collected. The
 * first report follows what it tells of.
 */
const containedFirst = (
  { found: { head }, collectedFrom }: Happened,
  { contests = false }: Change,
): void => {
  expect(contests ? ['contained', 'contested'] : ['contained']).toContain(head.state);
  const { received, accepted, effective, flash, evidence, report1 } = head.clocks;
  expect(inOrder([received, accepted, collectedFrom, evidence, report1])).toBe(true);
  expect(inOrder([accepted, effective, report1])).toBe(true);
  expect(inOrder([accepted, flash, report1])).toBe(true);
};

/** Each not before the one in front of it; there is no clock for evidence that failed. */
const inOrder = (clocks: readonly (number | null)[]): boolean => {
  const times = clocks.filter((clock) => clock !== null);
  return times.every((time, index) => time >= (times[index - 1] ?? 0));
};

/** The engine's links always lead to the newest code, and the function never ran. */
const usual = /^(function\/versions\/\d\/code\.zip|log events of .*)$/;

/**
 * Each gap is a sentence for a person, without a link or anything that only a program could have
 * meant.
 */
const gapsTold = (gaps: readonly Gap[], { gaps: wanted, complete }: Change): void => {
  for (const { what, why } of gaps) {
    expect([what, why]).toEqual([
      expect.stringMatching(/^[\w$].{3,}/),
      expect.stringMatching(/^\S+ \S+/),
    ]);
    expect(`${what} ${why}`).not.toMatch(/undefined|null|\[object|NaN|https?:|X-Amz|_ministack|\n/);
  }
  for (const [what, why] of wanted)
    expect(gaps).toContainEqual(
      expect.objectContaining({
        what: expect.stringMatching(what),
        why: expect.stringMatching(why),
      }),
    );
  if (complete) expect(gaps.filter(({ always, what }) => !always && !usual.test(what))).toEqual([]);
};

/**
 * The report has all of them but for names that look like a card's number, and the mail the first.
 */
const peopleTold = (
  { id, objects }: Happened,
  gaps: readonly Gap[],
  { mail: words = [] }: Change,
): void => {
  const report = objects.get('report/v2.txt')?.toString() ?? '';
  for (const gap of gaps)
    if (!/\d{13}/.test(gap.what))
      expect(report).toContain(`- ${gapKind(gap).toUpperCase()} ${gap.what.slice(0, 60)}`);
  const mail = mailAbout(id, 'report 2');
  expect(mail).toContain('The evidence is INCOMPLETE:');
  for (const one of words) expect(mail).toMatch(one);
};

/** What is there is what was taken, and no secret or link is where it must not be. */
const kept = ({ found, objects }: Happened, { there = [], absent = [], code }: Change): void => {
  const paths = [...objects.keys()].map((path) => path.replace(/^findings\/\d+/, 'findings/1'));
  expect(paths).toEqual(expect.arrayContaining([...there]));
  expect(paths.filter((path) => absent.includes(path))).toEqual([]);
  if (code) expect(sha256(objects.get('function/code.zip'))).toBe(code);
  const holders = (pattern: RegExp) =>
    [...objects]
      .filter(([, bytes]) => pattern.test(bytes.toString('latin1')))
      .map(([path]) => path);
  expect(
    holders(new RegExp(secret)).filter(
      (path) => !/^function\/(versions\/\d\/)?configuration\.json$/.test(path),
    ),
  ).toEqual([]);
  expect(holders(/_ministack|X-Amz-Signature/)).toEqual([]);
  expect(JSON.stringify(found)).not.toMatch(new RegExp(`${secret}|_ministack|X-Amz-Signature`));
};

const verified = async (
  { id, objects }: Happened,
  gaps: readonly Gap[],
  { sealed = true }: Change,
): Promise<void> => {
  const folder = await pulled(cordon, id);
  const { ok } = await verify(folder, { copied: true });
  rmSync(folder, { recursive: true });
  expect(ok).toBe(sealed);
  const manifest: unknown = JSON.parse(objects.get('manifest.json')?.toString() ?? '{}');
  if (sealed)
    expect(gapsOf(manifest).map(({ what }) => what)).toEqual(
      expect.arrayContaining(gaps.map(({ what }) => what)),
    );
};

it.each(Object.entries(changes))('%s', { timeout: 500_000 }, async (title, change) => {
  const seen = await happened(change);
  const { head, stages } = seen.found;
  const stage = (wanted: string) => stages.find(({ name }) => name === wanted);
  const took = (['accepted', 'effective', 'flash', 'evidence', 'report1', 'report2'] as const).map(
    (clock) => `${clock} ${seconds(head, clock)} s`,
  );
  process.stdout.write(`${title}: ${took.join(', ')}\n`);
  const { evidence = 'ok', sealed = true } = change;

  containedFirst(seen, change);
  for (const clock of ['accepted', 'effective', 'flash', 'report1'] as const)
    expect(head.clocks[clock]).not.toBeNull();
  // Collecting came to its own end, with what it has and what is missing: no time limit ended it.
  expect(stage('evidence')?.kind).toBe('evidence');
  expect([stage('evidence')?.status, stage('manifest')?.status]).toEqual([
    evidence,
    sealed ? 'ok' : 'failed',
  ]);
  expect(head.clocks.evidence === null).toBe(evidence === 'failed');
  expect(seen.instead.length > 0).toBe(change.rule !== undefined);
  const links = seen.instead.filter(({ to }) => to === 'link').map(({ path }) => path);
  expect(new Set(links).size).toBe(links.length);
  const gaps = gapsOf(stage('evidence'));
  gapsTold(gaps, change);
  peopleTold(seen, gaps, change);
  kept(seen, change);
  await verified(seen, gaps, change);
});
