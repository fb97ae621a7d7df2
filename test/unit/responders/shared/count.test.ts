import { expect, it } from 'vitest';
import { count } from '../../../../responders/shared/count.ts';
import fc from '../../../support/property.ts';

it('numbers are grouped as English does it', () => {
  fc.assert(
    fc.property(fc.nat(), (many) => {
      expect(count(many, 'row', 'rows')).toBe(
        `${many.toLocaleString('en-US')} ${many === 1 ? 'row' : 'rows'}`,
      );
    }),
  );
  expect(count(1, 'call')).toBe('1 call');
});
