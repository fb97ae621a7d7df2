import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chosenNames } from '../../../../local/engine/chosen.ts';
import { OPTIONS_FILE } from '../../../../local/engine/fingerprint.ts';
import { temp } from '../../../support/temp.ts';

it('a run has the systems of the command and those of the configuration, each once', () => {
  const root = temp('root');
  expect(chosenNames({ root })).toEqual([]);
  writeFileSync(join(root, OPTIONS_FILE), '{"systems":["orders","audit"]}');

  expect(chosenNames({ root, systems: ['risk', 'audit'] })).toEqual(['audit', 'orders', 'risk']);
  expect(chosenNames({ root, config: {}, systems: ['risk'] })).toEqual(['risk']);
});
