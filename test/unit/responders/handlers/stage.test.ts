import { expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { stagedCase } from '../../../../responders/handlers/stage.ts';
import { SupersededError } from '../../../../responders/shared/errors.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

it('a stage of an earlier round does not work for a later one', async () => {
  const { deps } = fakeDeps();
  const event = lambdaFinding();
  const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);

  expect((await stagedCase(deps.table, { incidentId, round: 1 })).head.id).toBe(incidentId);
  // A release names no round: it is about the incident as it is.
  expect((await stagedCase(deps.table, { incidentId })).head.id).toBe(incidentId);
  await expect(stagedCase(deps.table, { incidentId, round: 2 })).rejects.toThrow(SupersededError);
});
