import { readFileSync } from 'node:fs';
import { hunts } from '../../infra/response/hunts.ts';
import { appFunctions } from '../../protected-app/functions.ts';
import { routes } from '../../protected-app/routes.ts';
import { appTables } from '../../protected-app/tables.ts';
import { catalog } from '../../responders/contain/catalogue.ts';
import { collectors } from '../../responders/evidence/collectors.ts';
import { functions } from '../../responders/functions.ts';
import { additions } from '../adding/additions.ts';
import { addingTable } from './adding.ts';
import { appAccess, appPermissions } from './app.ts';
import * as print from './catalogue.ts';
import { cost } from './cost.ts';
import { coverage } from './coverage.ts';
import { huntTable } from './hunts.ts';
import { messageTable } from './messages.ts';
import { picture } from './picture.ts';
import { leftOutTable, sentenceList } from './sentences.ts';
import { stateTable } from './states.ts';
import { trustList } from './trust.ts';

const machine = (file: string): string => {
  const definition: unknown = JSON.parse(readFileSync(`state-machines/${file}`, 'utf8'));
  return picture(definition);
};

/** What is printed into which page, between `<!-- printed: name -->` and `<!-- end -->`. */
const printed: Readonly<Record<string, () => string>> = {
  responders: () => print.responders(catalog),
  collectors: () => print.collectors(collectors),
  permissions: () => print.permissions(functions),
  'app-permissions': () => appPermissions(appFunctions, routes),
  'app-access': () => appAccess(appTables),
  adding: () => addingTable(additions),
  cost,
  coverage,
  hunts: () => huntTable(hunts),
  states: stateTable,
  trust: trustList,
  messages: () => messageTable(['cli', 'local', 'operator', 'game-day']),
  sentences: sentenceList,
  'left-out': leftOutTable,
  'incident-response': () => machine('incident-response.asl.json'),
  release: () => machine('release.asl.json'),
  'late-answer': () => machine('late-answer.asl.json'),
  'hold-watch': () => machine('hold-watch.asl.json'),
  heartbeat: () => machine('heartbeat.asl.json'),
};

export const pages: readonly string[] = [
  'responders/README.md',
  'protected-app/README.md',
  'state-machines/README.md',
  'docs/adding.md',
  'docs/permissions.md',
  'docs/cost.md',
  'docs/coverage.md',
  'docs/operations.md',
  'docs/troubleshooting.md',
  'docs/sentences.md',
  'docs/timeline.md',
  'docs/trust.md',
];

/** A page with its printed parts made anew; the hand-written rest stays. */
export const fresh = (page: string): string =>
  page.replaceAll(
    /(<!-- printed: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_all, head: string, name: string, tail: string) => {
      const make = printed[name];
      if (!make)
        throw new Error(
          `a page asks for ${name}, which nothing prints; ` +
            `known are ${Object.keys(printed).join(', ')}`,
        );
      return `${head}${make()}\n${tail}`;
    },
  );
