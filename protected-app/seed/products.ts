import type { ProductInput } from '../schemas/product.ts';
import { type ProductItem, productKeys, skuKey } from '../shared/product-item.ts';
import { type Dice, dice, uuid } from './dice.ts';
import { assemblies, type Kind, kinds } from './parts.ts';

export interface Seeding {
  /** The time of the newest change (ms). */
  readonly now: number;
  /** The `sub` of whoever is said to have made them. */
  readonly createdBy: string;
}

/** The item that says who has an SKU. */
export interface SkuItem {
  readonly id: string;
  readonly heldBy: string;
}

interface Draft extends ProductInput {
  readonly id: string;
}

const money = (amount: number) => ({ amount, currency: 'EUR' });
const number = (value: number, digits: number): string => String(value).padStart(digits, '0');

const partsOf = (
  { name, code, category, cents, materials, sizes, about }: Kind,
  roll: Dice,
): readonly Draft[] =>
  materials.flatMap((material, first) =>
    sizes.map((size, second) => ({
      id: uuid(roll),
      sku: `${code}-${number(first + 1, 2)}-${number(second + 1, 2)}`,
      name: `${name} ${size}, ${material}`,
      description: `${about} ${material}, ${size}.`,
      category,
      price: money(Math.ceil(cents * (1 + first * 0.6) * (1 + second * 0.35))),
      stock: roll.below(5) === 0 ? 0 : roll.below(2_000),
      components: [],
    })),
  );

const distinct = (drafts: readonly Draft[]): readonly Draft[] => [
  ...new Map(drafts.map((draft) => [draft.id, draft])).values(),
];

/** `count` assemblies, each made of one part of every kind that it needs. */
const assembled = (parts: readonly Draft[], count: number, roll: Dice): readonly Draft[] =>
  Array.from({ length: count }, (_, index) => {
    const { name, code, of } = roll.one(assemblies);
    const chosen = of.map((kind) =>
      roll.one(parts.filter((part) => part.sku.startsWith(`${kind}-`))),
    );
    return whole({
      name: `${name} ${number(index + 1, 3)}`,
      code,
      category: 'Assemblies',
      chosen,
      index,
      roll,
    });
  });

/** Machines are made of assemblies, so that references go two levels deep. */
const machines = (units: readonly Draft[], count: number, roll: Dice): readonly Draft[] =>
  Array.from({ length: count }, (_, index) => {
    const chosen = distinct([roll.one(units), roll.one(units), roll.one(units)]);
    return whole({
      name: `Pick-and-Place Cell ${number(index + 1, 2)}`,
      code: 'PPC',
      category: 'Machines',
      chosen,
      index,
      roll,
    });
  });

interface Whole {
  readonly name: string;
  readonly code: string;
  readonly category: string;
  readonly chosen: readonly Draft[];
  readonly index: number;
  readonly roll: Dice;
}

const whole = ({ name, code, category, chosen, index, roll }: Whole): Draft => ({
  id: uuid(roll),
  sku: `${code}-A-${number(index + 1, 4)}`,
  name,
  description: `Made of:\n${chosen.map((part) => `- ${part.name}`).join('\n')}`,
  category,
  price: money(Math.ceil(chosen.reduce((sum, { price }) => sum + price.amount, 0) * 1.4)),
  stock: roll.below(40),
  components: chosen.map(({ id }) => id),
});

/**
 * More than 500 products as items of the table, each with the item of its SKU. The same every time.
 */
export const seedProducts = ({ now, createdBy }: Seeding): readonly (ProductItem | SkuItem)[] => {
  const roll = dice(8_021);
  const parts = kinds.flatMap((kind) => partsOf(kind, roll));
  const units = assembled(parts, 240, roll);
  const drafts = [...parts, ...units, ...machines(units, 20, roll)];
  const references = new Map<string, number>();
  for (const id of drafts.flatMap(({ components }) => components))
    references.set(id, (references.get(id) ?? 0) + 1);
  return drafts.flatMap((draft, index) => {
    const at = new Date(now - (drafts.length - 1 - index) * 3_600_000).toISOString();
    const product = { ...draft, createdAt: at, createdBy, updatedAt: at, version: 1 };
    const item: ProductItem = {
      ...product,
      ...productKeys(product),
      references: references.get(draft.id) ?? 0,
    };
    return [item, { id: skuKey(draft.sku), heldBy: draft.id }];
  });
};
