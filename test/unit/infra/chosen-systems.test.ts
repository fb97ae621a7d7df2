import { expect, it } from 'vitest';
import { chosenSystems } from '../../../infra/chosen-systems.ts';
import type { System } from '../../../infra/system.ts';

const system = (name: string): System => ({
  ...{ name, title: name, stack: `Cordon-${name}`, needs: [] },
  load: () => Promise.reject(new Error(`${name} was loaded`)),
});
const known = ['audit', 'orders', 'risk'].map(system);

it('gives the named systems once, in the order of the list', () => {
  const names = chosenSystems(['risk', 'audit', 'risk'], known).map(({ name }) => name);
  expect(names).toEqual(['audit', 'risk']);
});

it('refuses an unknown name and lists the known ones', () => {
  expect(() => chosenSystems(['audit', 'shop'], known)).toThrow(
    'cordon.systems: wanted one of audit, orders, risk, got "shop"',
  );
});
