import { expect, it } from 'vitest';
import { containmentChecks } from '../../../game-day/checks.ts';
import { judged, noObservations } from '../../../game-day/drill.ts';
import { sendResult } from '../../../game-day/result-notice.ts';
import type { Place } from '../../../operator/place.ts';
import { perfect } from '../../support/game-day/observations.ts';

const unusable = (): never => {
  throw new Error('the place was used');
};
const place: Place = {
  account: '111122223333',
  region: 'eu-west-1',
  outputs: {},
  local: null,
  config: unusable,
  withKeys: unusable,
};

it('a drill that sent no finding mails no result', async () => {
  const { responders, workload } = perfect();
  const observations = noObservations({ responders }, workload);
  const lines: string[] = [];
  const result = judged({ id: 'a-drill', checks: containmentChecks }, observations, null);

  await sendResult(place, result, (line) => lines.push(line));

  expect(lines).toEqual([
    'the drill sent no finding, so its result is not mailed to the security team',
  ]);
});
