import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { auditEvent } from '../../protected-app/audit/schemas/event.ts';

const repository = join(import.meta.dirname, '../..');

/** The bounds of safe integers, which zod adds to every integer. JSON itself knows none. */
const withoutSafeBounds = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

const jsonOf = (name: string, schema: z.ZodType): string => {
  const { $schema, title, ...rules } = z.toJSONSchema(schema, { override: withoutSafeBounds });
  const $id = `https://cordon.example/schemas/${name}.json`;
  return `${JSON.stringify({ $schema, $id, title, ...rules }, null, 2)}\n`;
};

const schemaIn = async (file: string): Promise<z.ZodType> => {
  const { schema }: { schema?: unknown } = await import(join(repository, file));
  if (schema instanceof z.ZodType) return schema;
  throw new Error(`${file} exports no schema: see cli/README.md`);
};

/** The JSON Schema of every command's document, by the file that holds it. */
export const commandSchemas = async (): Promise<ReadonlyMap<string, string>> => {
  const files = globSync('cli/schemas/*.ts', { cwd: repository }).sort();
  const printed = files.map(async (file) => {
    const name = basename(file, '.ts');
    return [`cli/schemas/${name}.json`, jsonOf(name, await schemaIn(file))] as const;
  });
  return new Map(await Promise.all(printed));
};

/** What every producer of audit events is held to, in whatever language it is written. */
export const auditEventSchema = {
  file: 'protected-app/audit/schemas/event.schema.json',
  text: (): string => jsonOf('audit-event', auditEvent),
} as const;
