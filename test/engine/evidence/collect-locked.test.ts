import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { findingType } from '../../../operator/event-bus.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { until } from '../../../operator/wait.ts';
import { standardFunctions } from '../../../responders/functions.ts';
import { incidentOfClaim } from '../../../responders/incident/case-table.ts';
import { at } from '../../../responders/shared/json.ts';
import { roleOf, templateRoles } from '../../support/engine/account.ts';
import { borrowed, type Deployed } from '../../support/engine/deployed.ts';
import { caller, sessionOf, verdict } from '../../support/engine/keys.ts';
import {
  bucketOf,
  caseOf,
  collect,
  eventAbout,
  folderOfIncident,
  incidentAbout,
  makeVictim,
  s3Of,
  seal,
  tableOf,
} from './incident.ts';

const anything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

let cordon: Deployed;
/** The manifest of a real incident, and that of a drill. */
let sealed: Readonly<
  Record<
    'real' | 'drill',
    { readonly Bucket: string; readonly Key: string; readonly VersionId: string }
  >
>;
/** Every function’s role, and a role that may do anything. */
const sessions = new Map<string, Credentials>();
beforeAll(async () => {
  cordon = await borrowed();
  sealed = { real: await manifestOf(false), drill: await manifestOf(true) };
  const roles = await templateRoles(cordon);
  for (const { name } of standardFunctions)
    sessions.set(name, await sessionOf(cordon, roleOf(roles, name).roleName));
  sessions.set('an administrator', await caller(cordon, 'lock-administrator', anything));
});
/** Only GuardDuty opens a real incident, so the deployed state machine collects; it seals later. */
const openReal = async (name: string): Promise<string> => {
  const event = eventAbout(name, 'ab'.repeat(16));
  const Detail = JSON.stringify(at(event, 'detail'));
  await new EventBridgeClient(clientConfig(cordon)).send(
    new PutEventsCommand({
      Entries: [{ Source: 'aws.guardduty', DetailType: findingType, Detail }],
    }),
  );
  const claim = { drill: false, account: ACCOUNT, region: REGION, findingId: 'ab'.repeat(16) };
  const patience = { within: 200_000, every: 500, timeoutMessage: `${name} was not reported` };
  const incident = await until(() => incidentOfClaim(tableOf(cordon), claim), patience);
  await until(
    async () => (await caseOf(cordon, incident)).mails.find(({ kind }) => kind === 'report1'),
    patience,
  );
  return incident;
};
const openDrill = async (name: string): Promise<string> => {
  const incident = await incidentAbout(cordon, name);
  await collect(cordon, incident);
  return incident;
};
const manifestOf = async (drill: boolean) => {
  const name = drill ? 'locked-drill' : 'locked';
  await makeVictim(cordon, name);
  const incident = await (drill ? openDrill(name) : openReal(name));
  await seal(cordon, incident);
  const [Bucket, Key] = [bucketOf(cordon, drill), `${folderOfIncident(incident)}manifest.json`];
  const { Versions: [manifest] = [] } = await s3Of(cordon).send(
    new ListObjectVersionsCommand({ Bucket, Prefix: Key }),
  );
  return { Bucket, Key, VersionId: manifest?.VersionId ?? '' };
};

const later = (days: number) => new Date(Date.now() + days * 86_400_000);
type Sealed = (typeof sealed)['real'];
const forms: Readonly<Record<string, (s3: S3Client, at: Sealed) => Promise<unknown>>> = {
  'delete it': (s3, { Bucket, Key }) => s3.send(new DeleteObjectCommand({ Bucket, Key })),
  'delete its version': (s3, at) => s3.send(new DeleteObjectCommand(at)),
  'delete its version around the lock': (s3, at) =>
    s3.send(new DeleteObjectCommand({ ...at, BypassGovernanceRetention: true })),
  'write a new version over it': (s3, { Bucket, Key }) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged' })),
  'shorten its lock': (s3, at) => {
    const Retention = { Mode: 'GOVERNANCE' as const, RetainUntilDate: later(0.5) };
    return s3.send(
      new PutObjectRetentionCommand({ ...at, Retention, BypassGovernanceRetention: true }),
    );
  },
  'put it under a hold that it then lifts': (s3, at) =>
    s3.send(new PutObjectLegalHoldCommand({ ...at, LegalHold: { Status: 'OFF' } })),
};

describe.each(Object.entries(forms))('nobody can %s', (_what, attempt) => {
  it.each([...standardFunctions.map(({ name }) => name), 'an administrator'])(
    '%s',
    async (name) => {
      const s3 = new S3Client(clientConfig(cordon, sessions.get(name)));

      expect(await verdict(() => attempt(s3, sealed.real))).toBe('denied');
      expect(await verdict(() => attempt(s3, sealed.drill))).toBe('denied');
    },
  );
});

it('a real incident lies in the one bucket and a drill in the other, and neither in both', async () => {
  const found = async (Bucket: string, Prefix: string): Promise<number> => {
    const { Versions = [] } = await s3Of(cordon).send(
      new ListObjectVersionsCommand({ Bucket, Prefix }),
    );
    return Versions.length;
  };
  const { real, drill } = sealed;

  expect([await found(real.Bucket, real.Key), await found(drill.Bucket, real.Key)]).toEqual([1, 0]);
  expect([await found(drill.Bucket, drill.Key), await found(real.Bucket, drill.Key)]).toEqual([
    1, 0,
  ]);
});

it('only whoever says “if there is nothing yet” may write, and then only where there is nothing yet', async () => {
  const s3 = new S3Client(clientConfig(cordon, sessions.get('EvidenceCollectionLambda')));
  const put = { Bucket: sealed.real.Bucket, Body: 'x' };

  expect(
    await verdict(() =>
      s3.send(new PutObjectCommand({ ...put, Key: sealed.real.Key, IfNoneMatch: '*' })),
    ),
  ).toMatch(/^PreconditionFailed/);
  expect(await verdict(() => s3.send(new PutObjectCommand({ ...put, Key: 'incidents/new' })))).toBe(
    'denied',
  );
  expect(
    await verdict(() =>
      s3.send(new PutObjectCommand({ ...put, Key: 'incidents/new', IfNoneMatch: '*' })),
    ),
  ).toBe('allowed');
  expect(
    await verdict(() =>
      s3.send(new PutObjectCommand({ ...put, Key: 'elsewhere/new', IfNoneMatch: '*' })),
    ),
  ).toBe('denied');
});

it.each([
  ['real', 89, 91],
  ['drill', 0.9, 1.1],
] as const)(
  'the manifest of a %s incident is still there, locked from %s to %s days',
  async (kind, least, most) => {
    const { Bucket, Key, VersionId } = sealed[kind];
    const { Versions = [], DeleteMarkers = [] } = await s3Of(cordon).send(
      new ListObjectVersionsCommand({ Bucket, Prefix: Key }),
    );
    const { Retention } = await s3Of(cordon).send(
      new GetObjectRetentionCommand({ Bucket, Key, VersionId }),
    );

    expect([Versions.map((one) => one.VersionId), DeleteMarkers]).toEqual([[VersionId], []]);
    expect(Retention?.Mode).toBe('GOVERNANCE');
    expect(Number(Retention?.RetainUntilDate)).toBeGreaterThan(Number(later(least)));
    expect(Number(Retention?.RetainUntilDate)).toBeLessThan(Number(later(most)));
  },
);

it('in COMPLIANCE mode nobody deletes a locked version, not even the root key', async () => {
  const s3 = s3Of(cordon);
  const locked = 'compliance-evidence';
  await s3.send(new CreateBucketCommand({ Bucket: locked, ObjectLockEnabledForBucket: true }));
  const Rule = { DefaultRetention: { Mode: 'COMPLIANCE' as const, Days: 1 } };
  await s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: locked,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule },
    }),
  );
  const { VersionId: version } = await s3.send(
    new PutObjectCommand({ Bucket: locked, Key: 'k', Body: 'x' }),
  );
  const shorten = { Bucket: locked, Key: 'k', VersionId: version, BypassGovernanceRetention: true };

  await expect(s3.send(new DeleteObjectCommand(shorten))).rejects.toThrow(/object lock/i);
  const Retention = { Mode: 'COMPLIANCE' as const, RetainUntilDate: new Date(Date.now() + 1_000) };
  await expect(s3.send(new PutObjectRetentionCommand({ ...shorten, Retention }))).rejects.toThrow();
});

it('a lock may be made longer and, without a bypass, never shorter, not even by the root key', async () => {
  const s3 = s3Of(cordon);
  const locked = { Bucket: 'governed-evidence', Key: 'k' };
  await s3.send(
    new CreateBucketCommand({ Bucket: locked.Bucket, ObjectLockEnabledForBucket: true }),
  );
  const lock = { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: later(5) };
  const { VersionId: version } = await s3.send(
    new PutObjectCommand({ ...locked, ...lock, Body: 'x' }),
  );
  const until = (days: number) =>
    verdict(() =>
      s3.send(
        new PutObjectRetentionCommand({
          ...locked,
          VersionId: version,
          Retention: { Mode: 'GOVERNANCE', RetainUntilDate: later(days) },
        }),
      ),
    );

  expect(await until(2)).not.toBe('allowed');
  expect(await until(9)).toBe('allowed');
  expect(await until(5)).not.toBe('allowed');
});
