import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  NoSuchEntityException,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { metadata, page } from './pages.ts';
import { accountId } from './place.ts';

export interface FakeUser {
  path: string;
  id: string;
  attached: Set<string>;
  tags: Map<string, string>;
  /** Access key id → status. */
  keys: Map<string, 'Active' | 'Inactive'>;
  hasPassword: boolean;
}

export const aUser = (over: Partial<FakeUser> = {}): FakeUser => ({
  path: '/',
  id: 'AIDAEXAMPLEEXAMPLE01',
  attached: new Set(['arn:aws:iam::111122223333:policy/app']),
  tags: new Map([['cordon:drill', 'allowed']]),
  keys: new Map([['AKIAEXAMPLEEXAMPLE01', 'Active']]),
  hasPassword: false,
  ...over,
});

interface WithUsers {
  readonly users: Map<string, FakeUser>;
}

const userIn = ({ users }: WithUsers, name: string | undefined): FakeUser => {
  const user = users.get(name ?? '');
  if (!user)
    throw new NoSuchEntityException({
      message: `The user with name ${name} cannot be found.`,
      ...metadata,
    });
  return user;
};

const userArn = ({ users }: WithUsers, name: string): string =>
  `arn:aws:iam::${accountId}:user${users.get(name)?.path ?? '/'}${name}`;
export const stubbed = (client: IAMClient) => mockClient(client);

/** What IAM does with users. */
export const fakeUsers = (iam: ReturnType<typeof stubbed>, world: WithUsers): void => {
  iam.on(GetUserCommand).callsFake(({ UserName }) => {
    const { id, path, tags } = userIn(world, UserName);
    const Tags = [...tags].map(([Key, Value]) => ({ Key, Value }));
    return { User: { UserName, UserId: id, Path: path, Arn: userArn(world, UserName), Tags } };
  });
  iam.on(GetLoginProfileCommand).callsFake(({ UserName }) => {
    if (!userIn(world, UserName).hasPassword)
      throw new NoSuchEntityException({ message: 'no login profile', ...metadata });
    return { LoginProfile: { UserName } };
  });
  iam.on(ListAttachedUserPoliciesCommand).callsFake(({ UserName, Marker }) => {
    const { items, next } = page([...userIn(world, UserName).attached], Marker);
    const AttachedPolicies = items.map((PolicyArn) => ({ PolicyArn }));
    return { AttachedPolicies, IsTruncated: next !== undefined, Marker: next };
  });
  iam
    .on(AttachUserPolicyCommand)
    .callsFake(({ UserName, PolicyArn }) => void userIn(world, UserName).attached.add(PolicyArn));
  iam.on(DetachUserPolicyCommand).callsFake(({ UserName, PolicyArn }) => {
    if (!userIn(world, UserName).attached.delete(PolicyArn))
      throw new NoSuchEntityException({ message: 'not attached', ...metadata });
  });
  iam.on(ListAccessKeysCommand).callsFake(({ UserName, Marker }) => {
    const { keys } = userIn(world, UserName);
    const { items, next } = page([...keys.keys()], Marker);
    return {
      AccessKeyMetadata: items.map((id) => ({ AccessKeyId: id, Status: keys.get(id) })),
      IsTruncated: next !== undefined,
      Marker: next,
    };
  });
  iam.on(UpdateAccessKeyCommand).callsFake(({ UserName, AccessKeyId, Status }) => {
    const { keys } = userIn(world, UserName);
    if (!keys.has(AccessKeyId))
      throw new NoSuchEntityException({ message: 'no such key', ...metadata });
    keys.set(AccessKeyId, Status);
  });
};
