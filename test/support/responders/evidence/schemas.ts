// The checked-in schemas of what lies in a folder of evidence.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

/** What is wrong with a document by its schema: nothing, for ours. */
export const faultsOf = (
  kind: 'manifest' | 'custody' | 'export',
  document: unknown,
): readonly string[] => {
  const file = join(import.meta.dirname, `../../../../responders/evidence/${kind}.schema.json`);
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message = '' }) =>
    `${instancePath} ${message}`.trim(),
  );
};
