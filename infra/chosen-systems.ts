import { OptionError } from './options.ts';
import type { System } from './system.ts';
import { systems } from './systems.ts';

/** The systems of these names, in the order of the list; a name that is none is an OptionError. */
export const chosenSystems = (
  names: readonly string[],
  known: readonly System[] = systems,
): readonly System[] => {
  const unknown = names.find((name) => !known.some((system) => system.name === name));
  if (unknown !== undefined)
    throw new OptionError(
      'cordon.systems',
      `one of ${known.map(({ name }) => name).join(', ')}`,
      unknown,
    );
  return known.filter(({ name }) => names.includes(name));
};
