import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { processOf } from '../../../local/engine/processes.ts';
import { makeRootKey, writeRootKey } from '../../../local/engine/root-key.ts';
import { runDirOf, writeUp } from '../../../local/engine/run-dir.ts';
import { temp } from '../temp.ts';

export const repository = resolve(import.meta.dirname, '../../..');

/** The Node.js that the command is run with, and its file: quoted for a shell, in this order. */
export const command = [process.execPath, join(repository, 'cli/cordon.ts')] as const;

/** A checkout with a run that is up, as far as its files say. This process stands for it. */
export const makeRunning = (name: string, port = 4_599): { root: string; runDir: string } => {
  const root = temp(name);
  const runDir = runDirOf(root, port);
  const { pid } = process;
  const born = processOf(pid)?.born ?? '';
  mkdirSync(join(runDir, 'inbox'), { recursive: true });
  writeUp(runDir, {
    pid,
    born,
    engine: pid,
    engineBorn: born,
    port,
    by: 'a test',
    started: '',
    ready: true,
  });
  writeRootKey(runDir, makeRootKey());
  writeFileSync(join(runDir, 'outputs.json'), '{}');
  return { root, runDir };
};

/** Puts a mail into the inbox of a run. */
export const receive = (runDir: string, name: string, body: string): void =>
  writeFileSync(join(runDir, 'inbox', `${name}.eml`), `Subject: ${name}\r\n\r\n${body}`);

/**
 * The environment of somebody who runs the command in this checkout. The command that was run before
 * is compiled already, which halves what a start costs.
 */
export const environmentOf = (root: string) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  CORDON_ROOT: root,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});

/** Says of the Node.js that runs a program that it is an old one; what it starts is not told. */
export const asOld = [
  '--import',
  'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})',
] as const;
