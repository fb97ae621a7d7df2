import { expect, it } from 'vitest';
import { wantedTrailVariable } from '../../../../responders/handlers/trail-variable.ts';

const trail = {
  workgroup: 'cordon',
  table: { database: 'cordon', name: 'trail' },
  accounts: ['111122223333'],
  regions: ['eu-central-1'],
  own: { ContainmentLambda: 'arn:aws:iam::111122223333:role/cordon/contain' },
};
const read = (written: unknown) => wantedTrailVariable({ CORDON_TRAIL: written }, 'CORDON_TRAIL');

it('reads where the timeline looks', () => {
  expect(read(trail)).toEqual(trail);
});

it.each([
  [{ workgroup: '' }, 'workgroup: wanted text, got ""'],
  [{ table: { name: 'trail' } }, 'table.database: wanted text, got nothing'],
  [{ accounts: '111122223333' }, 'accounts: wanted a list, got "111122223333"'],
  [{ regions: [7] }, 'regions: wanted a list of texts, got 7'],
  [{ own: [] }, 'own: wanted an object, got []'],
  [{ own: { ContainmentLambda: null } }, 'own.ContainmentLambda: wanted text, got null'],
])('names the field that is wrong: %j', (change, message) => {
  expect(() => read({ ...trail, ...change })).toThrow(`CORDON_TRAIL.${message}`);
});
