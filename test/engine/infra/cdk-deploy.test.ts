import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { type Engine, startEngine } from '../../../local/engine/start.ts';

const root = join(import.meta.dirname, '../../..');
const output = mkdtempSync(join(tmpdir(), 'cordon-cdk-'));

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ root, port: await freePort(), env: process.env });
});
afterAll(async () => {
  rmSync(output, { recursive: true });
  await engine?.stop();
});

/**
 * The command line that deploys to AWS, pointed at the engine by nothing but the variables that any
 * AWS client knows.
 */
const cdk = async (...args: string[]): Promise<string> => {
  const env = {
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    HOME: engine.runDir,
    AWS_ENDPOINT_URL: engine.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: engine.rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: engine.rootKey.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    CI: 'true',
  };
  const { stdout, stderr } = await promisify(execFile)(
    'cdk',
    [...args, '--output', output, '--no-notices', '--context', 'cordon:local=true'],
    { cwd: root, env },
  );
  return stdout + stderr;
};

it('the plain command line deploys every stack, and has nothing to do the second time', {
  timeout: 900_000,
}, async () => {
  // With a key of its own: the engine has no aws/s3 key to encrypt the assets with.
  await cdk('bootstrap', 'aws://000000000000/us-east-1', '--bootstrap-customer-key');
  const first = await cdk('deploy', '--all', '--require-approval', 'never');
  const second = await cdk('deploy', '--all', '--require-approval', 'never', '--app', output);

  for (const stack of ['CordonResponse', 'CordonDrillTarget', 'CordonProtectedApp']) {
    expect(first).toContain(`✅  ${stack}`);
    expect(second).toContain(`✅  ${stack} (no changes)`);
  }
});
