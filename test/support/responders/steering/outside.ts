import {
  accountId,
  aFunction,
  aRole,
  type FakeRole,
  quarantine,
  type World,
} from '../../fakes/account.ts';

/** What a deployment sets, each time. */
const templates: Readonly<Record<string, () => Parameters<typeof aFunction>[0]>> = {
  orders: () => ({
    reserved: 5,
    urls: new Map([['', 'NONE' as const]]),
    mappings: new Map([['m1', 'Enabled']]),
  }),
  neighbour: () => ({}),
};

/** Principals that nobody may contain, by the name of their function. */
export const protectedRoles: Readonly<Record<string, { name: string; path: string }>> = {
  cordon: { name: 'CordonContainRole', path: '/cordon/' },
  linked: { name: 'AWSServiceRoleForLambda', path: '/aws-service-role/lambda.amazonaws.com/' },
  pager: { name: 'pager-role', path: '/' },
};

export const neverContain = [
  { arn: `arn:aws:iam::${accountId}:role/pager-role`, because: 'it wakes people' },
];

export const startOf = ({ shared, critical }: { shared: boolean; critical: boolean }): World => {
  const tags = { 'cordon:drill': 'allowed', ...(critical && { 'cordon:tier': 'critical' }) };
  const guarded = Object.entries(protectedRoles);
  return {
    roles: new Map([
      ['orders-role', aRole()],
      ['own-role', aRole({ id: 'AROAEXAMPLEEXAMPLE02' })],
      ...guarded.map(([, { name, path }]) => [name, aRole({ path })] as const),
    ]),
    functions: new Map([
      ['orders', aFunction({ ...templates.orders?.(), tags })],
      ['neighbour', aFunction({ role: shared ? 'orders-role' : 'own-role' })],
      ...guarded.map(([key, { name }]) => [key, aFunction({ role: name })] as const),
    ]),
    users: new Map(),
  };
};

export const outsideKinds = [
  'take back',
  'redeploy',
  'tag as critical',
  'fill a slot',
  'fill all slots',
  'claim the slot',
  'untag',
  'plant a function',
  'change the trust',
  'delete',
  'make again',
  'make again with another role',
  'make the role again',
  'make the role again as it was',
] as const;
export type OutsideKind = (typeof outsideKinds)[number];

export interface Outside {
  /** The account, and what it would be if there were no Cordon. */
  readonly worlds: { readonly real: World; readonly meant: World };
  /** Whether an incident holds a target: then a release decides how it is put back. */
  readonly isHeld: (responder: string, target: string) => boolean;
  /** What CloudTrail records. */
  readonly record: (eventName: string, requestParameters: object) => void;
  readonly now: () => number;
}

const slot = (nth: number): string => `cordon-quarantined-${nth}`;
const roleName = 'orders-role';
const quarantines = [quarantine.role, quarantine.function];

/** Takes back what Cordon did, as far as it did it. */
const takeBack = ({ worlds: { real }, isHeld }: Outside): void => {
  for (const policy of quarantines) real.roles.get(roleName)?.attached.delete(policy);
  const orders = real.functions.get('orders');
  if (!orders) return;
  if (isHeld('contain.pause-function', 'orders')) orders.reserved = 50;
  if (isHeld('contain.close-function-url', 'orders')) orders.urls.set('', 'NONE');
  if (isHeld('contain.pause-event-sources', 'orders')) orders.mappings.set('m1', 'Enabled');
};

const redeploy = ({ worlds: { real } }: Outside): void => {
  for (const policy of quarantines) real.roles.get(roleName)?.attached.delete(policy);
  for (const [name, template] of Object.entries(templates)) {
    const workload = real.functions.get(name);
    if (workload) Object.assign(workload, { reserved: undefined, ...template() });
  }
};

const tag = ({ worlds, isHeld }: Outside, nths: readonly number[], value: string): void => {
  const [real, meant] = [worlds.real.roles.get(roleName), worlds.meant.roles.get(roleName)];
  // What has the name of a contained function is for Cordon to take back.
  const isOurs = isHeld('contain.quarantine-function', `${roleName}/${value}`);
  for (const nth of nths) {
    real?.tags.set(slot(nth), value);
    if (isOurs) meant?.tags.delete(slot(nth));
    else meant?.tags.set(slot(nth), value);
  }
};

const plant = ({ worlds, record, now }: Outside, name: string, role: string): void => {
  if (worlds.real.functions.has(name)) return;
  const changed = new Date(now()).toISOString();
  for (const { functions } of Object.values(worlds))
    functions.set(name, aFunction({ ...templates[name]?.(), role, changed }));
  record('CreateFunction20150331', {
    functionName: name,
    role: `arn:aws:iam::${accountId}:role/${role}`,
  });
};

/** The id of another role of the same name. */
const nextId = ({ id }: FakeRole): string => `AROAEXAMPLEEXAMPLE${Number(id.slice(-2)) + 10}`;

/** Deletes the role and makes another one under its name. */
const remake = ({ worlds }: Outside, make: (old: FakeRole) => FakeRole): void => {
  for (const { roles } of Object.values(worlds)) {
    const old = roles.get(roleName);
    if (old) roles.set(roleName, make(old));
  }
};

const anybody = JSON.stringify({
  Statement: [
    { Principal: { Service: 'lambda.amazonaws.com' } },
    { Principal: { AWS: `arn:aws:iam::${accountId}:root` } },
  ],
});

/** What others do to the account: the intruder, and people who deploy. */
export const change = (kind: OutsideKind, outside: Outside): void => {
  const { worlds, record } = outside;
  const both = Object.values(worlds);
  const acts: Readonly<Record<OutsideKind, () => void>> = {
    'take back': () => takeBack(outside),
    redeploy: () => redeploy(outside),
    'tag as critical': () => {
      for (const { functions } of both) {
        const orders = functions.get('orders');
        if (orders) orders.tags['cordon:tier'] = 'critical';
      }
      record('TagResource20170331v2', { tags: { 'cordon:tier': 'critical' } });
    },
    'fill a slot': () => tag(outside, [2], 'x'),
    'fill all slots': () => tag(outside, [1, 2, 3], 'x'),
    'claim the slot': () => tag(outside, [1], 'orders'),
    untag: () => {
      for (const { roles } of both)
        for (const nth of [1, 2, 3]) roles.get(roleName)?.tags.delete(slot(nth));
    },
    'plant a function': () => plant(outside, 'planted', roleName),
    'change the trust': () => {
      for (const { roles } of both) Object.assign(roles.get(roleName) ?? {}, { trust: anybody });
      record('UpdateAssumeRolePolicy', { roleName });
    },
    delete: () => {
      for (const { functions } of both) functions.delete('orders');
    },
    'make again': () => plant(outside, 'orders', roleName),
    'make again with another role': () => plant(outside, 'orders', 'own-role'),
    'make the role again': () => remake(outside, (old) => aRole({ id: nextId(old) })),
    // With the policies and tags that deny it, so that it looks contained.
    'make the role again as it was': () => remake(outside, (old) => ({ ...old, id: nextId(old) })),
  };
  acts[kind]();
};
