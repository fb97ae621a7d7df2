import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeOf, packagesOf } from '../../../../local/engine/project.ts';
import { temp } from '../../../support/temp.ts';

const install = (folder: string, ...names: readonly string[]): void => {
  for (const name of names) {
    const manifest = join(folder, 'node_modules', name, 'package.json');
    mkdirSync(dirname(manifest), { recursive: true });
    writeFileSync(manifest, JSON.stringify({ name, version: '1.0.0' }));
  }
};

it.each([
  ['beside the code, as in a checkout', '.', '.'],
  ['beside the package, as npm installs into a folder', '.', 'node_modules/cordon-aws/dist'],
  ['in the package, as npm installs globally', 'lib/cordon-aws', 'lib/cordon-aws/dist'],
])('Node.js and packages are found %s', (_where, owner, code) => {
  const folder = temp('packages');
  install(join(folder, owner), 'node', '@aws-sdk/client-lambda');
  mkdirSync(join(folder, owner, 'node_modules/node/bin'));
  writeFileSync(join(folder, owner, 'node_modules/node/bin/node'), '');
  mkdirSync(join(folder, code), { recursive: true });

  const packages = join(folder, owner, 'node_modules');
  expect(nodeOf(join(folder, code))).toBe(join(packages, 'node/bin/node'));
  expect(packagesOf(join(folder, code))).toBe(packages);
});

it('without a Node.js of its own the code takes the one that runs it', () => {
  const folder = temp('packages');
  expect(nodeOf(folder)).toBe(process.execPath);

  install(folder, 'node'); // its install script was not run
  expect(nodeOf(folder)).toBe(process.execPath);
});
