import { readFileSync } from 'node:fs';

/** Numbers and lists are known at synth; a text may be a token that CloudFormation fills in. */
export type Substitutions = Readonly<Record<string, string | number | readonly unknown[]>>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Every value of a definition, in depth. */
const mapValues = (value: unknown, change: (text: string) => unknown): unknown => {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((element: unknown) => mapValues(element, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, mapValues(member, change)]),
  );
};

/**
 * A state machine's definition with its numbers and lists filled in; texts stay for CloudFormation,
 * which knows the ARNs. Amazon States Language wants a number or a list where a file can only hold
 * `"${Name}"`: exactly that text becomes it.
 */
export const loadDefinition = (
  file: string,
  substitutions: Substitutions,
): { definition: unknown; texts: Record<string, string> } => {
  const texts: Record<string, string> = {};
  const fill = (text: string): unknown => {
    const only = /^\$\{(\w+)\}$/.exec(text)?.[1];
    const whole = only === undefined ? undefined : substitutions[only];
    if (whole !== undefined && typeof whole !== 'string') return whole;
    return text.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) => {
      const substitute = substitutions[name];
      if (substitute === undefined)
        throw new Error(
          `${file}: nothing is known for ${placeholder}; known are ` +
            `${Object.keys(substitutions).join(', ')}`,
        );
      if (typeof substitute !== 'string') return String(substitute);
      texts[name] = substitute;
      return placeholder;
    });
  };
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return { definition: mapValues(parsed, fill), texts };
};

/** A task state: what it calls, and with what. */
export interface Task {
  readonly resource: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** All tasks of a definition, in branches and maps too. */
export const tasksOf = (definition: unknown): readonly Task[] => {
  if (Array.isArray(definition)) return definition.flatMap(tasksOf);
  if (!isRecord(definition)) return [];
  const { Type, Resource, Arguments } = definition;
  const own =
    Type === 'Task' && typeof Resource === 'string'
      ? [{ resource: Resource, arguments: isRecord(Arguments) ? Arguments : {} }]
      : [];
  return [...own, ...Object.values(definition).flatMap(tasksOf)];
};
