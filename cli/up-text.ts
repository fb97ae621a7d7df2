import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { localAddress } from '../local/app/address.ts';
import type { RunningApp } from '../local/app/start.ts';
import type { Connection } from '../local/engine/connect.ts';
import type { EngineFacts } from '../local/engine/engine-facts.ts';
import type { EntranceAddress } from '../local/entrances/serve.ts';
import { linesWithCodes } from '../responders/shared/printable.ts';
import { table } from './output.ts';

/** What a run is known by. */
export const firstLine = ({ endpoint, account, region }: Connection): string =>
  `Cordon is up at ${endpoint} (account ${account}, ${region})`;

/** Everything else about a run: it would fill several screens, so it goes into a file. */
export const factLines = (
  { endpoint, runDir, outputs }: Connection,
  { corrections, notEmulated, notProven }: EngineFacts,
  { app, addresses }: { app: RunningApp | undefined; addresses: readonly EntranceAddress[] },
): readonly string[] => [
  `Log of the engine: ${runDir}/engine.log`,
  ...(app ? appFacts(app) : []),
  '',
  'Addresses for a browser',
  table(addresses.map(({ name, stack, url }) => [name, `${url}  (${stack})`])),
  ...Object.entries(outputs).flatMap(([stack, values]) => [
    '',
    stack,
    table(Object.entries(values).map(([name, text]) => [name, localAddress(text, endpoint)])),
  ]),
  '',
  `Corrections of the engine: ${corrections.join(', ') || 'none'}`,
  `Created, without effect in a local run: ${notEmulated.join(', ') || 'none'}`,
  'Not proven by a local run:',
  ...notProven.map((sentence) => `  - ${sentence}`),
];

/** The services around the application, and what its firewall can tell here. */
const appFacts = ({ edge, outside }: RunningApp): readonly string[] => {
  const notJudged = edge.notJudged.map(({ rule }) => rule).join(', ');
  return [
    '',
    'The protected application',
    table([
      ['OpenAI', outside.openai],
      ['Salesforce', outside.salesforce],
      ['Firewall', `${edge.judged.length} rules are checked here; only AWS checks ${notJudged}`],
    ]),
  ];
};

/** The address of the application and its users, and one call to begin with. */
export const appLines = ({ url, pages, users }: RunningApp): readonly string[] => [
  'The protected application',
  table([
    ['Pages', pages],
    ['API', url],
    ...users.map(({ name, email, password }): [string, string] => [
      name,
      `${email.padEnd(26)} ${password}`,
    ]),
  ]),
  '  Sign in with one of these; the code of the second factor: npx cordon app users',
  '  Try it: npx cordon app call GET /products --as standard',
];

/** Writes the facts beside the folder of the run, because that folder ends with the run. */
export const writeFacts = (root: string, port: number, lines: readonly string[]): string => {
  const file = join(root, `.cordon/up-${port}.txt`);
  mkdirSync(join(root, '.cordon'), { recursive: true });
  writeFileSync(file, `${linesWithCodes(lines.join('\n'))}\n`);
  return file;
};

/** What a person may look at once a run is up. */
interface RunFacts {
  /** The file of the facts. */
  readonly file: string;
  readonly incidentId: string | undefined;
  /** Only the application is up. */
  readonly alone: boolean;
  /** Where the pages of the application are, if it is deployed. */
  readonly app: string | undefined;
  readonly addresses: readonly EntranceAddress[];
}

/** The name of a file as a person in this folder would type it. */
const shortName = (file: string): string => {
  const name = relative('', file);
  return name.startsWith('..') ? file : name;
};

/** The pages and APIs of systems that were chosen; Cordon's have lines of their own. */
const systemLines = (addresses: readonly EntranceAddress[]): readonly string[] =>
  addresses
    .filter(({ stack }) => stack !== 'CordonConsole' && stack !== 'CordonProtectedApp')
    .map(({ name, url }) => `${name}: ${url}`);

/** The last lines of a start that stays: where to look. */
export const stayingLines = ({
  file,
  incidentId,
  alone,
  app,
  addresses,
}: RunFacts): readonly string[] => {
  const console = addresses.find(({ name }) => name === 'console')?.url;
  return [
    ...(console ? [`Console: ${console}  Sign in: npx cordon console users`] : []),
    ...(app ? [`Application: ${app}  Sign in: npx cordon app users`] : []),
    ...systemLines(addresses),
    ...(alone
      ? ['Look here: npx cordon app --help']
      : [
          `Look here: npx cordon ${incidentId ? `show ${incidentId}` : 'incidents'}`,
          'Mails: npx cordon mail. All commands: npx cordon --help',
        ]),
    `Outputs, checks, clocks and limits of this run: ${shortName(file)}`,
  ];
};

/** The last lines of a start that has ended: what is left of it, and how to start again. */
export const endedLines = ({ file }: Pick<RunFacts, 'file'>): readonly string[] => [
  'Stopped, as --exit asked; incidents, mails and evidence of this run are gone.',
  `Kept: outputs, checks, clocks and limits in ${shortName(file)}`,
  'Kept: the score of the drill, in npx cordon drill history',
  'Start again and look around: npx cordon up',
];
