import { quoted } from '../shared/shell.ts';

/**
 * An inline policy: it counts against no quota of attached policies, which is why Cordon's own may
 * have failed. With the name of a function, it denies only the session that this function uses.
 */
export const denyByHand = (role: string, functionName?: string): string => {
  const session = functionName && { StringLike: { 'aws:userid': `*:${functionName}` } };
  const denial = { Effect: 'Deny', Action: '*', Resource: '*' };
  const document = {
    Version: '2012-10-17',
    Statement: session ? { ...denial, Condition: session } : denial,
  };
  return (
    `aws iam put-role-policy --role-name ${quoted(role)} --policy-name denied-by-hand ` +
    `--policy-document ${quoted(JSON.stringify(document))}`
  );
};
