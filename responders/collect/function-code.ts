import { createHash } from 'node:crypto';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import type { Collector } from '../core/collector.ts';

/** Today the code of $LATEST only, held in memory while it is stored. */
export const functionCode: Collector = {
  id: 'collect.function-code',
  title: 'The function’s code, compared with the hash that AWS keeps of it',
  calls: [{ on: 'lambda:function:*', may: ['GetFunction'] }],
  collect: async ({ head }, { lambda, download }) => {
    if (!head.suspect) return { pieces: [], gaps: [{ what: 'function code', why: 'the finding names no function that exists here' }] };
    const { Code, Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: head.suspect.functionName }));
    if (!Code?.Location) return { pieces: [], gaps: [{ what: 'function code', why: 'AWS gives no link to it (container image?)' }] };
    const body = await download(Code.Location);
    const same = createHash('sha256').update(body).digest('base64') === Configuration?.CodeSha256;
    return {
      pieces: [{ path: 'function/code.zip', body, type: 'application/zip', source: 'lambda:GetFunction, Code.Location' }],
      gaps: same ? [] : [{ what: 'function code', why: 'what was downloaded does not match CodeSha256: it changed in between' }],
    };
  },
};
