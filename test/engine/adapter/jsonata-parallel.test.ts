import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { runMachine } from './world.ts';

const branch = (name: string, output: string) => ({
  StartAt: name,
  States: {
    [name]: { Type: 'Pass', Assign: { mine: name }, Next: `${name} ends` },
    [`${name} ends`]: { Type: 'Pass', Output: output, End: true },
  },
});

const parallel = {
  QueryLanguage: 'JSONata',
  StartAt: 'Set',
  States: {
    Set: { Type: 'Pass', Assign: { outer: 'seen', mine: 'outer' }, Next: 'Both' },
    Both: {
      Type: 'Parallel',
      Arguments: { id: '{% $states.input.incident %}' },
      Branches: [
        branch('A', '{% $states.input.id & "-" & $outer & "-" & $mine %}'),
        branch('B', '{% $states.input.id & "-" & $outer & "-" & $mine %}'),
      ],
      Output: { both: '{% $states.result %}' },
      Assign: { first: '{% $states.result[0] %}' },
      Next: 'End',
    },
    End: {
      Type: 'Pass',
      Output: '{% $merge([$states.input, { "first": $first, "mine": $mine }]) %}',
      End: true,
    },
  },
};

describe('a JSONata Parallel', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('takes Arguments, Output and Assign, and a branch keeps its variables', async () => {
    const execution = await runMachine(engine, 'parallel', parallel, { incident: 'i1' });

    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(JSON.parse(execution.output ?? '')).toEqual({
      both: ['i1-seen-A', 'i1-seen-B'],
      first: 'i1-seen-A',
      mine: 'outer',
    });
  });

  test('fails with the error of its branch, which Catch can name', async () => {
    const failing = {
      QueryLanguage: 'JSONata',
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Broken', Cause: 'on purpose' } } },
          ],
          Catch: [{ ErrorEquals: ['Broken'], Output: '{% $states.errorOutput %}', Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', End: true },
      },
    };

    const execution = await runMachine(engine, 'failing', failing);

    expect(JSON.parse(execution.output ?? '')).toEqual({ Error: 'Broken', Cause: 'on purpose' });
  });
});
