import { ListInstanceProfilesForRoleCommand } from '@aws-sdk/client-iam';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Collector } from '../collector.ts';
import { allPages, answer } from './parts/answer.ts';
import { noFunction } from './parts/suspect.ts';

export const roleUsers: Collector = {
  id: 'collect.role-users',
  title: 'Who else uses the role: functions of its region, and instance profiles',
  when: 'at once',
  about: ['function'],
  calls: [
    { on: 'lambda:*', may: ['ListFunctions'] },
    { on: 'iam:role/*', may: ['ListInstanceProfilesForRole'] },
  ],
  async *collect({ head: { suspect } }, { lambda, iam, signal, region }) {
    if (suspect?.kind !== 'function') return yield noFunction;
    const { roleName: RoleName } = suspect;
    const abort = { abortSignal: signal };
    yield await answer({
      path: 'role/functions.json',
      call: 'lambda:ListFunctions',
      request: { withRole: RoleName },
      ask: () =>
        allPages(
          (Marker) => lambda.send(new ListFunctionsCommand({ Marker }), abort),
          // Other functions' environments are none of this incident's business.
          ({ Functions }) =>
            Functions?.filter(({ Role = '' }) => Role.endsWith(`/${RoleName}`)).map(
              ({ Environment: _environment, ...rest }) => rest,
            ),
          ({ NextMarker }) => NextMarker,
        ),
    });
    yield await answer({
      path: 'role/instance-profiles.json',
      call: 'iam:ListInstanceProfilesForRole',
      request: { RoleName },
      ask: () =>
        allPages(
          (Marker) => iam.send(new ListInstanceProfilesForRoleCommand({ RoleName, Marker }), abort),
          ({ InstanceProfiles }) => InstanceProfiles,
          ({ Marker }) => Marker,
        ),
    });
    yield {
      what: 'functions with this role in other regions',
      why: `only ${region} is searched`,
      always: true,
    };
  },
};
