import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod';

const keepMs = 5 * 60_000;

export interface SecretAt {
  readonly client: SecretsManagerClient;
  readonly id: string;
  readonly now: () => number;
}

/** A secret, as its schema reads it. `fresh`: not the one that is remembered, for when it was refused and may have been rotated. */
export type Secret<Value> = (options?: { readonly fresh?: boolean }) => Promise<Value>;

/** Reads a secret once for five minutes. What is wrong with it is said by the names of its fields: nothing of it may reach a log. */
export const secretOf = <Schema extends z.ZodType>(schema: Schema, { client, id, now }: SecretAt): Secret<z.infer<Schema>> => {
  let kept: { readonly value: z.infer<Schema>; readonly until: number } | undefined;
  return async ({ fresh = false } = {}) => {
    if (kept && !fresh && now() < kept.until) return kept.value;
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    kept = { value: judged(schema, SecretString), until: now() + keepMs };
    return kept.value;
  };
};

const judged = <Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> => {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const fields = [...new Set(result.error.issues.map(({ path }) => path.join('.') || 'the document'))];
  throw new Error(`the secret cannot be used: wrong or missing: ${fields.join(', ')}`);
};

/** The message of a failed JSON.parse quotes the text. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
