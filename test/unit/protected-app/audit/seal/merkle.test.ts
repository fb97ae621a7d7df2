import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { leafOf, pathOf, rootOf } from '../../../../../protected-app/audit/seal/merkle.ts';

/** The leaves of the examples that Certificate Transparency publishes, of RFC 6962. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
const eighth = '606162636465666768696a6b6c6d6e6f';
const leafOfHex = (hex: string): string => leafOf(Buffer.from(hex, 'hex').toString('latin1'));

/** The roots of the first n of them, as they are published. */
const roots: readonly (readonly [number, string])[] = [
  [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
];

describe('the tree is that of RFC 6962', () => {
  it.each(roots)('over %i leaves', (count, root) => {
    expect(rootOf(inputs.slice(0, count).map(leafOfHex))).toBe(root);
  });

  it('over eight leaves, and over none', () => {
    expect(rootOf([...inputs, eighth].map(leafOfHex))).toBe(
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    );
    expect(rootOf([])).toBe(createHash('sha256').digest('hex'));
  });
});

it('leads from a leaf to the root by as many hashes as the tree is high', () => {
  const leaves = inputs.map(leafOfHex);

  expect(pathOf(leaves, 0)).toHaveLength(3);
  expect(pathOf(leaves, 6)).toHaveLength(2);
  expect(pathOf(leaves.slice(0, 1), 0)).toEqual([]);
  expect(() => pathOf(leaves, 7)).toThrow('no leaf 7');
});
