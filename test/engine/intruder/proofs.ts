// What the intruder tries with what proves who decides: the keys that make and verify MACs, and the
// roles of people. No judgement here.
import { GenerateMacCommand, PutKeyPolicyCommand, VerifyMacCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Attempt } from './intruder.ts';

const Message = Buffer.from('x');
const MacAlgorithm = 'HMAC_SHA_256';

export const withProofKey = (KeyId: string): readonly Attempt[] => [
  {
    words: 'make a MAC',
    action: 'kms:GenerateMac',
    resource: KeyId,
    send: ({ kms }) => kms.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm })),
  },
  {
    words: 'verify a MAC',
    action: 'kms:VerifyMac',
    resource: KeyId,
    send: ({ kms }) =>
      kms.send(new VerifyMacCommand({ KeyId, Message, MacAlgorithm, Mac: Message })),
  },
  {
    words: 'change who may',
    action: 'kms:PutKeyPolicy',
    resource: KeyId,
    send: ({ kms }) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy: '{}' })),
  },
];

export const takeRole = (RoleArn: string): Attempt => ({
  words: `take ${RoleArn}`,
  action: 'sts:AssumeRole',
  resource: RoleArn,
  send: ({ sts }) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'anna' })),
});
