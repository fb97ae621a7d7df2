import { isIP } from 'node:net';
import type { AttackerAddress, NamedAttacker } from '../shared/attacker.ts';
import { at, listAt, numberAt, textAt } from '../shared/json.ts';
import { isName } from '../shared/names.ts';

const action = 'detail.service.action';

const short = (text: string | null, limit: number): string | undefined => {
  const trimmed = (text ?? '').trim();
  return trimmed === '' ? undefined : trimmed.slice(0, limit);
};

const addressOf = (ip: unknown, side: AttackerAddress['side']): AttackerAddress[] => {
  const address = textAt(ip, 'ipAddressV4') ?? textAt(ip, 'ipAddressV6') ?? '';
  if (isIP(address) === 0) return [];
  const country = short(textAt(ip, 'country.countryName'), 60);
  const organisation = short(
    textAt(ip, 'organization.org') ?? textAt(ip, 'organization.asnOrg'),
    100,
  );
  return [{ address, ...(country && { country }), ...(organisation && { organisation }), side }];
};

/** Kinds of calls: the address is the caller's. */
const callKinds = ['awsApiCallAction', 'kubernetesApiCallAction', 'rdsLoginAttemptAction'];

const addressesOf = (event: unknown): readonly AttackerAddress[] => {
  const connection = `${action}.networkConnectionAction`;
  const side =
    textAt(event, `${connection}.connectionDirection`) === 'INBOUND' ? 'caller' : 'contacted';
  const domain = short(textAt(event, `${action}.dnsRequestAction.domain`), 253);
  return [
    ...callKinds.flatMap((kind) =>
      addressOf(at(event, `${action}.${kind}.remoteIpDetails`), 'caller'),
    ),
    ...addressOf(at(event, `${connection}.remoteIpDetails`), side),
    ...listAt(event, `${action}.portProbeAction.portProbeDetails`).flatMap((probe) =>
      addressOf(at(probe, 'remoteIpDetails'), 'caller'),
    ),
    ...(domain ? [{ address: domain, side: 'contacted' as const }] : []),
  ];
};

type NamedPrincipal = Pick<NamedAttacker, 'user' | 'role' | 'session' | 'function' | 'keyEnd'>;

/** Names of people and roles keep to IAM's letters; anything else is not shown as a name. */
const principalOf = (event: unknown): NamedPrincipal => {
  const details = 'detail.resource.accessKeyDetails';
  const text = (field: string): string => textAt(event, `${details}.${field}`) ?? '';
  const name = isName('role', text('userName')) ? text('userName') : undefined;
  const [, session = ''] = /^AROA[A-Z0-9]+:(.{1,64})$/.exec(text('principalId')) ?? [];
  const [, keyEnd] = /^A[KS]IA[A-Z0-9]*([A-Z0-9]{4})$/.exec(text('accessKeyId')) ?? [];
  const functionName = textAt(event, 'detail.resource.lambdaDetails.functionName') ?? '';
  const isRole = ['AssumedRole', 'Role'].includes(text('userType'));
  return {
    ...(name && text('userType') === 'IAMUser' && { user: name }),
    ...(name && isRole && { role: name }),
    ...(isName('role', session) && { session }),
    ...(isName('function', functionName) && { function: functionName }),
    ...(keyEnd && { keyEnd }),
  };
};

const calledOf = (event: unknown): Pick<NamedAttacker, 'action' | 'userAgents'> => {
  const call = `${action}.awsApiCallAction`;
  const api = short(textAt(event, `${call}.api`), 80);
  const service = textAt(event, `${call}.serviceName`)?.replace(/\.amazonaws\.com$/, '');
  const userAgent = short(textAt(event, `${call}.userAgent`), 200);
  return {
    ...(api && { action: service ? `${service.slice(0, 40)}:${api}` : api }),
    userAgents: userAgent ? [userAgent] : [],
  };
};

/**
 * Who acted, as far as the event says so. It never throws: of an event that cannot be read as a
 * finding, it reads what is there.
 */
export const attackerIn = (event: unknown): NamedAttacker => {
  const seen = numberAt(event, 'detail.service.count');
  return {
    ...principalOf(event),
    addresses: addressesOf(event),
    ...calledOf(event),
    ...(seen !== null && Number.isInteger(seen) && seen > 0 && { seen }),
  };
};
