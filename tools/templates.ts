import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Handlebars from 'handlebars';

const folder = join(import.meta.dirname, '../report-templates');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/**
 * Helpers that a template may use; anything else is a mistake that must not wait for an incident.
 */
const knownHelpers = { if: true, each: true, with: true, unless: true };

/**
 * The page with its style, and the style's hash in its content security policy: no other style is
 * applied, and no script at all.
 */
export const page = (): string => {
  const style = read('report.css');
  const hash = createHash('sha256').update(style).digest('base64');
  return read('report.hbs')
    .replace('@@style@@', () => style)
    .replace('@@hash@@', hash);
};

/**
 * The compiled template as a module. Nothing is compiled in the Lambda: that would need `new
 * Function`.
 */
export const compiled = (): string => {
  const code = Handlebars.precompile(page(), {
    knownHelpers,
    knownHelpersOnly: true,
    strict: false,
    noEscape: false,
  });
  return [
    '// Made by `npm run templates` from report.hbs and report.css.',
    "import Handlebars from 'handlebars/runtime.js';",
    `export const report = Handlebars.template(${String(code)});`,
    '',
  ].join('\n');
};

export const writeCompiled = (): void => writeFileSync(join(folder, 'compiled.js'), compiled());

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeCompiled();
