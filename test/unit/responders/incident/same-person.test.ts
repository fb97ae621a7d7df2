import { describe, expect, it } from 'vitest';
import { isApprover, personId, personName } from '../../../../responders/incident/same-person.ts';

const account = '111122223333';
const iam = `arn:aws:iam::${account}`;
const person = (arn: string, userId: string) => ({ arn, userId });
const session = (role: string, name: string) =>
  person(`arn:aws:sts::${account}:assumed-role/${role}/${name}`, `AROA${role}:${name}`);
const user = (name: string) => person(`${iam}:user/${name}`, `AIDA${name}`);

const sso = 'AWSReservedSSO_SecurityLead_0123456789abcdef';
const identityCenter = [`${iam}:role/aws-reserved/sso.amazonaws.com/eu-west-1/${sso}`];

const consoleRoles = [`${iam}:role/cordon/CordonConsoleApproveRole`];
const atConsole = (name: string) => session('CordonConsoleApproveRole', name);

describe('two signatures are of one person', () => {
  it.each([
    ['a user twice', [], user('anna'), user('anna')],
    [
      'two sessions of a role',
      [`${iam}:role/Lead`],
      session('Lead', 'anna'),
      session('Lead', 'bob'),
    ],
    [
      'two sessions of a role that is only called like one of Identity Center',
      [`${iam}:role/${sso}`],
      session(sso, 'anna'),
      session(sso, 'bob'),
    ],
    [
      'two federated sessions, because nobody knows whose they are',
      [],
      person(`arn:aws:sts::${account}:federated-user/anna`, `${account}:anna`),
      person(`arn:aws:sts::${account}:federated-user/bob`, `${account}:bob`),
    ],
    ['the root user twice', [], person(`${iam}:root`, account), person(`${iam}:root`, account)],
    [
      'a user of Identity Center in two roles',
      [...identityCenter, `${iam}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Other_1`],
      session(sso, 'anna'),
      session('AWSReservedSSO_Other_1', 'anna'),
    ],
    ['a user of the console twice', [], atConsole('anna'), atConsole('Anna')],
    [
      'a user of the console who is in Identity Center, too',
      identityCenter,
      atConsole('anna'),
      session(sso, 'anna'),
    ],
  ])('%s', (_what, approvers, one, other) => {
    expect(personId(one, { approvers, consoleRoles })).toBe(
      personId(other, { approvers, consoleRoles }),
    );
  });
});

describe('two signatures are of different persons', () => {
  it.each([
    ['two users', [], user('anna'), user('bob')],
    [
      'a user that was deleted and made again',
      [],
      user('anna'),
      { ...user('anna'), userId: 'AIDA2' },
    ],
    [
      'two users of Identity Center in one role',
      identityCenter,
      session(sso, 'anna'),
      session(sso, 'bob'),
    ],
    ['two users of the console', [], atConsole('anna'), atConsole('bob')],
    ['sessions of two roles', [], session('Lead', 'anna'), session('Deputy', 'anna')],
  ])('%s', (_what, approvers, one, other) => {
    expect(personId(one, { approvers, consoleRoles })).not.toBe(
      personId(other, { approvers, consoleRoles }),
    );
  });
});

describe('who may approve', () => {
  it.each([
    ['a named user', `${iam}:user/anna`, user('anna'), true],
    ['another user', `${iam}:user/anna`, user('bob'), false],
    [
      'a session of a named role, whatever its path',
      `${iam}:role/a/b/Lead`,
      session('Lead', 'x'),
      true,
    ],
    ['a session of a role whose name only ends so', `${iam}:role/Lead`, session('ead', 'x'), false],
    [
      'a role of another account',
      'arn:aws:iam::999999999999:role/Lead',
      session('Lead', 'x'),
      false,
    ],
    ['the root user, where it is named', `${iam}:root`, person(`${iam}:root`, account), true],
  ])('%s', (_what, principal, signer, may) => {
    expect(isApprover(signer, { approvers: [principal], consoleRoles: [] })).toBe(may);
  });

  it('is everybody who can use the key, where nobody is named', () => {
    expect(isApprover(user('anna'), { approvers: [], consoleRoles })).toBe(true);
  });
});

describe('who the console has signed in', () => {
  const named = { approvers: [], consoleRoles };

  it('is who its session is named after', () => {
    expect(personName(atConsole('anna'), named)).toBe('anna');
    expect(isApprover(atConsole('anna'), { ...named, approvers: [`${iam}:user/bob`] })).toBe(true);
  });

  it.each([
    ['no console is deployed', atConsole('anna'), []],
    ['another role of Cordon', session('CordonApproveRole', 'anna'), consoleRoles],
    [
      'a role of another account, which its owner calls as they like',
      person('arn:aws:sts::999999999999:assumed-role/CordonConsoleApproveRole/anna', 'AROA1:anna'),
      consoleRoles,
    ],
  ])('is nobody: %s', (_what, signer, roles) => {
    expect(personName(signer, { approvers: [], consoleRoles: roles })).toBeUndefined();
  });

  it('has the name that the person has in IAM', () => {
    expect(personName(atConsole('Anna'), named)).toBe(personName(user('anna'), named));
  });
});
