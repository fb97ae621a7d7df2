import { randomBytes } from 'node:crypto';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { output, type Place } from '../../operator/place.ts';
import { seedContacts } from '../../protected-app/seed/contacts.ts';
import type { Env } from '../engine/run-program.ts';
import { startOpenAi } from '../stand-ins/openai.ts';
import { startSalesforce } from '../stand-ins/salesforce.ts';

/** The services outside of the account that the application calls in a local run. */
export interface ExternalServices {
  /** The address of the provider, or of its stand-in. */
  readonly openai: string;
  readonly salesforce: string;
  stop(): Promise<void>;
}

/**
 * Starts the stand-ins of OpenAI and Salesforce, and writes their addresses and credentials into
 * the secrets of the application. With a key in `OPENAI_API_KEY`, the application calls OpenAI
 * itself.
 */
export const startExternalServices = async (
  place: Place,
  { port, env, now }: { readonly port: number; readonly env: Env; readonly now: number },
): Promise<ExternalServices> => {
  const client = { clientId: 'cordon-local', clientSecret: randomBytes(24).toString('base64url') };
  const apiKey = env.OPENAI_API_KEY;
  const ownKey = randomBytes(24).toString('base64url');
  const [openai, salesforce] = await Promise.all([
    apiKey ? null : startOpenAi({ port: port + 3, apiKey: ownKey }),
    startSalesforce({ port: port + 4, contacts: seedContacts({ now }), ...client }),
  ]);
  const secrets = new SecretsManagerClient(await place.config('operator'));
  const writeSecret = (name: string, value: object) =>
    secrets.send(
      new PutSecretValueCommand({
        SecretId: output(place, 'CordonProtectedApp', name),
        SecretString: JSON.stringify(value),
      }),
    );
  await Promise.all([
    writeSecret('OpenAiSecretId', openai ? { apiKey: ownKey, baseUrl: openai.url } : { apiKey }),
    writeSecret('SalesforceSecretId', { loginUrl: salesforce.url, ...client }),
  ]);
  return {
    openai: openai?.url ?? 'https://api.openai.com/v1',
    salesforce: salesforce.url,
    stop: async () => {
      await Promise.all([openai?.stop(), salesforce.stop()]);
    },
  };
};
