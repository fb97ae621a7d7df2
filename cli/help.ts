import type { Command, Help, Option } from 'commander';

/** Piped help is not wrapped, so that each option stays on its line. */
const unbounded = 10_000;

/** Below this width, a description stands below its term and not beside it. */
const narrow = 64;

/** `Usage: cordon release <incident> --reason <text> [options]` */
const usageOf = (command: Command): string => {
  const path: string[] = [];
  for (let next: Command | null = command; next; next = next.parent) path.unshift(next.name());
  const given = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  const rest = command.commands.length > 0 ? ['<command>'] : ['[options]'];
  return [...path, ...given, ...required, ...rest].join(' ');
};

const belowTerm = (term: string, description: string, width: number, help: Help): string => {
  if (description === '') return `  ${term}`;
  const text = help.boxWrap(description, width - 6);
  return `  ${term}\n${text.replaceAll(/^/gm, '      ')}`;
};

/** How help is written: required options are marked, and the text fits the terminal. */
export const helpFor = (columns: number | undefined): Partial<Help> => {
  const width = columns ?? unbounded;
  return {
    helpWidth: width,
    minWidthToWrap: 20,
    commandUsage: usageOf,
    optionDescription(option: Option): string {
      const choices = option.argChoices ? `choices: ${option.argChoices.join(', ')}` : '';
      const initial =
        option.defaultValue === undefined || option.defaultValue === false
          ? ''
          : `default: ${String(option.defaultValueDescription ?? option.defaultValue)}`;
      const notes = [option.mandatory ? 'required' : '', choices, initial].filter(Boolean);
      return `${option.description}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
    },
    ...(width < narrow && {
      formatItem(term: string, _termWidth: number, description: string, help: Help): string {
        return belowTerm(term, description, width, help);
      },
    }),
  };
};
