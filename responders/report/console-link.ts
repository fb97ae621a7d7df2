import {
  type ConsolePage,
  type ConsoleScope,
  consoleAddress,
} from '../incident/console-address.ts';

const labels: Readonly<Record<ConsolePage, string>> = {
  decide: 'Decide in the browser',
  look: 'Look in the browser',
};

/** `Decide in the browser: https://cordon.example.org/q/inc-…`, as a line of a mail. */
export const consoleLines = (page: ConsolePage, id: string, scope: ConsoleScope): string[] => {
  const address = consoleAddress(page, id, scope);
  return address === null ? [] : [`${labels[page]}: ${address}`];
};

const consoleLine = new RegExp(`^(?:${Object.values(labels).join('|')}): https://\\S+$`, 'm');

/** The line of a mail with the address in the console; empty where it has none. */
export const consoleLineIn = (body: string): readonly string[] =>
  consoleLine.exec(body)?.slice(0, 1) ?? [];
