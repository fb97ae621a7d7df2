// What the API answers where something cannot be read.
import { entry, health } from './scripted-watch.ts';

/** Two parts could not be read, and each says why. */
export const partlyKnown = {
  ...{ ...health, deadLetters: null, heartbeat: null },
  failed: [
    { part: 'deadLetters', why: 'AccessDenied: not authorized to perform sqs:GetQueueAttributes' },
    { part: 'heartbeat', why: 'the table did not answer in time' },
  ],
};

/** As the API makes it of an object that holds no entry. */
export const notReadable = entry(40, '', 'unreadable', {
  ...{ incident: '', says: 'the entry 1796-x-done.json cannot be read', outcome: '' },
});
