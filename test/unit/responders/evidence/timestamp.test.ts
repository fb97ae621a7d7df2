import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { witnessed } from '../../../../responders/evidence/sealing.ts';
import { stamp } from '../../../../responders/evidence/timestamp.ts';
import { verify } from '../../../../responders/evidence/verify.mjs';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { makeFolder, put } from '../../../support/responders/evidence/folder.ts';
import {
  openssl,
  startWitness,
  type Witness,
} from '../../../support/responders/evidence/witness.ts';

const home = mkdtempSync(join(tmpdir(), 'cordon-stamp-'));
const body = '{"schema":"cordon-manifest/1"}';
const manifest = {
  key: 'incidents/2026/11/21/x/manifest.json',
  sha256: createHash('sha256').update(body).digest('hex'),
};
let witness: Witness;
beforeAll(async () => {
  witness = await startWitness();
});
afterEach(() => witness.answers((right) => right));
afterAll(() => {
  witness.stop();
  rmSync(home, { recursive: true });
});

const asking = async (bucket = fakeBucket(), timeoutMs = 60_000) => ({
  bucket,
  said: await stamp(bucket.to, manifest, { url: witness.url, protocol: 'http:', timeoutMs }),
});

describe('a time stamp', () => {
  it('is a token over the manifest that openssl verifies with the certificate of the witness', async () => {
    const { bucket, said } = await asking();

    expect(said).toEqual({ status: 'stored', key: 'incidents/2026/11/21/x/manifest.tsr' });
    writeFileSync(join(home, 'manifest.json'), body);
    writeFileSync(
      join(home, 'manifest.tsr'),
      bucket.objects.get(said.status === 'stored' ? said.key : '')?.body ?? '',
    );
    const checks = [
      'ts',
      '-verify',
      '-data',
      'manifest.json',
      '-in',
      'manifest.tsr',
      '-CAfile',
      witness.certificate,
    ];
    expect(openssl(home, ...checks)).toContain('Verification: OK');
    writeFileSync(join(home, 'manifest.json'), `${body} `);
    expect(() => openssl(home, ...checks)).toThrow();
  });

  it('is asked for with the hash alone, as openssl reads it', async () => {
    await asking();
    const question = witness.asked.at(-1) ?? Buffer.alloc(0);
    writeFileSync(join(home, 'question.tsq'), question);

    const read = openssl(home, 'ts', '-query', '-in', 'question.tsq', '-text');
    expect(read).toMatch(
      /Version: 1[\s\S]*Hash Algorithm: sha256[\s\S]*Nonce: 0x[\s\S]*Certificate required: yes/,
    );
    expect(question.length).toBeLessThan(80);
  });

  it('is made once: the first one stays', async () => {
    const { bucket } = await asking();
    const first = bucket.objects.get('incidents/2026/11/21/x/manifest.tsr');

    expect((await asking(bucket)).said.status).toBe('stored');
    expect(bucket.objects.get('incidents/2026/11/21/x/manifest.tsr')).toBe(first);
  });
});

describe('no time stamp, and the reason', () => {
  const wrong: Readonly<
    Record<string, readonly [(right: Buffer) => Buffer | number | null, RegExp]>
  > = {
    'an error of the witness': [() => 503, /answered 503/],
    'a redirect': [() => 302, /fetch failed|redirect/],
    'nothing at all': [() => null, /Timeout/],
    'an empty answer': [() => Buffer.alloc(0), /no TimeStampResp/],
    'half an answer': [(right) => right.subarray(0, 400), /ends early/],
    'a page': [() => Buffer.from('<!doctype html>'), /no TimeStampResp/],
    'a refusal': [() => Buffer.from('30053003020102', 'hex'), /status 02/],
    'a megabyte': [() => Buffer.alloc(1_000_000, 0x30), /longer than/],
    'a token about something else': [
      (right) => Buffer.from(right).fill(0, 100, 400),
      /about something else/,
    ],
  };

  it.each(Object.entries(wrong))('%s, asked for once', async (_what, [answer, why]) => {
    witness.answers(answer);
    const before = witness.asked.length;
    const silent = answer(Buffer.alloc(500)) === null;
    const { bucket, said } = await asking(fakeBucket(), silent ? 500 : 60_000);

    expect(said).toMatchObject({ status: 'failed', why: expect.stringMatching(why) });
    expect(bucket.objects.size).toBe(0);
    // Of a silent witness nobody may wait long, so on a busy machine nothing may have come yet.
    expect(witness.asked.length - before).toBeOneOf(silent ? [0, 1] : [1]);
  });

  it('an address without TLS, an address that is none, and a bucket that refuses', async () => {
    const { to } = fakeBucket();

    expect(await stamp(to, manifest, { url: witness.url })).toMatchObject({
      why: expect.stringContaining('does not begin with https://'),
    });
    expect(await stamp(to, manifest, { url: '/' })).toMatchObject({ status: 'failed' });
    expect((await asking(fakeBucket(() => 'AccessDenied'))).said).toMatchObject({
      why: expect.stringContaining('AccessDenied'),
    });
  });
});

describe('a sealed round', () => {
  const sealed = {
    manifest: { ...manifest, bytes: body.length },
    sequence: 7,
    entries: [],
    gaps: [{ what: 'logs', why: 'denied' }],
  };

  it('stays as it is where no witness is configured', async () => {
    expect(await witnessed(sealed, { to: fakeBucket().to })).toBe(sealed);
  });

  it('has its time stamp beside the manifest', async () => {
    const { to, objects } = fakeBucket();

    expect(
      await witnessed(sealed, {
        to,
        authority: { url: witness.url, protocol: 'http:', timeoutMs: 60_000 },
      }),
    ).toMatchObject({
      timestamp: { status: 'stored' },
    });
    expect([...objects.keys()]).toEqual(['incidents/2026/11/21/x/manifest.tsr']);
  });

  it('is sealed without one, too, and the stage says why', async () => {
    const result = await witnessed(sealed, {
      to: fakeBucket().to,
      authority: { url: 'https://127.0.0.1:1/' },
    });

    expect(result).toMatchObject({ sequence: 7, timestamp: { status: 'failed' } });
    expect(result.gaps.map(({ what }) => what)).toEqual(['logs', 'time stamp of the manifest']);
  });
});

describe('the verifier', () => {
  const folder = join(home, 'case');
  beforeAll(() => void makeFolder(folder, { stamped: true }));

  it('says that there is one, and how to check it', async () => {
    const { ok, timestamp } = await verify(folder);

    expect([ok, timestamp]).toEqual([true, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it('finds one that is about something else', async () => {
    put(folder, 'manifest.tsr', 'about something else');

    const { findings } = await verify(folder, { copied: true });
    expect(findings.filter(({ object }) => object === 'manifest.tsr')).toEqual([
      { object: 'manifest.tsr', reason: 'is not about this manifest' },
    ]);
  });
});
