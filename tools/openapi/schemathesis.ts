import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { field, readJson, texts, whole } from '../../local/engine/parse.ts';
import type { Env } from '../../local/engine/run-program.ts';

interface SchemathesisRun {
  readonly root: string;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly python: string;
  readonly seed: number;
  readonly examples: number;
  readonly phases: readonly string[];
  /** As whom the requests are sent: a name in the file `users`. */
  readonly user: string;
  readonly users: string;
  readonly url: string;
  readonly runDir: string;
}

export interface SchemathesisResult {
  readonly hasFindings: boolean;
  /** The operations that succeeded at least once, such as `GET /products`. */
  readonly served: readonly string[];
  /** How many cases were sent, by whether a check of theirs failed. */
  readonly passed: number;
  readonly failed: number;
}

/**
 * Schemathesis ends with a line in the form of pytest's, which counts no cases:
 * `==== 2 warnings in 7.74s ====`. Who reads the output for how many tests ran would read none.
 */
const looksLikePytest = /^=+ .+ in [\d.]+s(?: \([\d:]+\))? =+$/;

/** What of the output is printed: all of it but that line. */
export const isPrinted = (line: string): boolean => !looksLikePytest.test(line);

/** Runs all checks against the address, and prints what it prints. */
export const schemathesis = async (run: SchemathesisRun): Promise<SchemathesisResult> => {
  const { root, env, signal, python, seed, examples, user, users, url, runDir } = run;
  const tool = join(root, 'tools/openapi');
  const served = join(runDir, `openapi-served-${user}.json`);
  signal.throwIfAborted();
  const child = spawn(
    python,
    [
      ...['-m', 'schemathesis.cli', '--config-file', join(tool, 'schemathesis.toml'), 'run'],
      ...[join(root, 'protected-app/openapi.json'), '--url', url, '--no-color'],
      ...['--seed', String(seed), '--max-examples', String(examples)],
      ...['--phases', run.phases.join(',')],
    ],
    {
      cwd: runDir,
      env: {
        ...{ PATH: env.PATH, HOME: runDir, LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
        // Where it keeps its tables of Unicode, which take seconds to make.
        HYPOTHESIS_STORAGE_DIRECTORY: join(root, '.cordon/openapi-venv/hypothesis'),
        CORDON_OPENAPI_HOOKS: join(tool, 'hooks.py'),
        CORDON_OPENAPI_USERS: users,
        CORDON_OPENAPI_USER: user,
        CORDON_OPENAPI_SERVED: served,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (isPrinted(line)) process.stdout.write(`${line}\n`);
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  try {
    const [code] = await once(child, 'close');
    signal.throwIfAborted();
    const told = readJson(served);
    const [passed = 0, failed = 0] = [whole(told, 'passed'), whole(told, 'failed')];
    return { hasFindings: code !== 0, served: texts(field(told, 'served')), passed, failed };
  } finally {
    signal.removeEventListener('abort', kill);
  }
};
