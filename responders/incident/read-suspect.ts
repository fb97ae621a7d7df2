import { at, listAt, textAt } from '../shared/json.ts';
import { wantedText, wantedWord } from '../shared/wanted.ts';
import { type Copy, type Suspect, sharings, suspectKinds } from './suspect.ts';

const copyFrom = (value: unknown): Copy => {
  const left = textAt(value, 'left');
  return { place: wantedText(value, 'place'), ...(left !== null && { left }) };
};

const functionFrom = (value: unknown): Suspect => {
  const region = textAt(value, 'region');
  const [added, copies] = [listAt(value, 'added').map(String), listAt(value, 'copies')];
  return {
    kind: 'function',
    functionName: wantedText(value, 'functionName'),
    ...(region !== null && { region }),
    ...roleFrom(value),
    sharing: wantedWord(value, 'sharing', sharings),
    ...(at(value, 'gone') === true && { gone: true }),
    ...(added.length > 0 && { added }),
    ...(copies.length > 0 && { copies: copies.map(copyFrom) }),
  };
};

const roleFrom = (value: unknown) => {
  const roleId = textAt(value, 'roleId');
  return { roleName: wantedText(value, 'roleName'), ...(roleId !== null && { roleId }) };
};

const userFrom = (value: unknown): Suspect => {
  const userId = textAt(value, 'userId');
  const names = { userName: wantedText(value, 'userName'), arn: wantedText(value, 'arn') };
  return { kind: 'user', ...names, ...(userId !== null && { userId }) };
};

/** A record of an older Cordon names no kind: then it is a function. */
export const suspectFrom = (value: unknown): Suspect => {
  const kind =
    at(value, 'kind') === undefined ? 'function' : wantedWord(value, 'kind', suspectKinds);
  const name = (field: string) => wantedText(value, field);
  switch (kind) {
    case 'function':
      return functionFrom(value);
    case 'session':
      return { kind, ...roleFrom(value), sessionName: name('sessionName') };
    case 'role':
      return { kind, ...roleFrom(value) };
    case 'user':
      return userFrom(value);
    case 'access-key':
      return { kind, userName: name('userName'), keyId: name('keyId') };
  }
};
