import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import type { Collector } from '../core/collector.ts';
import { json } from '../core/evidence.ts';

export const functionConfiguration: Collector = {
  id: 'collect.function-configuration',
  title: 'The function’s configuration, concurrency and tags',
  calls: [{ on: 'lambda:function:*', may: ['GetFunction'] }],
  collect: async ({ head }, { lambda }) => {
    if (!head.suspect)
      return { pieces: [], gaps: [{ what: 'function configuration', why: 'the finding names no function that exists here' }] };
    const { Configuration, Concurrency, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName: head.suspect.functionName }));
    const body = json({ Configuration, Concurrency, Tags });
    return { pieces: [{ path: 'function/configuration.json', body, type: 'application/json', source: 'lambda:GetFunction' }] };
  },
};
