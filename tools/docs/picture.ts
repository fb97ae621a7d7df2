import { isRecord } from '../../responders/shared/json.ts';

type States = Readonly<Record<string, unknown>>;

const statesOf = (machine: unknown): States =>
  isRecord(machine) && isRecord(machine.States) ? machine.States : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `{% $next = 'ask' %}` → `$next = ask`: quotes and braces would end a label. */
const label = (condition: unknown): string =>
  text(condition)
    .replaceAll(/\{%|%\}|'|;|:/g, '')
    .trim();

/** Names hold spaces and question marks; Mermaid wants identifiers. */
const alias = (name: string): string => name.replaceAll(/\W+/g, '_').replace(/_$/, '');

const edges = (name: string, state: unknown): string[] => {
  if (!isRecord(state)) return [];
  const arrow = (to: unknown, words = '') =>
    text(to) ? [`${alias(name)} --> ${alias(text(to))}${words && `: ${words}`}`] : [];
  const choices = list(state.Choices).flatMap((choice) =>
    isRecord(choice) ? arrow(choice.Next, label(choice.Condition)) : [],
  );
  const caught = list(state.Catch).flatMap((catcher) =>
    isRecord(catcher) && catcher.Next !== state.Next
      ? arrow(catcher.Next, `on ${list(catcher.ErrorEquals).join(', ')}`)
      : [],
  );
  const ends =
    state.End === true || state.Type === 'Succeed' || state.Type === 'Fail'
      ? [`${alias(name)} --> [*]`]
      : [];
  return [
    ...arrow(state.Next),
    ...choices,
    ...arrow(state.Default, 'otherwise'),
    ...caught,
    ...ends,
  ];
};

const inside = (name: string, state: unknown): string[] => {
  if (!isRecord(state) || state.Type !== 'Parallel') return [`state "${name}" as ${alias(name)}`];
  const branches = list(state.Branches).map((branch) => drawing(branch).map((line) => `  ${line}`));
  return [
    `state "${name}" as ${alias(name)} {`,
    ...branches.flatMap((branch, n) => (n > 0 ? ['  --', ...branch] : branch)),
    '}',
  ];
};

const drawing = (machine: unknown): string[] => {
  const states = Object.entries(statesOf(machine));
  const start = isRecord(machine) ? [`[*] --> ${alias(text(machine.StartAt))}`] : [];
  return [
    ...states.flatMap(([name, state]) => inside(name, state)),
    ...start,
    ...states.flatMap(([name, state]) => edges(name, state)),
  ];
};

/**
 * A state machine as a Mermaid picture. A caught failure that goes on like success is not drawn.
 */
export const picture = (machine: unknown): string =>
  ['```mermaid', 'stateDiagram-v2', ...drawing(machine).map((line) => `  ${line}`), '```'].join(
    '\n',
  );
