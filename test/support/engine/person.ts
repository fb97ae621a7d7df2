import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Place } from '../../../operator/place.ts';
import type { Deployed } from './deployed.ts';

/** A person of the deployment: a user who signs with keys of their own. */
export interface EnginePerson {
  readonly arn: string;
  /** As the person works with it. In a local run only the root user may take the roles. */
  readonly place: Place;
}

/** Makes a user, whose name must be new on this engine. */
export const personCalled = async (
  cordon: Deployed,
  place: Place,
  UserName: string,
): Promise<EnginePerson> => {
  const iam = new IAMClient(clientConfig(cordon));
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
  const own = clientConfig(cordon, { accessKeyId, secretAccessKey });
  return {
    arn: User?.Arn ?? '',
    place: {
      ...place,
      config: (who) => (who === 'operator' ? Promise.resolve(own) : place.config(who)),
    },
  };
};
