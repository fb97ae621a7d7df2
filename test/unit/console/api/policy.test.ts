import { expect, it } from 'vitest';
import { policy } from '../../../../console/api/policy.ts';
import { policyReply } from '../../../../console/schemas/replies.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { person, request } from '../../../support/console/people.ts';
import { someSettings } from '../../../support/fakes/deps.ts';

it('the policy is what its contract says, and names who is exempt in this account', async () => {
  const settings = someSettings({
    neverContain: [{ tag: 'team=payments', because: 'the bank forbids it' }],
    suppressions: [{ type: 'Recon:*', account: '1', because: 'a scan', owner: 'anna', until: 7 }],
  });
  const read = policy({ settings, mask: maskWith('salt'), now: Date.now });
  const { body } = await read(request({ caller: person('rita', 'readers') }));
  const told = policyReply.strict().parse(JSON.parse(JSON.stringify(body)));

  expect(told.suppressions).toEqual(settings.suppressions);
  expect(told.neverContain).toEqual(settings.neverContain);
  expect(told.alwaysExempt.map(({ arn }) => arn)).toContain(
    `arn:${settings.partition}:iam::${settings.account}:role/cordon/*`,
  );
  expect(told.types.length).toBeGreaterThan(50);
});
