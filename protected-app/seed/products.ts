import type { ProductInput } from '../schemas/product.ts';
import { type ProductItem, productKeys, skuKey } from '../shared/product-item.ts';
import { type Dice, dice, uuid } from './dice.ts';
import { assemblies, type PartKind, partKinds } from './parts.ts';

export interface SeedOptions {
  /** The time of the newest change, in milliseconds since 1970. */
  readonly now: number;
  /** The `sub` of the creator. */
  readonly createdBy: string;
}

/** The item that names the product with an SKU. */
export interface SkuItem {
  readonly id: string;
  readonly heldBy: string;
}

interface ProductDraft extends ProductInput {
  readonly id: string;
}

const money = (amount: number) => ({ amount, currency: 'EUR' });
const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');

const partsOf = (
  { name, code, category, cents, materials, sizes, about }: PartKind,
  roll: Dice,
): readonly ProductDraft[] =>
  materials.flatMap((material, materialIndex) =>
    sizes.map((size, sizeIndex) => ({
      id: uuid(roll),
      sku: `${code}-${padded(materialIndex + 1, 2)}-${padded(sizeIndex + 1, 2)}`,
      name: `${name} ${size}, ${material}`,
      description: `${about} ${material}, ${size}.`,
      category,
      price: money(Math.ceil(cents * (1 + materialIndex * 0.6) * (1 + sizeIndex * 0.35))),
      stock: roll.integerBelow(5) === 0 ? 0 : roll.integerBelow(2_000),
      components: [],
    })),
  );

const distinctDrafts = (drafts: readonly ProductDraft[]): readonly ProductDraft[] => [
  ...new Map(drafts.map((draft) => [draft.id, draft])).values(),
];

/** `count` assemblies, each with one part of every kind that it needs. */
const assembliesOf = (
  drafts: readonly ProductDraft[],
  count: number,
  roll: Dice,
): readonly ProductDraft[] =>
  Array.from({ length: count }, (_, index) => {
    const { name, code, of } = roll.pick(assemblies);
    const chosen = of.map((kind) =>
      roll.pick(drafts.filter((part) => part.sku.startsWith(`${kind}-`))),
    );
    return assemblyOf({
      name: `${name} ${padded(index + 1, 3)}`,
      code,
      category: 'Assemblies',
      chosen,
      index,
      roll,
    });
  });

/** Machines consist of assemblies, so that references are two levels deep. */
const machines = (
  units: readonly ProductDraft[],
  count: number,
  roll: Dice,
): readonly ProductDraft[] =>
  Array.from({ length: count }, (_, index) => {
    const chosen = distinctDrafts([roll.pick(units), roll.pick(units), roll.pick(units)]);
    return assemblyOf({
      name: `Pick-and-Place Cell ${padded(index + 1, 2)}`,
      code: 'PPC',
      category: 'Machines',
      chosen,
      index,
      roll,
    });
  });

interface AssemblyDraft {
  readonly name: string;
  readonly code: string;
  readonly category: string;
  readonly chosen: readonly ProductDraft[];
  readonly index: number;
  readonly roll: Dice;
}

const assemblyOf = ({
  name,
  code,
  category,
  chosen,
  index,
  roll,
}: AssemblyDraft): ProductDraft => ({
  id: uuid(roll),
  sku: `${code}-A-${padded(index + 1, 4)}`,
  name,
  description: `Made of:\n${chosen.map((draft) => `- ${draft.name}`).join('\n')}`,
  category,
  price: money(Math.ceil(chosen.reduce((sum, { price }) => sum + price.amount, 0) * 1.4)),
  stock: roll.integerBelow(40),
  components: chosen.map(({ id }) => id),
});

/** More than 500 products as stored items, each with the item of its SKU; the same every time. */
export const seedProducts = ({
  now,
  createdBy,
}: SeedOptions): readonly (ProductItem | SkuItem)[] => {
  const roll = dice(8_021);
  const parts = partKinds.flatMap((kind) => partsOf(kind, roll));
  const units = assembliesOf(parts, 240, roll);
  const drafts = [...parts, ...units, ...machines(units, 20, roll)];
  const references = new Map<string, number>();
  for (const id of drafts.flatMap(({ components }) => components))
    references.set(id, (references.get(id) ?? 0) + 1);
  return drafts.flatMap((draft, index) => {
    const changedAt = new Date(now - (drafts.length - 1 - index) * 3_600_000).toISOString();
    const product = { ...draft, createdAt: changedAt, createdBy, updatedAt: changedAt, version: 1 };
    const item: ProductItem = {
      ...product,
      ...productKeys(product),
      references: references.get(draft.id) ?? 0,
    };
    return [item, { id: skuKey(draft.sku), heldBy: draft.id }];
  });
};
