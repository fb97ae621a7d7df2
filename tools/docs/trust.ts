import { readFileSync } from 'node:fs';
import { functions } from '../../responders/functions.ts';
import { type Trust, trust } from '../../responders/trust.ts';

const machines = ['incident-response', 'release', 'late-answer', 'hold-watch', 'heartbeat'];

/** The state machines that call a function, as their definitions say. */
const callersOf = (name: string): string[] =>
  machines.filter((machine) =>
    readFileSync(`state-machines/${machine}.asl.json`, 'utf8').includes(`\${${name}}`),
  );

const nothingKnown: Trust = { believes: [], open: [] };

/** For each function who calls it, what it believes and why, and what stays possible. */
export const trustList = (): string =>
  functions
    .map(({ name, title }) => {
      const { believes, open } = trust[name] ?? nothingKnown;
      const callers = callersOf(name).map((machine) => `\`${machine}\``);
      return [
        `### ${name}`,
        '',
        `${title}.${callers.length > 0 ? ` Called by the machine ${callers.join(' and ')}.` : ''}`,
        '',
        ...believes.map(({ input, because }) => `- It believes ${input}, because ${because}.`),
        ...open.map((line) => `- Left open: ${line}.`),
      ].join('\n');
    })
    .join('\n\n');
