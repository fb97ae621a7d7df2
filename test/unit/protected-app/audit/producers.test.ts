import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { producers } from '../../../../protected-app/audit/producers.ts';
import { appFunctions } from '../../../../protected-app/functions.ts';

const handlers = join(import.meta.dirname, '../../../../protected-app/handlers');

/** The files of handlers/ that a file is made of, itself included. */
const filesOf = (file: string): string[] => {
  const imports = [...readFileSync(file, 'utf8').matchAll(/from '(\.\/[\w-]+\.ts)'/g)];
  return [file, ...imports.flatMap(([, target = '']) => filesOf(join(dirname(file), target)))];
};

/** A handler tells the audit itself, or is served with what does. */
const tellsTheAudit = (entry: string): boolean =>
  filesOf(join(handlers, `${entry}.ts`)).some(
    (file) =>
      !file.endsWith('/audit.ts') &&
      /\bwriteAudit\(\)|\.\.\.apiOptions\(\)|\bapiOptions\(\),/.test(readFileSync(file, 'utf8')),
  );

it('every function of the application writes audit events', () => {
  const silent = appFunctions.filter(({ entry }) => !tellsTheAudit(entry));

  expect(silent.map(({ name }) => name)).toEqual([]);
  expect(producers['protected-app']).toEqual(appFunctions.map(({ name }) => name));
});

it('would name a function that writes none', () => {
  expect(tellsTheAudit('pages-upload')).toBe(false);
});
