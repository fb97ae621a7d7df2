import { entries, field, text } from '../engine/parse.ts';

export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly properties: unknown;
}

export const resourcesOf = (template: unknown): TemplateResource[] =>
  entries(field(template, 'Resources')).map(([id, resource]) => ({
    id,
    type: text(resource, 'Type', id),
    properties: field(resource, 'Properties'),
  }));

/**
 * The text that a template value stands for, with references replaced from `deployed`. `undefined`
 * if a reference is unknown.
 */
export const resolvedText = (
  value: unknown,
  deployed: Readonly<Record<string, string>>,
): string | undefined => {
  if (typeof value === 'string') return value;
  const reference = field(value, 'Ref');
  if (typeof reference === 'string') return deployed[reference];
  const attribute = field(value, 'Fn::GetAtt');
  if (Array.isArray(attribute)) return deployed[attribute.join('.')];
  const join = field(value, 'Fn::Join');
  if (!Array.isArray(join)) return undefined;
  const parts = entries(join[1]).map(([, part]) => resolvedText(part, deployed));
  return parts.includes(undefined) ? undefined : parts.join(String(join[0]));
};
