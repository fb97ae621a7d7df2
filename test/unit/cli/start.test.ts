import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../support/cli/running.ts';
import { temp } from '../../support/temp.ts';

const hook = `
  import { registerHooks } from 'node:module';
  import { writeFileSync } from 'node:fs';
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  process.on('exit', () => writeFileSync(process.env.LOADED, JSON.stringify(loaded)));
`;

/** The modules that a command loads, as addresses. */
const loadedBy = (...words: readonly string[]): readonly string[] => {
  const root = temp('start');
  const list = join(root, 'loaded.json');
  spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(hook)}`,
      join(repository, 'cli/cordon.mjs'),
      ...words,
    ],
    { env: { PATH: process.env.PATH, CORDON_ROOT: root, LOADED: list } },
  );
  return JSON.parse(readFileSync(list, 'utf8'));
};

const packages = (modules: readonly string[]): readonly string[] => [
  ...new Set(modules.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])),
];

it.each([[['--help']], [['--version']], [['frob']]])(
  '%j loads no verb and no package but the parser',
  (words) => {
    const modules = loadedBy(...words);

    expect(packages(modules)).toEqual(['commander']);
    expect(modules.length).toBeLessThanOrEqual(40);
  },
);

it.each([[['show', '--help']], [['show', 'inc-20261121-7f3k2m8q']]])(
  '%j loads no AWS client before there is a deployment',
  (words) => {
    const modules = loadedBy(...words);

    expect(packages(modules)).toEqual(['commander']);
    expect(modules.length).toBeLessThanOrEqual(60);
  },
);
