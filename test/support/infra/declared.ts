import { at, type Json } from './synthesised.ts';

export interface Rule {
  /** Completes the sentence "in every template …". */
  readonly says: string;
  readonly look: (template: Json) => readonly string[];
}

/** A resource of a template, as it is written there. */
export interface Declared {
  readonly id: string;
  readonly type: string;
  readonly properties: Json;
}

export const entriesOf = (value: Json | undefined): readonly (readonly [string, Json])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

export const declared = (template: Json, type?: string): readonly Declared[] =>
  entriesOf(at(template, 'Resources'))
    .map(([id, resource]) => ({
      id,
      type: String(at(resource, 'Type')),
      properties: at(resource, 'Properties') ?? {},
    }))
    .filter((resource) => type === undefined || resource.type === type);

/** The logical ids that a value refers to. */
export const references = (value: Json | undefined): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = entriesOf(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt')
      return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0]];
    if (key === 'Fn::Sub')
      return [...String(Array.isArray(inner) ? inner[0] : inner).matchAll(/\$\{([\w]+)/g)].map(
        ([, id]) => id,
      );
    return [];
  });
  const inner = entriesOf(value).flatMap(([, held]) => references(held));
  return [...own, ...inner].filter((id) => id !== undefined);
};
