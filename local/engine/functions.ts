import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { field, readJson } from './parse.ts';
import { type Folders, nodeOf, packagesOf, projectOf } from './project.ts';
import { findPython } from './python.ts';
import { type Env, lastLines, runProgram } from './run-program.ts';

/** How the processes of functions are kept apart from the person who runs the engine. */
export interface FunctionIsolation {
  /** `account` and `namespace` keep them apart, `uid` only partly, `none` not at all. */
  readonly level: string;
  /** The same as a sentence without its full stop. */
  readonly text: string;
}

/** What the engine of this run found when it started; undefined while it starts. */
export const isolationOfRun = (runDir: string): FunctionIsolation | undefined =>
  isolationIn(readJson(join(runDir, 'functions.json')));

/** Whether functions can reach files of the person: a start must say so. */
export const isWeak = ({ level }: FunctionIsolation): boolean =>
  level === 'uid' || level === 'none';

/** Tries on this machine what the engine would try, without an engine. */
export const probeIsolation = async ({
  root,
  project = projectOf({ root }),
  env,
}: Folders & { readonly env: Env }): Promise<FunctionIsolation> => {
  const { path: python } = await findPython({ env });
  mkdirSync(join(root, '.cordon'), { recursive: true });
  const runDir = mkdtempSync(join(root, '.cordon/doctor-'));
  const folder = join(runDir, 'tmp');
  try {
    mkdirSync(folder);
    const { output } = await runProgram(
      python,
      [join(project, 'local/engine/adapter/isolation.py'), folder],
      {
        env: {
          ...env,
          PATH: [dirname(nodeOf(project)), env.PATH].join(delimiter),
          NODE_PATH: packagesOf(project),
        },
        timeoutMs: 60_000,
      },
    );
    const isolation = isolationIn(parsed(lastLines(output, 1)));
    if (isolation === undefined) throw new Error(lastLines(output));
    return isolation;
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const isolationIn = (document: unknown): FunctionIsolation | undefined => {
  const [level, text] = [field(document, 'level'), field(document, 'text')];
  return typeof level === 'string' && typeof text === 'string' ? { level, text } : undefined;
};
