import { CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import type { Engine } from '../../../local/engine/start.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import type { Aws } from '../../../responders/shared/aws.ts';

export const policyArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:policy/cordon/${name}`;

/** The policies that responders attach, and the resources of their grants. */
export const quarantine = {
  role: policyArn('CordonQuarantineRole'),
  function: policyArn('CordonQuarantineFunction'),
  user: policyArn('CordonQuarantineUser'),
};
export const quarantineResources = {
  quarantineRole: [quarantine.role],
  quarantineFunction: [quarantine.function],
  quarantineUser: [quarantine.user],
};

/** Creates policies with these ARNs. Tests of responders ask which are attached, not what they deny. */
export const createPolicies = async (engine: Engine, arns: readonly string[]): Promise<void> => {
  const iam = new IAMClient(clientConfig(engine));
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }],
  });
  for (const arn of arns)
    await iam.send(
      new CreatePolicyCommand({
        PolicyName: arn.split('/').at(-1),
        Path: '/cordon/',
        PolicyDocument: document,
      }),
    );
};

/** What a responder gets to work with, as the caller who has these keys. */
export const responderAws = (engine: Engine, keys: Credentials): Aws => ({
  iam: new IAMClient(clientConfig(engine, keys)),
  lambda: new LambdaClient(clientConfig(engine, keys)),
  further: new Map(),
  quarantine,
});
