import * as z from 'zod';

/** The type of what a command prints with `--json`, for the code that makes it. */
export type Printed<S extends z.ZodType> = DeepReadonly<z.output<S>>;

type DeepReadonly<T> = T extends readonly (infer Member)[]
  ? readonly DeepReadonly<Member>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

const failure = z
  .strictObject({ error: z.string() })
  .describe('The command could not do its work; the sentence says what to do.');

/** Every command prints this instead of its own document when it fails. */
export type FailureDocument = Printed<typeof failure>;

/** The document of a command, or the failure. `title` is the command line that prints it. */
export const documentOf = (title: string, document: z.ZodType): z.ZodType =>
  z.union([document, failure]).meta({ title });

/** An object that has each of these names, and no others. */
export const strictRecord = <Name extends string, Member extends z.ZodType>(
  names: readonly Name[],
  member: Member,
) =>
  z.strictObject(
    // fromEntries forgets the names; each of them is a key of what it makes here.
    Object.fromEntries(names.map((name) => [name, member])) as Record<Name, Member>,
  );

/** A number of things. */
export const count = z.int().min(0);

export const textOrNull = z.string().nullable();
