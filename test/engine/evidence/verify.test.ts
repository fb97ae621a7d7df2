import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, SignCommand } from '@aws-sdk/client-kms';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { output } from '../../../operator/place.ts';
import { verify } from '../../../responders/evidence/verify.mjs';
import { evidencePrefix } from '../../../responders/incident/incident-id.ts';
import { at } from '../../../responders/shared/json.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { faultsOf } from '../../support/responders/evidence/schemas.ts';
import { type CordonUp, cordonUp } from '../drills/cordon-up.ts';
import { findings } from '../drills/events.ts';

const repository = resolve(import.meta.dirname, '../../..');
const home = mkdtempSync(join(tmpdir(), 'cordon-audit-'));
const folder = join(home, 'case');
let up: CordonUp;
let before: string;
let incident: string;

/** From a finding on the drill bus to a sealed folder, by the whole path. */
const sealedIncident = async (): Promise<string> => {
  const event = JSON.stringify({
    source: 'aws.guardduty',
    'detail-type': 'GuardDuty Finding',
    detail: findings(up.place).beacon,
  });
  const injected = await up.cordon(['inject', '-', '--bus', 'drills', '--json'], event);
  const id = String(at(JSON.parse(injected.stdout), 'incidentId'));
  const { code, stderr } = await up.cordon([
    'show',
    id,
    '--wait',
    'closed',
    '--timeout',
    '250',
    '--json',
  ]);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  return id;
};
const audit = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await up.cordon(['evidence', ...args]);
  return { code, said: stdout, why: stderr };
};
const faults = (name: string, text: string): unknown => {
  const check = new Ajv2020({ allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(join(repository, `cli/schemas/${name}.json`), 'utf8')),
  );
  return check(JSON.parse(text)) ? [] : check.errors;
};

beforeAll(async () => {
  up = await cordonUp();
  before = await sealedIncident();
  incident = await sealedIncident();
});
afterAll(async () => {
  rmSync(home, { recursive: true });
  await up?.stop();
});

describe('an auditor', () => {
  it('lists what is there without touching it', async () => {
    const { code, said } = await audit('ls', incident, '--json');

    expect([code, faults('evidence-ls', said)]).toEqual([0, []]);
    expect((await audit('ls', incident)).said).toMatch(/^path +bytes +sha256 +taken\n/);
  });

  it('may give the beginning of an id, and is told where it is ambiguous or unknown', async () => {
    const whole = await audit('ls', incident);

    for (const beginning of [incident.slice('inc-20261121-'.length), incident.slice(0, -1)])
      expect(await audit('ls', beginning)).toEqual(whole);
    expect(await audit('ls', 'inc-2')).toMatchObject({
      code: 2,
      why: expect.stringMatching(/^cordon: inc-2 is the beginning of \d+ incidents: inc-/),
    });
    expect(await audit('ls', '-zz')).toMatchObject({ code: 2 });
    expect(await audit('pull', 'zz', '--to', folder, '--purpose', 'x')).toMatchObject({
      code: 1,
      why: expect.stringMatching(/^cordon: no incident with evidence begins with zz: /),
    });
  });

  it('has an index of all incidents as pages on disk, in the auditor’s role', async () => {
    const dir = join(home, 'index');
    const { code, said } = await audit('index', '--to', dir, '--drills', '--json');

    expect([code, faults('evidence-index', said)]).toEqual([0, []]);
    expect(at(JSON.parse(said), 'incidents')).toBeGreaterThanOrEqual(2);
    // At the end of a month it is not the only page.
    const page = `${incident.slice(4, 8)}-${incident.slice(8, 10)}.html`;
    expect(readFileSync(join(dir, 'index.html'), 'utf8')).toContain(`href="${page}"`);
    expect(readFileSync(join(dir, page), 'utf8')).toContain(incident);
    expect((await audit('index', '--to', home)).code).toBe(2);
    expect(
      (await audit('index', '--to', dir, '--from', '2026-12-01', '--until', '2026-11-01')).code,
    ).toBe(2);
  });

  it('may not read the content without saying why', async () => {
    const [reading, pulling] = [
      await audit('ls', incident, '--read'),
      await audit('pull', incident, '--to', folder),
    ];

    expect([reading.code, pulling.code]).toEqual([2, 2]);
    expect(pulling.why).toContain('--purpose');
  });

  it('reads it where it lies, and that is written down', async () => {
    const { code, said } = await audit(
      'ls',
      incident,
      '--read',
      '--purpose',
      'spot check',
      '--json',
    );

    expect([code, faults('evidence-ls', said)]).toEqual([0, []]);
    expect(said).not.toContain('CHANGED');
  });

  it('pulls it, which is written down too, and what came is verified with the key that KMS has', async () => {
    const { code, said, why } = await audit(
      'pull',
      incident,
      '--to',
      folder,
      '--purpose',
      'audit 4711',
      '--json',
    );

    expect([code, why, faults('evidence-pull', said)]).toEqual([
      0,
      expect.stringContaining('audit 4711'),
      [],
    ]);
    expect(JSON.parse(said)).toMatchObject({
      ok: true,
      incident,
      custody: { entries: 2 },
      key: { pinned: true },
      problems: [],
    });
    const entry: unknown = JSON.parse(readFileSync(join(folder, 'custody/000002.json'), 'utf8'));
    expect(entry).toMatchObject({
      what: 'export',
      purpose: 'audit 4711',
      who: expect.stringMatching(/^arn:aws:iam::/),
      sequence: 2,
    });
    expect(readdirSync(join(folder, 'chain'))).toEqual(['1']);
    const exported: unknown = JSON.parse(readFileSync(join(folder, 'export.json'), 'utf8'));
    expect([faultsOf('custody', entry), faultsOf('export', exported)]).toEqual([[], []]);
  });

  it('cannot pull into a folder with something in it, nor what is no incident', async () => {
    expect(await audit('pull', incident, '--to', folder, '--purpose', 'again')).toMatchObject({
      code: 2,
      why: expect.stringContaining('is not empty'),
    });
    expect(await audit('pull', 'inc 1', '--to', join(home, 'x'), '--purpose', 'x')).toMatchObject({
      code: 2,
    });
    expect(await audit('ls', 'inc-20200101-00000000')).toMatchObject({
      code: 1,
      why: expect.stringContaining('has no sealed evidence'),
    });
  });

  it('verifies it offline, by the command, by the verifier in the folder and by the recipe', async () => {
    const own = spawnSync(
      'node',
      [join(folder, 'verify.mjs'), '--key', join(folder, 'public-key.pem')],
      { encoding: 'utf8' },
    );
    const command = await audit('verify', folder, '--key', join(folder, 'public-key.pem'));
    const page = readFileSync(join(repository, 'docs/evidence-recipe.md'), 'utf8');
    const recipe = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
      .map(([, block = '']) => block)
      .join('\n');
    const pasted = spawnSync('bash', ['--norc', '-c', recipe], { cwd: folder, encoding: 'utf8' });

    expect([own.status, own.stdout]).toEqual([0, command.said]);
    expect(command.code).toBe(0);
    expect(pasted.stdout).toMatch(/VERIFIED\n$/);
  });

  it('is told of every manipulation of what was really sealed', async () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    for (const { parentPath, name } of files) {
      const copy = join(home, 'copy');
      rmSync(copy, { recursive: true, force: true });
      cpSync(folder, copy, { recursive: true });
      appendFileSync(join(parentPath.replace(folder, copy), name), ' ');
      expect([name, (await verify(copy)).ok]).toEqual([name, false]);
    }
    // The last of them once more by the command: what it has seen is what it ends with.
    const { status } = spawnSync('node', [
      join(repository, 'responders/evidence/verify.mjs'),
      join(home, 'copy'),
    ]);
    expect(status).toBe(1);
    expect(files.length).toBeGreaterThan(20);
  });

  it('gets the first version, and is told, when somebody has written over an object or deleted it', async () => {
    const s3 = new S3Client(await up.place.config('operator'));
    const Bucket = output(up.place, 'CordonResponse', 'DrillEvidenceBucketName');
    const Key = `${evidencePrefix(incident)}index.html`;
    const tried = [
      await verdict(() => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'nothing happened' }))),
      await verdict(() => s3.send(new DeleteObjectCommand({ Bucket, Key }))),
    ];

    const { code, said } = await audit(
      'pull',
      incident,
      '--to',
      join(home, 'after'),
      '--purpose',
      'after it',
      '--json',
    );

    expect(at(JSON.parse(said), 'ok')).toBe(true);
    // The root key of the engine is above the bucket's policy; where it was let through, the pull
    // says so.
    expect(code).toBe(tried.includes('allowed') ? 1 : 0);
    if (tried.includes('allowed'))
      expect(said).toContain('index.html: it was overwritten or deleted');
  });
});

describe('the auditor’s role', () => {
  it('reads evidence and writes custody, and can do nothing else', async () => {
    const config = await up.place.config('auditor');
    const named = (name: string) => output(up.place, 'CordonResponse', name);
    const Bucket = named('DrillEvidenceBucketName');
    const s3 = new S3Client(config);
    const Key = `${evidencePrefix(incident)}manifest.json`;
    const entry = `${evidencePrefix(incident)}custody/000009.json`;
    const tries = {
      read: () => s3.send(new GetObjectCommand({ Bucket, Key })),
      write: () =>
        s3.send(new PutObjectCommand({ Bucket, Key: entry, Body: '{}', IfNoneMatch: '*' })),
      delete: () => s3.send(new DeleteObjectCommand({ Bucket, Key })),
      contain: () =>
        new LambdaClient(config).send(
          new InvokeCommand({ FunctionName: 'ContainmentLambda', Payload: '{}' }),
        ),
      cases: () =>
        new DynamoDBClient(config).send(
          new GetItemCommand({
            TableName: named('CaseTableName'),
            Key: { pk: { S: 'x' }, sk: { S: 'x' } },
          }),
        ),
      sign: () =>
        new KMSClient(config).send(
          new SignCommand({
            KeyId: named('SigningKeyArn'),
            Message: new Uint8Array(32),
            MessageType: 'DIGEST',
            SigningAlgorithm: 'ECDSA_SHA_256',
          }),
        ),
    };

    const verdicts = await Promise.all(
      Object.entries(tries).map(async ([name, call]) => [name, await verdict(call)] as const),
    );

    expect(Object.fromEntries(verdicts)).toEqual({
      read: 'allowed',
      write: 'denied',
      delete: 'denied',
      contain: 'denied',
      cases: 'denied',
      sign: 'denied',
    });
  });

  it('is the only way to custody: no other function of Cordon can write an entry, though it can write evidence', async () => {
    const lambda = new LambdaClient(await up.place.config('operator'));
    const { Role = '' } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'EvidenceCollectionLambda' }),
    );
    const s3 = new S3Client(
      up.place.withKeys(await sessionOf(up.connection, Role.split('/').at(-1) ?? '')),
    );
    const Bucket = output(up.place, 'CordonResponse', 'DrillEvidenceBucketName');
    const put = (path: string) =>
      verdict(() =>
        s3.send(
          new PutObjectCommand({
            Bucket,
            Key: `incidents/2020/01/01/inc-20200101-00000000/${path}`,
            Body: 'x',
            IfNoneMatch: '*',
          }),
        ),
      );

    expect([await put('custody/000001.json'), await put('anything.json')]).toEqual([
      'denied',
      'allowed',
    ]);
  });

  it('five readers at once leave a chain without a hole', async () => {
    const folderOf = (number: number) => join(home, `at-once-${number}`);
    const all = await Promise.all(
      [1, 2, 3, 4, 5].map((number) =>
        audit(
          'pull',
          incident,
          '--to',
          folderOf(number),
          '--purpose',
          `reader ${number}`,
          '--json',
        ),
      ),
    );

    for (const { said } of all) expect(at(JSON.parse(said), 'ok')).toBe(true);
    const last = await audit(
      'pull',
      incident,
      '--to',
      folderOf(6),
      '--purpose',
      'the last',
      '--json',
    );
    expect(at(JSON.parse(last.said), 'custody.entries')).toBe(9);
  });
});

it('a drill whose predecessor has expired is pulled whole, and only the cut in the chain is told', async () => {
  const s3 = new S3Client(await up.place.config('operator'));
  const gone = {
    Bucket: output(up.place, 'CordonResponse', 'DrillEvidenceBucketName'),
    Key: `${evidencePrefix(before)}manifest.json`,
  };
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: gone.Bucket, Prefix: gone.Key }),
  );
  // S3 does this when the lock has ended; the root key of the engine may do it before.
  for (const { VersionId } of Versions)
    await s3.send(new DeleteObjectCommand({ ...gone, VersionId, BypassGovernanceRetention: true }));

  const { code, said } = await audit(
    'pull',
    incident,
    '--to',
    join(home, 'expired'),
    '--purpose',
    'late',
    '--json',
  );

  expect(code).toBe(1);
  const cut = {
    object: 'chain/1/manifest.json',
    reason: expect.stringContaining('the chain of manifests is cut'),
  };
  expect(at(JSON.parse(said), 'findings')).toEqual([cut]);
});
