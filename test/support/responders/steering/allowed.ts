import type { FunctionSuspect } from '../../../../responders/incident/suspect.ts';
import { quarantine, type World } from '../../fakes/account.ts';

/** Whether the role denies the session of a function, as the two policies of the stack say. */
const isSessionDenied = ({ roles }: World, roleName: string, functionName: string): boolean => {
  const role = roles.get(roleName);
  if (!role) return true;
  const slots = [...role.tags].filter(([key]) => /^cordon-quarantined-[123]$/.test(key));
  return (
    role.attached.has(quarantine.role) ||
    (role.attached.has(quarantine.function) && slots.some(([, value]) => value === functionName))
  );
};

const waysIn = ({ functions }: World, name: string): string[] => {
  const workload = functions.get(name);
  if (!workload) return [];
  return [
    ...(workload.reserved === 0 ? [] : [`${name} can start`]),
    ...([...workload.urls.values()].includes('NONE') ? [`the URL of ${name} is open`] : []),
    ...([...workload.mappings.values()].includes('Enabled') ? [`a source feeds ${name}`] : []),
  ];
};

/**
 * What a suspect can still do, by the meaning of what is attached, tagged and set; whatever Cordon
 * says of it.
 */
export const stillAllowed = (
  world: World,
  { functionName, roleName, gone, added = [] }: FunctionSuspect,
): string[] => {
  const names = [functionName, ...added];
  return [
    ...names
      .filter((name) => !isSessionDenied(world, roleName, name))
      .map((name) => `${roleName}/${name} may call AWS`),
    ...names
      .filter((name) => !gone || name !== functionName)
      .flatMap((name) => waysIn(world, name)),
  ];
};

/** Every change of Cordon that the account shows. */
export const containmentIn = ({ roles, functions }: World): Set<string> =>
  new Set([
    ...[...roles].flatMap(([name, { attached, tags }]) => [
      ...[quarantine.role, quarantine.function]
        .filter((policy) => attached.has(policy))
        .map((policy) => `${name} has ${policy}`),
      ...[...tags]
        .filter(([key]) => key.startsWith('cordon-quarantined-'))
        .map(([, value]) => `${name} denies ${value}`),
    ]),
    ...[...functions].flatMap(([name, { reserved, urls, mappings }]) => [
      ...(reserved === 0 ? [`${name} is paused`] : []),
      ...[...urls].filter(([, auth]) => auth !== 'NONE').map(([url]) => `${name}${url} is closed`),
      ...[...mappings].filter(([, is]) => is !== 'Enabled').map(([id]) => `${id} is paused`),
    ]),
  ]);
