import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import {
  listenToFaults,
  lostMailText,
  parseFault,
  type WriteFault,
} from '../../../../local/engine/write-faults.ts';

const mail = { to: 'soc@example.com', subject: 'CONTAINED', text: 'first\nsecond\n' };

it('a report of the engine is a fault, with the mail that is lost if it was one', () => {
  expect(parseFault(JSON.stringify({ error: 'Errno 28', mail: null }))).toEqual({
    error: 'Errno 28',
    mail: null,
  });
  expect(parseFault(JSON.stringify({ error: 'Errno 28', mail }))).toEqual({
    error: 'Errno 28',
    mail,
  });
});

it.each(['', '{"error":', '[]', '{"mail":{}}', '{"error":1}'])('%s is no report', (line) => {
  expect(parseFault(line)).toBeUndefined();
});

it('reports are read line by line, however they arrive', async () => {
  const pipe = new PassThrough();
  const faults: WriteFault[] = [];
  listenToFaults(pipe, (fault) => void faults.push(fault));
  for (const part of ['{"error":"a', '"}\n{"error":"b"}\n{"err']) pipe.write(part);
  pipe.end();
  await expect.poll(() => faults.map(({ error }) => error)).toEqual(['a', 'b']);
});

it('a lost mail is told with its text, because the text is nowhere else', () => {
  expect(lostMailText(mail)).toBe(
    'a mail to soc@example.com is NOT in the inbox, because the disk is full: CONTAINED\n' +
      '  | first\n  | second',
  );
});
