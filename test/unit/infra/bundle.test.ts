import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../infra/bundle.ts';
import { appFunctions } from '../../../protected-app/functions.ts';
import { functions } from '../../../responders/functions.ts';

const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'cordon-bundle-')));
const [first = '', second = ''] = folders;
const { metafile } = bundle({ outdir: first });
bundle({ outdir: second });
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const appNames = appFunctions.map(({ entry }) => `app-${entry}`);
const names = [
  ...functions.map(({ entry }) => entry),
  ...[...appNames, 'app-pages-upload', 'canary', 'heartbeat-canary'],
];
/** Calls nothing of AWS by its SDK. Every function of the application can publish audit events. */
const withoutSdk = ['heartbeat-canary'];
const codeOf = (folder: string, name: string): string =>
  readFileSync(join(folder, name, 'index.mjs'), 'utf8');

it('what contains is at most 450 kB, so that a cold start does not cost the seconds that count', () => {
  expect(codeOf(first, 'contain').length).toBeLessThanOrEqual(450_000);
});

it('no bundle has the code of event streams, which no function reads or sends', () => {
  const inside = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(inside.some((path) => path.includes('infra/shared/no-event-streams'))).toBe(true);
  expect(inside.filter((path) => path.includes('/event-streams/'))).toEqual([]);
});

it.each(['contain', 'watch', 'release'])(
  'the bundle %s has neither the client of KMS nor sentences that only people read',
  (name) => {
    const [, output] =
      Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`)) ?? [];
    const inside = Object.keys(output?.inputs ?? {});
    expect(inside).toContain('responders/incident/verify-mac.ts');
    expect(inside.filter((path) => /client-kms|finding-advice/.test(path))).toEqual([]);
  },
);

it.each(appNames)(
  '%s of the application keeps to its budget, so that a cold start is not felt',
  (name) => {
    expect(codeOf(first, name).length).toBeLessThanOrEqual(
      name === 'app-ai-worker' ? 900_000 : 600_000,
    );
  },
);

describe.each(names)('the bundle %s', (name) => {
  it('is the same however often it is made', () => {
    expect(codeOf(second, name)).toBe(codeOf(first, name));
  });

  it('is complete: the AWS SDK is inside, and only Node is outside', () => {
    const [, output] =
      Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`)) ?? [];
    const outside = output?.imports.filter(({ external }) => external).map(({ path }) => path) ?? [
      'nothing was built',
    ];

    expect(
      outside.filter(
        (path) =>
          !/^(node:)?(assert|async_hooks|buffer|child_process|console|crypto|events|fs|http2?|https|net|os|path|process|stream|string_decoder|timers|tls|url|util|zlib)(\/\w+)?$/.test(
            path,
          ),
      ),
    ).toEqual([]);
  });

  it('takes credentials from the environment and from nowhere else', () => {
    const [, output] =
      Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`)) ?? [];
    const inside = Object.keys(output?.inputs ?? {});
    const fromEnvironment = inside.some((path) =>
      path.includes('@aws-sdk/credential-provider-env'),
    );
    expect(fromEnvironment).toBe(!withoutSdk.includes(name));
    expect(
      inside.filter((path) =>
        /credential-provider-(node|sso|ini|process|web-identity|login|http|imds)/.test(path),
      ),
    ).toEqual([]);
  });

  it('is below 1 MB, with its source map beside it and not inside', () => {
    expect(codeOf(first, name).length).toBeLessThan(1_000_000);
    expect(codeOf(first, name)).not.toContain('sourceMappingURL');
    // The verifier is stored with the evidence as it is in the sources.
    const beside = name === 'collect' ? ['verify.mjs'] : [];
    expect(readdirSync(join(first, name)).sort()).toEqual([
      'index.mjs',
      'index.mjs.map',
      ...beside,
    ]);
  });
});
