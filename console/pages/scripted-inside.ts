// Objects of evidence that a page reads itself: before-records, answers of AWS, a list of files.
import type { Answers, ScriptedAnswer, Step } from '../../pages-kit/states.ts';
import { broken, evidence } from './scripted.ts';
import stored from './scripted-inside.json' with { type: 'json' };

const { objects } = stored;

/** The folder that has them, with their true hashes. */
const listed = {
  ...evidence,
  objects: [
    ...evidence.objects.filter(({ path }) => objects.every((own) => own.path !== path)),
    ...objects.map(({ path, bytes, sha256 }) => ({
      ...{ path, bytes, sha256, taken: 'after containment', versionId: null },
    })),
  ],
};
const links = objects.map(({ path, bytes }) => ({
  ...{ path, url: `https://evidence.s3.us-east-1.amazonaws.com/${path}?signed=yes` },
  ...{ bytes, versionId: null },
}));
const given = { custody: 3, expiresInSeconds: 60, links, signingKey: { keyId: 'k', pem: '' } };

export const insideAnswers: Answers = {
  'GET /incidents/{id}/evidence': { body: listed },
  'POST /incidents/{id}/evidence/read': { body: given },
  ...Object.fromEntries(
    objects.map(({ path, base64 }): [string, ScriptedAnswer] => [
      `GET /evidence-links/${path}`,
      { bytes: base64 },
    ]),
  ),
};
/** Other bytes than those that were sealed. */
export const insideWrong: Answers = {
  ...insideAnswers,
  'GET /evidence-links/function/concurrency.json': { bytes: btoa('{"answer":{}}') },
};
export const insideLate: Answers = {
  ...insideAnswers,
  'POST /incidents/{id}/evidence/read': { isLate: true },
};
export const insideRefused: Answers = {
  ...insideAnswers,
  'POST /incidents/{id}/evidence/read': broken,
};
export const insideNone: Answers = {
  'GET /incidents/{id}/evidence': {
    body: {
      ...evidence,
      objects: evidence.objects.filter(({ path }) => path === 'finding.json'),
    },
  },
};
export const comparesInside: readonly Step[] = [
  { type: ['Why do you compare it?', 'to see what was changed'] },
  { press: `Read ${objects.length} objects` },
];
