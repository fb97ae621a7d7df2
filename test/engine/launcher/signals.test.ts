import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { sized } from '../../support/run.ts';
import { cordon, makeCheckout, processesOf, removeCheckout, until } from './checkout.ts';
import { begun, everyCaseAt, signalTable, startBy, uninstall } from './signal-table.ts';

describe('a signal', () => {
  // Each process and each moment once; a drill is in test/engine/drills/signals.test.ts.
  signalTable(
    sized(
      [
        ['install', 'node', 'SIGKILL'],
        ['synth', 'npm', 'SIGTERM'],
        ['start', 'engine', 'SIGKILL'],
        ['idle', 'worker', 'SIGKILL'],
        ['stop', 'npx', 'SIGINT'],
      ],
      everyCaseAt('install', 'synth', 'start', 'idle', 'stop'),
    ),
  );
});

describe('cordon down', () => {
  let root: string;
  let port: number;
  beforeEach(async () => {
    [root, port] = [await makeCheckout(), await freePort()];
  });
  afterEach(() => removeCheckout(root));

  it('stops a first install', async () => {
    const repair = uninstall(root);
    const up = startBy('node', 'install', root, port);
    await until(() => begun.install({ root, port, up }));

    const down = cordon(root, 'down', '--json');

    expect(await down.ended()).toBe(0);
    expect(JSON.parse(down.stdout())).toEqual({
      runs: [{ port, did: `stopped cordon (process ${up.child.pid}), which was still starting` }],
    });
    expect(await up.ended()).toBe(1);
    expect(up.stderr()).toMatch(/\ncordon: stopped before it was ready\n$/);
    expect(processesOf(root)).toEqual([]);
    repair();
  });

  it('stops an engine that hangs, and other commands say so instead of waiting', async () => {
    const up = startBy('node', 'idle', root, port);
    await until(() => begun.idle({ root, port, up }));
    const engine = processesOf(root).find(({ command }) => command.includes('adapter/main.py'));
    writeFileSync(
      join(root, `.cordon/run-${port}/outputs.json`),
      '{"CordonResponse":{"ReaderRoleArn":"arn:aws:iam::000000000000:role/reader"}}',
    );
    process.kill(Number(engine?.pid), 'SIGSTOP');

    const incidents = cordon(root, 'incidents');
    const code = await incidents.ended();
    const down = cordon(root, 'down', '--port', String(port));

    expect({ code, said: incidents.stderr() }).toEqual({
      code: 1,
      said:
        `cordon: the engine on port ${port} (process ${engine?.pid}) does not answer: stop it ` +
        `with "cordon down --port ${port}", then start it again\n`,
    });
    expect(await down.ended()).toBe(0);
    expect(await up.ended()).toBe(0);
    expect(processesOf(root)).toEqual([]);
  });
});
