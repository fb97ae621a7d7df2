import { expect, it } from 'vitest';
import {
  eventStreamSerdeProvider,
  resolveEventStreamSerdeConfig,
} from '../../../../infra/shared/no-event-streams.ts';

it('leaves the settings of a client as they are', () => {
  const config = { region: 'eu-central-1' };
  expect(resolveEventStreamSerdeConfig(config)).toBe(config);
});

it('refuses a call with a stream of events, and names the file that left them out', () => {
  expect(() => eventStreamSerdeProvider()).toThrow('infra/shared/no-event-streams.ts');
});
