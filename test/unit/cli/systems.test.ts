import { describe, expect, it } from 'vitest';
import { chosenBy, systemNames, withHelp } from '../../../cli/systems.ts';

const known = [
  { name: 'audit', title: 'the audit trail' },
  { name: 'orders', title: 'orders and payments' },
];
const read = (written: string) => systemNames(written, undefined, known);

describe('--with', () => {
  it('takes names with commas, each once', () => {
    expect(read('orders, audit,orders')).toEqual(['orders', 'audit']);
  });

  it.each([
    ['oders', "No system is called 'oders' (did you mean 'orders'?): there are audit, orders."],
    ['audit,shop', "No system is called 'shop': there are audit, orders."],
    ['', "No system is called '': there are audit, orders."],
  ])('refuses %j and lists the known names', (written, message) => {
    expect(() => read(written)).toThrow(message);
  });

  it('says in its help what there is', () => {
    expect(withHelp(known)).toContain('audit (the audit trail), orders (orders and payments)');
  });
});

it('--all names every system, and nothing names none', () => {
  expect(chosenBy({ all: true }, known)).toEqual(['audit', 'orders']);
  expect(chosenBy({ with: ['audit'] }, known)).toEqual(['audit']);
  expect(chosenBy({}, known)).toEqual([]);
});
