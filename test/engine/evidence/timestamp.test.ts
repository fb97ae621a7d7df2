import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PORTS } from '../../../local/engine/run-dir.ts';
import { verify } from '../../../responders/evidence/verify.mjs';
import { at } from '../../../responders/shared/json.ts';
import { borrowed, type Deployed } from '../../support/engine/deployed.ts';
import { openssl, startWitness, type Witness } from '../../support/responders/evidence/witness.ts';
import { caseOf, collect, incidentAbout, makeVictim, pulled, seal } from './incident.ts';
import { withVariables } from './variables.ts';

let cordon: Deployed;
let undo: () => Promise<void> = async () => undefined;
let witness: Witness;
const folders: string[] = [];

/** A copy in the folder of packages: of the machine, a function reads these and little else. */
const readableByFunctions = (file: string): string => {
  const folder = mkdtempSync(join(import.meta.dirname, '../../../node_modules/.witness-'));
  folders.push(folder);
  const copy = join(folder, 'tls.pem');
  cpSync(file, copy);
  chmodSync(folder, 0o755);
  chmodSync(copy, 0o644);
  return copy;
};

/**
 * As a deployment with `evidence.timestampUrl` has it; the stand-in's certificate is trusted, which
 * no public authority needs.
 */
const configure = async (url: string, { trusted = true } = {}): Promise<void> => {
  undo = await withVariables(cordon, 'EvidenceCollectionLambda', {
    CORDON_TIMESTAMP_URL: url,
    NODE_EXTRA_CA_CERTS: trusted ? readableByFunctions(witness.tlsCertificate) : '',
  });
};

const names = ['witnessed', 'refused', 'silent', 'absent', 'unvouched'] as const;
const incidents = new Map<string, string>();

/** An incident whose evidence is collected. */
const collected = async (name: string): Promise<void> => {
  await makeVictim(cordon, name);
  const incident = await incidentAbout(cordon, name);
  await collect(cordon, incident);
  incidents.set(name, incident);
};

/** The sealed incident, on disk, and how often the witness was asked meanwhile. */
const sealed = async (name: (typeof names)[number]) => {
  const incident = incidents.get(name) ?? '';
  const before = witness.asked.length;
  await seal(cordon, incident);
  const questions = witness.asked.length - before;
  const folder = await pulled(cordon, incident);
  folders.push(folder);
  const { stages } = await caseOf(cordon, incident);
  return {
    folder,
    questions,
    stage: stages.find((stage) => stage.name === 'manifest'),
    check: await verify(folder, { copied: true }),
  };
};

beforeAll(async () => {
  cordon = await borrowed();
  witness = await startWitness({ https: true, endpoint: cordon.endpoint });
  // At once: most of collecting is waiting for CloudTrail's pace.
  await Promise.all(names.map(collected));
});
afterEach(async () => {
  witness.answers((right) => right);
  await undo();
});
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true });
  witness?.stop();
});

it('a token from the witness lies beside the manifest, and openssl verifies it with the witness’s certificate', async () => {
  await configure(witness.url);
  const { folder, stage, check } = await sealed('witnessed');

  expect(check).toMatchObject({ ok: true, timestamp: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(at(stage, 'timestamp')).toMatchObject({
    status: 'stored',
    key: expect.stringMatching(/\/manifest\.tsr$/),
  });
  const said = openssl(
    folder,
    ...'ts -verify -data manifest.json -in manifest.tsr -CAfile'.split(' '),
    witness.certificate,
  );
  expect(said).toContain('Verification: OK');
  // Nothing but the hash, a number and the wish for a certificate has left the account.
  expect(witness.asked).toHaveLength(1);
  expect(witness.asked[0]?.length).toBeLessThan(80);
});

it.each([
  ['answers with an error', 503, '503'],
  ['never answers', null, 'TimeoutError'],
] as const)(
  'a witness that %s is no obstacle: sealed without, with a gap that says so',
  async (name, answer, why) => {
    await configure(witness.url);
    witness.answers(() => answer);
    const { folder, questions, stage, check } = await sealed(
      answer === null ? 'silent' : 'refused',
    );

    expect([check.ok, check.timestamp, name]).toEqual([true, null, name]);
    expect(at(stage, 'gaps')).toContainEqual({
      what: 'time stamp of the manifest',
      why: expect.stringContaining(why),
    });
    // A busy engine may run the function again, and each run asks once.
    expect(questions).toBeGreaterThan(0);
    expect(() => openssl(folder, 'ts', '-reply', '-in', join(folder, 'manifest.tsr'))).toThrow();
  },
);

it.each([
  [
    'that is not there',
    'absent',
    // The last port of the run, which nothing uses: functions connect to no others.
    () => `https://127.0.0.1:${Number(new URL(cordon.endpoint).port) + PORTS - 1}/`,
    /ECONNREFUSED/,
  ],
  ['whose name nobody vouches for', 'unvouched', () => witness.url, /self-signed certificate/],
] as const)(
  'a witness %s gets no question, and the gap says why',
  async (_words, name, url, why) => {
    const asked = witness.asked.length;
    await configure(url(), { trusted: false });
    const { stage, check } = await sealed(name);

    expect([check.ok, check.timestamp, witness.asked.length]).toEqual([true, null, asked]);
    expect(at(stage, 'gaps')).toContainEqual({
      what: 'time stamp of the manifest',
      why: expect.stringMatching(why),
    });
  },
);
