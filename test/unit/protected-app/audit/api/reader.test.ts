import { expect, it } from 'vitest';
import { type AuditReaders, readerOf } from '../../../../../protected-app/audit/api/reader.ts';

const account = '123456789012';
const readers: AuditReaders = [
  { principal: `arn:aws:iam::${account}:role/team/Auditors`, systems: ['protected-app'] },
  { principal: `arn:aws:iam::${account}:user/eve`, systems: ['cordon'] },
  { principal: `arn:aws:iam::${account}:user/eve`, systems: ['cordon', 'protected-app'] },
  { principal: `arn:aws:iam::${account}:root`, systems: ['protected-app', 'cordon'] },
];

it.each([
  ['a session, whatever it calls itself', `sts::${account}:assumed-role/Auditors/x`, 1],
  ['a session with a slash in its name', `sts::${account}:assumed-role/Auditors/a/b`, 1],
  ['a user, with what each line gives', `iam::${account}:user/eve`, 2],
  ['the root user', `iam::${account}:root`, 2],
])('knows %s', (_words, arn, systems) => {
  expect(readerOf(readers, `arn:aws:${arn}`).systems).toHaveLength(systems);
});

it.each([
  ['nobody', undefined],
  ['an empty caller', ''],
  ['a session of another role', `arn:aws:sts::${account}:assumed-role/Others/Auditors`],
  ['a user with the name of the role', `arn:aws:iam::${account}:user/Auditors`],
  ['the role of another account', 'arn:aws:sts::999999999999:assumed-role/Auditors/x'],
  ['a federated user', `arn:aws:sts::${account}:federated-user/eve`],
])('refuses %s', (_words, arn) => {
  expect(() => readerOf(readers, arn)).toThrow('audit.readers does not name you');
});
