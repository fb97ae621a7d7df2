import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge.ts';
import type { ServiceKey } from '../shared/keys.ts';

const described = {
  openAi: 'The key for OpenAI: { "apiKey": "…" }',
  salesforce:
    'The integration user of Salesforce: { "loginUrl": "https://<org>.my.salesforce.com", ' +
    '"clientId": "…", "clientSecret": "…" }',
} as const;

/**
 * What the application knows of others. Made empty: their owners put the values in, and no
 * deployment ever sees or overwrites them.
 */
export class AppSecrets extends Construct {
  readonly openAi: CfnSecret;
  readonly salesforce: CfnSecret;

  constructor(
    scope: Construct,
    id: string,
    { key, keep }: { readonly key: ServiceKey; readonly keep: boolean },
  ) {
    super(scope, id);
    const secret = (name: keyof typeof described): CfnSecret => {
      const created = new CfnSecret(this, name, {
        description: described[name],
        kmsKeyId: key.keyArn,
      });
      created.applyRemovalPolicy(keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
      acknowledge(created, {
        SMG4:
          'The other side issues this credential and has no call that a rotation could use; a ' +
          'new value is read within five minutes.',
      });
      return created;
    };
    this.openAi = secret('openAi');
    this.salesforce = secret('salesforce');
  }
}
