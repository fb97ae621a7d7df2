import { randomBytes } from 'node:crypto';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { output, type Place } from '../../operator/place.ts';
import { seedCustomers } from '../../protected-app/seed/customers.ts';
import type { Env } from '../engine/run-program.ts';
import { startOpenAi } from '../stand-ins/openai.ts';
import { type StandInContact, startSalesforce } from '../stand-ins/salesforce.ts';

/** What the application calls outside of the account, in a local run. */
export interface Outside {
  /** The provider's own address, or the stand-in's. */
  readonly openai: string;
  readonly salesforce: string;
  stop(): Promise<void>;
}

/**
 * The customers that Salesforce has at the beginning: those of the seed, as Salesforce writes them.
 */
const contacts = (now: number): readonly StandInContact[] =>
  seedCustomers({ now }).map(
    ({
      id,
      name,
      company,
      title,
      email,
      phone,
      street,
      postalCode,
      city,
      country,
      modifiedAt,
    }) => ({
      Id: id,
      Name: name,
      'Account.Name': company,
      Title: title,
      Email: email,
      Phone: phone,
      MailingStreet: street,
      MailingPostalCode: postalCode,
      MailingCity: city,
      MailingCountry: country,
      LastModifiedDate: modifiedAt,
      SystemModstamp: modifiedAt,
      IsDeleted: false,
    }),
  );

/**
 * Starts what stands in for OpenAI and Salesforce, and tells the application by its secrets. A key
 * in `OPENAI_API_KEY` is used instead.
 */
export const startOutside = async (
  place: Place,
  { port, env, now }: { readonly port: number; readonly env: Env; readonly now: number },
): Promise<Outside> => {
  const client = { clientId: 'cordon-local', clientSecret: randomBytes(24).toString('base64url') };
  const apiKey = env.OPENAI_API_KEY;
  const [openai, salesforce] = await Promise.all([
    apiKey ? null : startOpenAi({ port: port + 3 }),
    startSalesforce({ port: port + 4, contacts: contacts(now), ...client }),
  ]);
  const secrets = new SecretsManagerClient(await place.config('operator'));
  const tell = (name: string, value: object) =>
    secrets.send(
      new PutSecretValueCommand({
        SecretId: output(place, 'CordonProtectedApp', name),
        SecretString: JSON.stringify(value),
      }),
    );
  await Promise.all([
    tell(
      'OpenAiSecretId',
      openai ? { apiKey: 'a-key-of-the-stand-in', baseUrl: openai.url } : { apiKey },
    ),
    tell('SalesforceSecretId', { loginUrl: salesforce.url, ...client }),
  ]);
  return {
    openai: openai?.url ?? 'https://api.openai.com/v1',
    salesforce: salesforce.url,
    stop: async () => {
      await Promise.all([openai?.stop(), salesforce.stop()]);
    },
  };
};
