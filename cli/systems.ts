import { InvalidArgumentError } from 'commander';
import { systems } from '../infra/systems.ts';
import { printable } from '../responders/shared/printable.ts';
import { nearest } from './nearest.ts';

/** A system as the command needs it. */
interface NamedSystem {
  readonly name: string;
  readonly title: string;
}

/** The help of `--with`. */
export const withHelp = (known: readonly NamedSystem[] = systems): string =>
  `deploy further systems, separated by commas: ${known
    .map(({ name, title }) => `${name} (${title})`)
    .join(', ')}`;

/** Reads the names of `--with`; the error for an unknown name lists the known ones. */
export const systemNames = (
  written: string,
  _before?: unknown,
  known: readonly NamedSystem[] = systems,
): readonly string[] => {
  const names = written.split(',').map((name) => name.trim());
  const listed = known.map(({ name }) => name);
  const unknown = names.find((name) => !listed.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  const guess = unknown === '' ? undefined : nearest(unknown, listed);
  throw new InvalidArgumentError(
    `No system is called '${printable(unknown)}'` +
      `${guess === undefined ? '' : ` (did you mean '${guess}'?)`}: ` +
      `there are ${listed.join(', ')}.`,
  );
};

/** The systems that the options of a command name. */
export const chosenBy = (
  options: { readonly with?: readonly string[]; readonly all?: boolean },
  known: readonly NamedSystem[] = systems,
): readonly string[] =>
  options.all === true ? known.map(({ name }) => name) : (options.with ?? []);
