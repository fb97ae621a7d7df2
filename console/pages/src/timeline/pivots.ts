import type { ShownEvent } from './shown-event.ts';

/** What a person follows through a timeline, as the address names it. */
export const pivotNames = {
  key: 'Access key',
  address: 'Address',
  caller: 'Caller',
  resource: 'Resource',
} as const;
export type PivotField = keyof typeof pivotNames;

export interface Pivot {
  readonly field: PivotField;
  readonly value: string;
}

const isField = (given: string): given is PivotField => Object.hasOwn(pivotNames, given);

/** `address:198.51.100.23` in the address of the page; whatever else it says is no pivot. */
export const pivotIn = (given: unknown): Pivot | undefined => {
  const [, field = '', value = ''] =
    typeof given === 'string' ? (/^([a-z]+):(.{1,300})$/su.exec(given) ?? []) : [];
  return isField(field) ? { field, value } : undefined;
};

export const pivotText = ({ field, value }: Pivot): string => `${field}:${value}`;

const valuesOf = (event: ShownEvent, field: PivotField): readonly string[] => {
  if (field === 'key') return [event.key];
  if (field === 'address') return [event.sourceIp];
  return field === 'caller' ? [event.actor] : event.resources;
};

/** Compared whole: `10.0.0.1` is not `10.0.0.12`. */
export const isAbout = (event: ShownEvent, pivot: Pivot | undefined): boolean =>
  pivot === undefined || valuesOf(event, pivot.field).includes(pivot.value);

/** Where an event leads: each value once, with at most five resources. */
export const pivotsOf = (event: ShownEvent): readonly Pivot[] =>
  (Object.keys(pivotNames) as PivotField[]).flatMap((field) =>
    valuesOf(event, field)
      .filter((value) => value !== '' && value.length <= 300)
      .slice(0, 5)
      .map((value) => ({ field, value })),
  );
