// The folder of a bucket is read by links, which end after a minute, over a network that fails.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findingKind } from '../../../../console/pages/src/verify/finding-kinds.ts';
import { LostConnection } from '../../../../console/pages/src/verify/folder.ts';
import type { LinkedFile } from '../../../../console/pages/src/verify/link-reader.ts';
import {
  type BucketTask,
  verifyBucket,
} from '../../../../console/pages/src/verify/verify-bucket.ts';
import { verify } from '../../../../responders/evidence/verify.mjs';
import { type LinkServer, serveLinks } from '../../../support/console/evidence-links.ts';
import { nodeHash } from '../../../support/console/evidence-on-disk.ts';
import {
  evidence,
  type Key,
  makeFolder,
  newKey,
} from '../../../support/responders/evidence/folder.ts';

const home = mkdtempSync(join(tmpdir(), 'cordon-links-'));
const folder = join(home, 'folder');
const incident = 'inc-20261121-7f3k2m8q';
/** So many custody entries has the folder. */
const written = 3;
/** Larger than what is fetched before its turn. */
const large = 'function/layers.zip';

let key: Key;
let server: LinkServer;
beforeAll(async () => {
  key = makeFolder(folder, { bodies: { ...evidence, [large]: randomBytes(1_500_000) } });
  server = await serveLinks(folder);
});
beforeEach(() => server.trouble(() => false));
afterAll(() => {
  server?.stop();
  rmSync(home, { recursive: true });
});

const renewed: (readonly string[])[] = [];
const run = (over: Partial<BucketTask> = {}, now = () => 0) => {
  renewed.length = 0;
  const signingKey = { keyId: 'arn:aws:kms:eu-west-1:111122223333:key/3', pem: key.pem };
  const task = {
    ...{
      incident,
      round: 1,
      custody: written,
      files: server.links(),
      fingerprint: '',
      signingKey,
      linksLastMs: 60_000,
    },
    ...over,
  };
  return verifyBucket(task, {
    ...{ newHash: nodeHash, tell: () => undefined, fetch, pause: () => Promise.resolve(), now },
    renew: async (paths): Promise<readonly LinkedFile[]> => {
      renewed.push(paths);
      return server.links(2).filter(({ path }) => paths.includes(path));
    },
  });
};

describe('a sound folder', () => {
  it('is verified with the key that KMS has, as a pull is', async () => {
    const { verification, keyOrigin } = await run();

    expect(verification).toEqual(await verify(folder, { key: key.pem }));
    expect([keyOrigin, renewed]).toEqual(['kms', []]);
  });

  it('of an older deployment is verified with the key that lies in it', async () => {
    const signingKey = { keyId: 'another', pem: newKey().pem };
    const { verification, keyOrigin } = await run({ signingKey });

    expect(verification).toEqual(await verify(folder));
    expect(keyOrigin).toBe('folder');
  });

  it.each([true, false])(
    'is compared with the fingerprint that was typed: right %s',
    async (right) => {
      const fingerprint = right ? key.fingerprint : newKey().fingerprint;
      const { verification, keyOrigin } = await run({ fingerprint });

      expect([verification.ok, keyOrigin]).toEqual([right, 'typed']);
      if (!right) expect(verification.findings.map(findingKind)).toContain('Foreign key');
    },
  );

  it('of another incident is not that of this one', async () => {
    const { verification } = await run({ incident: 'inc-20261121-00000000' });

    expect(verification).toMatchObject({
      ok: false,
      findings: [{ object: 'manifest.json', reason: expect.stringContaining('is that of inc-') }],
    });
  });
});

describe('a right folder that is not the one asked for', () => {
  it('of another round is named', async () => {
    const { verification } = await run({ round: 2 });

    expect(verification).toMatchObject({
      ok: false,
      findings: [{ object: 'manifest.json', reason: 'is that of round 1, not of round 2' }],
    });
  });

  it('without the entry that was written for this verification lacks that entry', async () => {
    const { verification } = await run({ custody: written + 1 });

    const object = `custody/${String(written + 1).padStart(6, '0')}.json`;
    const reason = 'is missing: written for this verification';
    expect(verification).toMatchObject({ ok: false, findings: [{ object, reason }] });
    expect(findingKind({ object, reason })).toBe('Missing');
  });
});

describe('a link', () => {
  it('that has ended is renewed, with all that are still needed', async () => {
    server.trouble((path, _turn, response) => {
      if (path !== `${large}?generation=1`) return false;
      response.writeHead(403).end('Request has expired');
      return true;
    });

    expect((await run()).verification.ok).toBe(true);
    expect(renewed.map(([first]) => first)).toEqual([large]);
    expect(renewed.flat().filter((path) => path.startsWith('chain/'))).toEqual([]);
  });

  it('is renewed before it ends', async () => {
    let time = 0;
    server.trouble((path) => {
      if (path.startsWith('verify.mjs')) time = 56_000;
      return false;
    });

    expect((await run({}, () => time)).verification.ok).toBe(true);
    expect([renewed.length, renewed.flat().includes(large)]).toEqual([1, true]);
    expect(server.asked.get(large)).toBe(1);
  });

  it('is renewed once where all have ended', async () => {
    server.trouble((path, _turn, response) => {
      if (!path.endsWith('?generation=1') || path.startsWith('chain/')) return false;
      response.writeHead(403).end('Request has expired');
      return true;
    });

    expect((await run()).verification.ok).toBe(true);
    expect(renewed).toHaveLength(1);
  });

  it('that is refused again is a finding about its object', async () => {
    server.trouble((path, _turn, response) => {
      if (!path.startsWith(large)) return false;
      response.writeHead(403).end('AccessDenied');
      return true;
    });

    const reason = 'cannot be read: S3 refused it (HTTP 403)';
    expect((await run()).verification.findings).toEqual([{ object: large, reason }]);
  });

  it.each([
    [403, 'AccessDenied: Request has expired'],
    [400, 'ExpiredToken: The provided token has expired.'],
  ])('that has ended for good says nothing about the evidence: %i', async (status, words) => {
    server.trouble((path, _turn, response) => {
      if (!path.startsWith('chain/')) return false;
      response.writeHead(status).end(words);
      return true;
    });

    await expect(run()).rejects.toThrow('the link has ended');
    expect(renewed).toEqual([]);
  });

  it('to a version that is gone is a finding about its object', async () => {
    server.trouble((path, _turn, response) => {
      if (!path.startsWith('index.html')) return false;
      response.writeHead(404).end('NoSuchVersion');
      return true;
    });

    expect((await run()).verification.findings).toEqual([
      {
        object: 'index.html',
        reason: 'cannot be read: the bucket has this version no longer (HTTP 404)',
      },
    ]);
  });
});

describe('a network that fails', () => {
  it('for a moment is tried again', async () => {
    server.trouble((_path, turn, response) => {
      if (turn > 2) return false;
      if (turn === 1) response.destroy();
      else response.writeHead(503).end();
      return true;
    });

    expect((await run()).verification.ok).toBe(true);
    expect(server.asked.get('manifest.json')).toBe(3);
  });

  it.each([
    ['before an answer', 'custody/000002.json'],
    ['in the middle of an object', large],
  ])('%s says nothing about the evidence', async (when, failing) => {
    server.trouble((path, _turn, response) => {
      if (!path.startsWith(failing)) return false;
      if (when === 'before an answer') response.destroy();
      else
        response
          .writeHead(200, { 'content-length': 1_500_000 })
          .write('half', () => response.destroy());
      return true;
    });

    await expect(run()).rejects.toThrow(LostConnection);
  });
});

it('each problem has a kind of its own', () => {
  const kinds = [
    ['index.html', 'is missing', 'Missing'],
    ['index.html', 'was changed: its SHA-256 is …', 'Changed'],
    ['index.html', 'was swapped: the bucket has …', 'Swapped version'],
    ['public-key.pem', 'was replaced: its fingerprint is …', 'Foreign key'],
    ['manifest.json', 'says that it is signed with another key: …', 'Foreign key'],
    ['manifest.sig', 'is not valid: it … was made with another key', 'Signature'],
    ['x.txt', 'is not listed in the manifest', 'Extra'],
    ['x/', 'is a folder that the manifest does not list', 'Extra'],
  ] as const;
  for (const [object, reason, kind] of kinds) expect(findingKind({ object, reason })).toBe(kind);
});
