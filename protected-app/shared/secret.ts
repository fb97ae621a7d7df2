import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod';

const cacheMs = 5 * 60_000;

/** The secret has no value or an invalid one. A retry does not help until it is corrected. */
export class UnusableSecretError extends Error {
  override readonly name = 'UnusableSecretError';
}

export interface SecretLocation {
  readonly client: SecretsManagerClient;
  readonly id: string;
  readonly now: () => number;
}

/**
 * Reads a secret. `fresh` bypasses the cache, for a secret that was refused and may have been
 * rotated.
 */
export type ReadSecret<Value> = (options?: { readonly fresh?: boolean }) => Promise<Value>;

/**
 * Caches a secret for five minutes. Errors name the invalid fields only, because no part of a
 * secret may reach a log.
 */
export const secretReader = <Schema extends z.ZodType>(
  schema: Schema,
  location: SecretLocation,
): ReadSecret<z.infer<Schema>> => {
  let cached: { readonly content: z.infer<Schema>; readonly until: number } | undefined;
  return async ({ fresh = false } = {}) => {
    if (cached && !fresh && location.now() < cached.until) return cached.content;
    cached = {
      content: parseSecret(schema, await fetchSecretText(location)),
      until: location.now() + cacheMs,
    };
    return cached.content;
  };
};

const fetchSecretText = async ({ client, id }: SecretLocation): Promise<string> => {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? '';
  } catch (error) {
    if (error instanceof ResourceNotFoundException)
      throw new UnusableSecretError('the secret has no value', { cause: error });
    throw error;
  }
};

const parseSecret = <Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> => {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const fields = [
    ...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the document')),
  ];
  throw new UnusableSecretError(
    `the secret cannot be used: wrong or missing: ${fields.join(', ')}`,
  );
};

/** JSON.parse quotes the text in its error, so that error is dropped. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
