import { expect, it } from 'vitest';
import { parseConfig } from '../../../infra/config.ts';
import { requirePrincipals } from '../../../infra/principals.ts';

const lead = ['arn:aws:iam::111122223333:role/SecurityLead'];
const named = {
  approvePrincipals: lead,
  releasePrincipals: lead,
  drillPrincipals: lead,
  readerPrincipals: lead,
  auditorPrincipals: lead,
};

it.each(Object.keys(named))('a deployment to AWS needs somebody in %s', (option) => {
  expect(() => requirePrincipals(parseConfig({ ...named, [option]: [] }))).toThrow(
    `cordon.${option}: wanted the ARN of at least one principal, got []`,
  );
});

it('a deployment that names them all can go on', () => {
  expect(() => requirePrincipals(parseConfig(named))).not.toThrow();
});
