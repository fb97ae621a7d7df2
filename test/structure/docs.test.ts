import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, it } from 'vitest';
import { fresh, pages } from '../../tools/docs/pages.ts';
import { auditEventSchema, commandSchemas } from '../../tools/docs/schemas.ts';

it.each(pages)('%s is what `npm run docs` prints', (page) => {
  const text = readFileSync(page, 'utf8');
  expect(text).toContain('<!-- printed: ');
  expect(text).toBe(fresh(text));
});

it('every schema of the command is what `npm run docs` prints', async () => {
  const printed = await commandSchemas();

  expect(globSync('cli/schemas/*.json').sort()).toEqual([...printed.keys()].sort());
  for (const [file, schema] of printed) expect(readFileSync(file, 'utf8'), file).toBe(schema);
});

it('the schema of audit events is what `npm run docs` prints', () => {
  expect(readFileSync(auditEventSchema.file, 'utf8')).toBe(auditEventSchema.text());
});

const readable = globSync('{*.md,docs/*.md,*/README.md,local/**/README.md}').filter(
  (page) => !page.includes('node_modules'),
);

/** As the place that hosts the pages makes it of a heading. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(readable)('%s links to what is there', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g)];
  const missing = links.filter(([, file = '', anchor = '']) => {
    const target = file === '' ? page : join(dirname(page), file);
    return !existsSync(target) || (anchor !== '' && !anchorsOf(target).includes(anchor));
  });
  expect(missing.map(([link]) => link)).toEqual([]);
});

it.each(readable)('%s names files and scripts that are there', (page) => {
  const text = readFileSync(page, 'utf8');
  const rooms =
    /`((?:responders|infra|state-machines|report-templates|protected-app|console|operator|cli|local|game-day|tools|test|docs)\/[\w./*-]+)`/g;
  expect(
    [...text.matchAll(rooms)]
      .map(([, path = '']) => path)
      .filter((path) => globSync(`${path}{,.ts}`).length === 0),
  ).toEqual([]);
  const { scripts }: { scripts: object } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(
    [...text.matchAll(/npm run ([\w:]+)/g)]
      .map(([, script = '']) => script)
      .filter((script) => !(script in scripts)),
  ).toEqual([]);
});
