import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod';

const keepMs = 5 * 60_000;

/**
 * A secret without a value, or with one that is none: it is of no use to try again before somebody
 * has mended it.
 */
export class UnusableSecretError extends Error {
  override readonly name = 'UnusableSecretError';
}

export interface SecretAt {
  readonly client: SecretsManagerClient;
  readonly id: string;
  readonly now: () => number;
}

/**
 * A secret, as its schema reads it. `fresh`: not the one that is remembered, for when it was
 * refused and may have been rotated.
 */
export type Secret<Value> = (options?: { readonly fresh?: boolean }) => Promise<Value>;

/**
 * Reads a secret once for five minutes. What is wrong with it is said by the names of its fields:
 * nothing of it may reach a log.
 */
export const secretOf = <Schema extends z.ZodType>(
  schema: Schema,
  at: SecretAt,
): Secret<z.infer<Schema>> => {
  let kept: { readonly value: z.infer<Schema>; readonly until: number } | undefined;
  return async ({ fresh = false } = {}) => {
    if (kept && !fresh && at.now() < kept.until) return kept.value;
    kept = { value: judged(schema, await textOf(at)), until: at.now() + keepMs };
    return kept.value;
  };
};

const textOf = async ({ client, id }: SecretAt): Promise<string> => {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? '';
  } catch (error) {
    if (error instanceof ResourceNotFoundException)
      throw new UnusableSecretError('the secret has no value', { cause: error });
    throw error;
  }
};

const judged = <Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> => {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const fields = [
    ...new Set(result.error.issues.map(({ path }) => path.join('.') || 'the document')),
  ];
  throw new UnusableSecretError(
    `the secret cannot be used: wrong or missing: ${fields.join(', ')}`,
  );
};

/** The message of a failed JSON.parse quotes the text. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
