import { GetLoginProfileCommand, GetUserCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../shared/aws.ts';
import { isMissing } from '../shared/errors.ts';

export interface UserFacts {
  readonly arn: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const readUser = async (UserName: string, { iam }: Aws): Promise<UserFacts> => {
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  const tags = (User?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]);
  return { arn: User?.Arn ?? '', id: User?.UserId ?? '', tags: Object.fromEntries(tags) };
};

export const hasPassword = async (UserName: string, { iam }: Aws): Promise<boolean> => {
  try {
    await iam.send(new GetLoginProfileCommand({ UserName }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};
