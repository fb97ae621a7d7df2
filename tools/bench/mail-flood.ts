import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { clientConfig } from '../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../local/engine/settings.ts';
import { type ReceivedMail, readInbox } from '../../local/inbox.ts';
import { caseItems, having, type ScannedItem } from './aftermath.ts';
import { findingAbout } from './findings.ts';
import type { Line } from './statistics.ts';
import {
  type DeploymentOutputs,
  type DrillTarget,
  type EngineAddress,
  makeTarget,
} from './targets.ts';

type Here = EngineAddress & { readonly runDir: string };

export interface MailPlan {
  readonly findings: number;
  readonly seconds: number;
  readonly withinMs: number;
}

/** What reached the security team of a flood. */
export interface Told {
  readonly incidents: number;
  /** Incidents that no mail names, and incidents that do not remember their mail. */
  readonly unreported: readonly string[];
  readonly forgotten: readonly string[];
  /** Notices that still wait, and mails that went past the notifier because it had failed. */
  readonly waiting: number;
  readonly past: number;
  readonly mails: number;
  readonly asked: number;
  /** The shortest time between two mails, and from the first finding to the last mail. */
  readonly shortestGapMs: number;
  readonly lastMs: number;
  /** Digests in which somebody who needs no decision stands above somebody who does. */
  readonly disordered: number;
  readonly longestBody: number;
}

const every = 10;

/**
 * Every tenth asks a person, because its function is critical; the others are below the threshold:
 * told, and nothing else.
 */
const detailOf = (target: DrillTarget, number: number): object => {
  const detail = findingAbout(target, `ma11${String(number).padStart(6, '0')}`);
  return number % every === 0 ? detail : { ...detail, severity: 2 };
};

const inject = async (at: EngineAddress, { findings, seconds }: MailPlan): Promise<void> => {
  const target = await makeTarget(at, 'ma11-critical', { tags: { 'cordon:tier': 'critical' } });
  const events = new EventBridgeClient(clientConfig(at));
  const batches = Math.ceil(findings / 10);
  const began = Date.now();
  for (let batch = 0; batch < batches; batch += 1) {
    await sleep(Math.max(0, began + (batch * seconds * 1_000) / batches - Date.now()));
    const numbers = Array.from(
      { length: Math.min(10, findings - batch * 10) },
      (_none, n) => batch * 10 + n,
    );
    const Entries = numbers.map((number) => ({
      ...{ Source: 'aws.guardduty', DetailType: 'GuardDuty Finding' },
      Detail: JSON.stringify(detailOf(target, number)),
    }));
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount) throw new Error(`${FailedEntryCount} findings were refused by the bus`);
  }
};

const ours = (items: readonly ScannedItem[]): readonly string[] =>
  having(items, 'pk', `CLAIM#real#${ACCOUNT}#${REGION}#ma11`).map(({ incidentId }) =>
    String(incidentId),
  );

const waitingIn = (items: readonly ScannedItem[]): number => having(items, 'sk', 'WAIT#').length;

const mailedIn = (items: readonly ScannedItem[]): Set<string> =>
  new Set(having(items, 'sk', 'MAIL#').map(({ pk }) => String(pk).replace(/^INC#/, '')));

/**
 * Until every incident is there and remembers its mail, and nothing waits; gives up with what is
 * there then.
 */
const settledItems = async (
  at: EngineAddress,
  outputs: DeploymentOutputs,
  { findings, withinMs }: MailPlan,
): Promise<readonly ScannedItem[]> => {
  for (const until = Date.now() + withinMs; ; await sleep(2_000)) {
    const items = await caseItems(at, outputs);
    const mailed = mailedIn(items);
    const incidents = ours(items);
    const areMailed = incidents.every((id) => mailed.has(id));
    const done = incidents.length === findings && waitingIn(items) === 0 && areMailed;
    if (done || Date.now() > until) return items;
  }
};

const timeOf = ({ file }: ReceivedMail): number => {
  const [, day, clock, ms] = /^(\d{8})T(\d{6})\.(\d{3})Z/.exec(file) ?? [];
  const date = day?.replace(/(....)(..)(..)/, '$1-$2-$3');
  const time = clock?.replace(/(..)(..)(..)/, '$1:$2:$3');
  return Date.parse(`${date}T${time}.${ms}Z`);
};

const isDisordered = ({ body }: ReceivedMail): boolean => {
  const asks = body
    .split('\n')
    .flatMap((line) => (line.startsWith('* ') ? [line.includes('DECISION NEEDED')] : []));
  return asks.lastIndexOf(true) > asks.findIndex((asksFor) => !asksFor) && asks.includes(false);
};

/** Floods, waits until everybody is told, and reads the inbox. */
export const mailFlood = async (
  at: Here,
  outputs: DeploymentOutputs,
  plan: MailPlan,
): Promise<Told> => {
  const earlier = new Set(readInbox(at.runDir).map(({ file }) => file));
  const began = Date.now();
  await inject(at, plan);
  const items = await settledItems(at, outputs, plan);
  // What alarms mail goes past the notifier by design: a slow machine may set one off.
  const mails = readInbox(at.runDir).filter(
    ({ file, subject }) => !earlier.has(file) && !/^(ALARM|OK): /.test(subject),
  );
  const times = mails.map(timeOf).sort((left, right) => left - right);
  const named = new Set(
    mails.flatMap(
      ({ subject, body }) => `${subject}\n${body}`.match(/inc-\d{8}-[0-9a-z]{8}/g) ?? [],
    ),
  );
  const [incidents, mailed] = [ours(items), mailedIn(items)];
  return {
    incidents: incidents.length,
    unreported: incidents.filter((id) => !named.has(id)),
    forgotten: incidents.filter((id) => !mailed.has(id)),
    waiting: waitingIn(items),
    past: mails.filter(({ subject }) => /notice failed|containment FAILED/.test(subject)).length,
    mails: mails.length,
    asked: having(items, 'pk', 'QUESTION#').length,
    shortestGapMs: Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? 0))),
    lastMs: (times.at(-1) ?? Number.NaN) - began,
    disordered: mails.filter(isDisordered).length,
    longestBody: Math.max(...mails.map(({ body }) => Buffer.byteLength(body))),
  };
};

export const mailLines = (told: Told, { findings, seconds }: MailPlan): Line[] => {
  const name = `mail of ${findings} findings in ${seconds} s`;
  const zero = (what: string, measured: number): Line => ({
    what: `${name}: ${what}`,
    unit: '',
    measured,
    most: 0,
  });
  return [
    zero('findings without an incident', findings - told.incidents),
    zero('incidents that no mail names', told.unreported.length),
    zero('notices that wait or are forgotten', told.waiting + told.forgotten.length),
    zero('mails that went past the notifier', told.past),
    {
      what: `${name}: mails a second at most`,
      unit: '',
      measured: 1_000 / told.shortestGapMs,
      most: 1,
      detail: `${told.mails} mails`,
    },
    { what: `${name}: until the last mail`, unit: 's', measured: told.lastMs / 1_000 },
  ];
};
