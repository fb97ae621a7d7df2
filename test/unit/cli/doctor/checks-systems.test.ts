import { expect, it } from 'vitest';
import { systemChecks } from '../../../../cli/doctor/checks-systems.ts';
import { temp } from '../../../support/temp.ts';

const place = { root: temp('root'), env: {}, port: 4566, node: process.versions.node };

it('says of each system what it needs and where that is', async () => {
  const checks = systemChecks([
    { name: 'audit', title: 'the audit trail', needs: ['postgresql', 'redis'] },
    { name: 'notes', title: 'notes', needs: [] },
  ]);
  const lines = await Promise.all(
    checks.map(async ({ name, look }) => `${name}: ${(await look(place)).detail}`),
  );

  expect(lines).toEqual([
    expect.stringMatching(
      /^cordon up --with audit: the audit trail; needs PostgreSQL \(.+\), Redis \(.+\)$/,
    ),
    'cordon up --with notes: notes; needs nothing more',
  ]);
});
