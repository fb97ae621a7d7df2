import type { Addition } from './addition.ts';
import { replaced } from './edits.ts';

/** As a file of infra/ names it: this file has the same name. */
const contract = './system.ts';

const module = `import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { SystemParts } from '${contract}';

/** A stack that holds a note. */
export const notes: SystemParts = {
  entries: {},
  addTo: (app) => {
    const stack = new Stack(app, 'CordonNotes');
    new StringParameter(stack, 'Note', { stringValue: 'noted' });
    return stack;
  },
};
`;

const row = `readonly System[] = [
  {
    ...{ name: 'notes', title: 'notes', stack: 'CordonNotes', needs: [] },
    load: async () => (await import('./notes.ts')).notes,
  },`;

export const system: Addition = {
  kind: 'a system that can be chosen',
  sources: [
    {
      file: 'infra/notes.ts',
      from: 'infra/system.ts',
      what: 'what is loaded when it is chosen: its bundles and its stack',
      make: () => module,
    },
    {
      file: 'infra/systems.ts',
      what: 'its row: name, title, stack, servers and module',
      make: (text) => replaced(text, 'readonly System[] = [', row),
    },
    {
      file: 'operator/place.ts',
      what: 'its stack, so that commands find it on AWS',
      make: (text) =>
        replaced(
          text,
          "  CordonConsole: '",
          `  CordonNotes: 'add "notes" to systems and ',\n  CordonConsole: '`,
        ),
    },
  ],
  tests: [],
  proof: ['test/unit/infra/systems.test.ts'],
  most: 3,
};
