import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { consoleFunctions } from '../console/functions.ts';
import { appFunctions } from '../protected-app/functions.ts';
import { functions } from '../responders/functions.ts';

const root = join(import.meta.dirname, '..');

type Entries = Readonly<Record<string, string>>;

/** Name of the bundle → its source, without the ending: .ts in a checkout, .js in the package. */
const ownEntries: Entries = {
  ...Object.fromEntries(functions.map(({ entry }) => [entry, `responders/handlers/${entry}`])),
  ...Object.fromEntries(
    appFunctions.map(({ entry }) => [`app-${entry}`, `protected-app/handlers/${entry}`]),
  ),
  'app-pages-upload': 'protected-app/handlers/pages-upload',
  'console-pages-upload': 'protected-app/handlers/pages-upload',
  ...Object.fromEntries(
    consoleFunctions.map(({ entry }) => [`console-${entry}`, `console/handlers/${entry}`]),
  ),
  canary: 'game-day/canary/canary',
  'heartbeat-canary': 'responders/heartbeat/canary',
};

/**
 * All Lambda code in one esbuild call: `<outdir>/<name>/index.mjs` with its source map beside it.
 * The AWS SDK is part of each bundle: we ship the version that was tested, not the one the runtime
 * happens to have.
 */
export const bundle = ({
  outdir = resolve('.cordon/dist'),
  more = [],
}: {
  readonly outdir?: string;
  /** The code of the systems that were chosen. */
  readonly more?: readonly Entries[];
} = {}): { outdir: string; metafile: Metafile } => {
  const entries: Entries = Object.assign({}, ownEntries, ...more);
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([name, source]) => ({
      in: `./${source}`,
      out: `${name}/index`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Without this the CommonJS builds of the SDK are taken, which cannot be shaken and are half as
    // big again.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(root, 'infra/shared/lambda-credentials'),
      '@aws-sdk/middleware-endpoint-discovery': join(root, 'infra/shared/no-endpoint-discovery'),
      '@smithy/core/event-streams': join(root, 'infra/shared/no-event-streams'),
    },
    sourcemap: 'external',
    legalComments: 'none',
    logLevel: 'warning',
  });
  // Stored with evidence and seals as it is, so that an auditor can read it: in no bundle.
  for (const name of ['collect', 'audit-seal'].filter((name) => name in entries))
    copyFileSync(join(root, 'responders/evidence/verify.mjs'), join(outdir, name, 'verify.mjs'));
  return { outdir, metafile };
};
