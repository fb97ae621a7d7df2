import type { NamedUser } from '../finding/identify.ts';
import { type Attempt, attempt } from '../shared/attempt.ts';
import type { Confirmed, SuspectKind } from './suspect-kind.ts';
import { hasPassword, readUser, type UserFacts } from './user-reads.ts';

const confirmedOf = (
  { userName, claimed }: NamedUser,
  user: Attempt<UserFacts>,
  password: Attempt<boolean>,
): Confirmed | null => {
  if (!user.ok || !password.ok) return null;
  const { arn, id, tags } = user.value;
  return {
    suspect: { kind: 'user', userName, userId: id, arn },
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
