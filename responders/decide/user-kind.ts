import { GetLoginProfileCommand, GetUserCommand } from '@aws-sdk/client-iam';
import type { NamedUser } from '../finding/identify.ts';
import { type Attempt, attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { isMissing } from '../shared/errors.ts';
import type { Confirmed, SuspectKind } from './suspect-kind.ts';

interface UserFacts {
  readonly arn: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

const readUser = async (UserName: string, { iam }: Aws): Promise<UserFacts> => {
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  const tags = (User?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]);
  return { arn: User?.Arn ?? '', id: User?.UserId ?? '', tags: Object.fromEntries(tags) };
};

const hasPassword = async (UserName: string, { iam }: Aws): Promise<boolean> => {
  try {
    await iam.send(new GetLoginProfileCommand({ UserName }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

const confirmedOf = (
  { userName, claimed }: NamedUser,
  user: Attempt<UserFacts>,
  password: Attempt<boolean>,
): Confirmed | null => {
  if (!user.ok || !password.ok) return null;
  const { arn, id, tags } = user.value;
  return {
    suspect: { kind: 'user', userName, arn },
    arns: [arn],
    tags: [tags],
    parts: 'user',
    contradiction:
      id === claimed.userId
        ? null
        : `the finding’s user id is not that of ${userName}: ` +
          'the user may have been deleted and made again',
    proof: 'the user is proven by its id',
    ...(password.value && {
      asks: `user ${userName} has a console password, so it may be a person`,
    }),
  };
};

/** A user with everything made from its keys. */
export const userKind: SuspectKind = {
  calls: [{ on: 'iam:user/*', may: ['GetUser', 'GetLoginProfile'] }],

  possible: (named) => (named.kind === 'user' ? [{ kind: 'user', userName: named.userName }] : []),

  facts: (named, aws, { factsMs }) => {
    if (named.kind !== 'user') return undefined;
    const { userName } = named;
    return Promise.all([
      attempt(factsMs, readUser(userName, aws)),
      attempt(factsMs, hasPassword(userName, aws)),
    ]).then(([user, password]) => ({
      // A deleted user has no password, and nothing is left to contain.
      reads: user.ok || !user.missing ? { user, 'console password': password } : { user },
      confirmed: confirmedOf(named, user, password),
      code: undefined,
    }));
  },
};
