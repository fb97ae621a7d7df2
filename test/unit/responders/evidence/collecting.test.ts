import { globSync } from 'node:fs';
import { AccessDeniedException } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetFunctionCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  ListAliasesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collectAll, entered } from '../../../../responders/evidence/collecting.ts';
import type { Collector } from '../../../../responders/evidence/collector.ts';
import { collectors } from '../../../../responders/evidence/collectors.ts';
import { aCase, bodyOf } from '../../../support/fakes/sources.ts';
import {
  code,
  folder,
  hashOf,
  limits,
  named,
  other,
  pathsOf,
  setting,
} from '../../../support/responders/evidence/setting.ts';

describe('what changes between finding and collection is a gap with a reason', () => {
  it('nothing: the code is stored with the hash that AWS keeps, listed, and there is no gap', async () => {
    const { deps, bucket } = setting();
    const { entries, gaps } = await collectAll(aCase(), named('collect.function-code'), deps);

    expect(pathsOf(bucket)).toEqual(['function/code.zip', 'function/code-listing.json']);
    expect(entries[0]).toMatchObject({
      sha256: Buffer.from(hashOf(code), 'base64').toString('hex'),
      taken: 'after containment',
      bytes: code.length,
    });
    expect(gaps).toEqual([]);
  });

  it('code that was changed: what really came is stored, and the difference is told', async () => {
    const { deps, bucket } = setting({ follow: async () => bodyOf(other) });
    const { entries, gaps } = await collectAll(aCase(), named('collect.function-code'), deps);

    expect(bucket.objects.get(`${folder}function/code.zip`)?.body.equals(other)).toBe(true);
    expect(entries[0]?.sha256).toBe(Buffer.from(hashOf(other), 'base64').toString('hex'));
    expect(gaps).toMatchObject([
      {
        kind: 'differs',
        what: 'function/code.zip',
        why: expect.stringMatching(/not what AWS described/),
      },
    ]);
  });

  it('code that was replaced after containment: what is there is stored, and that it is other code is told', async () => {
    const collected = async (code: string) => {
      const { deps, bucket } = setting();
      const { gaps } = await collectAll(aCase({ code }), named('collect.function-code'), deps);
      expect(pathsOf(bucket)).toContain('function/code.zip');
      return gaps;
    };

    expect(await collected(hashOf(code))).toEqual([]);
    expect(await collected(hashOf(other))).toEqual([
      {
        collector: 'collect.function-code',
        kind: 'differs',
        what: 'code of $LATEST',
        why: expect.stringContaining(
          `its CodeSha256 was ${hashOf(other)} and is ${hashOf(code)} now`,
        ),
      },
    ]);
  });

  it('a link that has expired is asked for again', async () => {
    let asked = 0;
    const follow = async () => {
      asked += 1;
      if (asked < 3) throw new Error('the link to the code answered 403');
      return bodyOf(code);
    };
    const { deps, bucket } = setting({ follow });
    const { gaps } = await collectAll(aCase(), named('collect.function-code'), deps);

    expect([asked, gaps]).toEqual([3, []]);
    expect(pathsOf(bucket)).toContain('function/code.zip');
  });

  it('a link that breaks in the middle is asked for again', async () => {
    let asked = 0;
    const follow = async () => {
      asked += 1;
      return asked === 1 ? { ...bodyOf(code.subarray(0, 20)), bytes: code.length } : bodyOf(code);
    };
    const { gaps } = await collectAll(
      aCase(),
      named('collect.function-code'),
      setting({ follow }).deps,
    );

    expect([asked, gaps]).toEqual([2, []]);
  });

  it('a function that was deleted', async () => {
    const { deps, account } = setting();
    const gone = new ResourceNotFoundException({
      message: 'Function not found: orders',
      $metadata: {},
    });
    account.lambda.on(GetFunctionCommand).rejects(gone);
    account.lambda.on(ListAliasesCommand).rejects(gone);
    const { gaps } = await collectAll(
      aCase(),
      named('collect.function-code', 'collect.function-configuration'),
      deps,
    );

    expect(gaps).toContainEqual(
      expect.objectContaining({
        what: 'code of $LATEST',
        why: expect.stringMatching(/Function not found/),
      }),
    );
    expect(gaps).toContainEqual(
      expect.objectContaining({
        what: 'configuration of $LATEST',
        why: expect.stringMatching(/not exist any more/),
      }),
    );
    expect(gaps.filter(({ what }) => what === 'versions behind aliases')).toHaveLength(1);
  });

  it('a role that was deleted', async () => {
    const { gaps } = await collectAll(
      aCase({
        suspect: { kind: 'function', functionName: 'orders', roleName: 'gone', sharing: 'sole' },
      }),
      named('collect.role'),
      setting().deps,
    );

    expect(gaps).toContainEqual(
      expect.objectContaining({
        what: 'the role gone',
        why: expect.stringMatching(/^it does not exist any more/),
      }),
    );
  });

  it('an index that takes no line is a gap, and no reason to collect nothing', async () => {
    const { deps, bucket } = setting({
      fail: (key) => (key.includes('/index/') ? 'SlowDown' : undefined),
    });

    expect(await entered(deps.to, aCase().head)).toEqual([
      { what: 'the line of this incident in the index', why: expect.stringContaining('SlowDown') },
    ]);
    expect(bucket.objects.size).toBe(0);
  });

  it('a layer of another account that may not be read', async () => {
    const { deps, account } = setting();
    const arn = 'arn:aws:lambda:eu-west-1:999988887777:layer:theirs:3';
    account.lambda.on(GetFunctionCommand).resolves({ Configuration: { Layers: [{ Arn: arn }] } });
    account.lambda
      .on(GetLayerVersionCommand)
      .rejects(new AccessDeniedException({ message: 'not yours', $metadata: {} }));
    const { gaps } = await collectAll(aCase(), named('collect.layers'), deps);

    expect(gaps).toEqual([
      {
        collector: 'collect.layers',
        what: `layer ${arn}`,
        why: 'AccessDeniedException: not yours',
      },
    ]);
  });

  it('a layer that may be read is stored with its content and policy', async () => {
    const { deps, account, bucket } = setting();
    account.lambda.on(GetFunctionCommand).resolves({
      Configuration: {
        Layers: [{ Arn: 'arn:aws:lambda:eu-west-1:999988887777:layer:theirs:3' }],
      },
    });
    account.lambda.on(GetLayerVersionCommand).resolves({
      $metadata: {},
      Content: { Location: 'https://example.org/layer', CodeSha256: hashOf(code) },
    });
    account.lambda.on(GetLayerVersionPolicyCommand).resolves({ Policy: '{}' });
    const { gaps } = await collectAll(aCase(), named('collect.layers'), deps);

    expect(gaps).toEqual([]);
    expect(pathsOf(bucket)).toEqual([
      'layers/1/description.json',
      'layers/1/policy.json',
      'layers/1/content.zip',
      'layers/1/content-listing.json',
    ]);
    expect(
      JSON.stringify([...bucket.objects.values()].map(({ body }) => body.toString())),
    ).not.toContain('https://');
  });

  it('variables that could not be decrypted', async () => {
    const { deps, account } = setting();
    const Environment = {
      Error: { ErrorCode: 'KMSAccessDeniedException', Message: 'the key says no' },
    };
    account.lambda
      .on(GetFunctionCommand)
      .resolves({ Configuration: { FunctionName: 'orders', Environment } });
    const { gaps } = await collectAll(aCase(), named('collect.function-configuration'), deps);

    expect(gaps).toMatchObject([
      {
        what: 'environment variables of $LATEST',
        why: 'KMSAccessDeniedException: the key says no',
      },
    ]);
  });

  it('a bucket that is throttled or denies the key: what could not be stored is named, the rest is there', async () => {
    const { deps, bucket } = setting({
      fail: (key) => (key.endsWith('code.zip') ? 'SlowDown' : undefined),
    });
    const { gaps } = await collectAll(
      aCase(),
      named('collect.finding', 'collect.function-code'),
      deps,
    );

    expect(pathsOf(bucket)).toEqual(['findings/1.json']);
    expect(gaps[0]).toMatchObject({
      what: 'function/code.zip',
      why: expect.stringMatching(/could not be stored: SlowDown/),
    });
  });

  it('no link and no secret is in what is handed on', async () => {
    const { deps, account } = setting({
      follow: () => Promise.reject(new Error('https://example.org/?X-Amz-Signature=abc failed')),
    });
    account.lambda.on(GetFunctionCommand).callsFake(() => ({
      $metadata: {},
      Configuration: { CodeSha256: hashOf(code), Environment: { Variables: { TOKEN: 'hunter2' } } },
      Code: { Location: 'https://example.org/?X-Amz-Signature=abc' },
    }));
    const result = await collectAll(aCase(), collectors, deps);

    expect(JSON.stringify(result)).not.toMatch(/hunter2|X-Amz|https:/);
  });
});

describe('time', () => {
  afterEach(() => void vi.useRealTimers());

  const hanging = (list: readonly Collector[]): Collector[] =>
    list.map((collector) => ({
      ...collector,
      async *collect() {
        await new Promise(() => undefined);
        yield { what: 'never', why: 'never' };
      },
    }));

  it('every collector hangs: each becomes a gap, and all end when they must', async () => {
    const { deps } = setting();
    const { entries, gaps } = await collectAll(aCase(), hanging(collectors), {
      ...deps,
      limits: { perCollectorMs: 200, allMs: 500, atOnce: 6 },
    });

    expect(entries).toEqual([]);
    expect(gaps.map(({ what }) => what)).toEqual(collectors.map(({ title }) => title));
    for (const { why } of gaps) expect(why).toMatch(/no answer within \d+ ms|no time was left/);
  });

  it('one that hangs keeps what it stored before, and holds nobody up', async () => {
    const halfway: Collector = {
      id: 'collect.halfway',
      title: 'Halfway',
      when: 'at once',
      about: 'incident',
      calls: [],
      async *collect() {
        yield { path: 'halfway/1.txt', body: 'kept', type: 'text/plain', source: 'test:Call' };
        await new Promise(() => undefined);
      },
    };
    const { deps, bucket } = setting();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const collecting = collectAll(aCase(), [halfway, ...named('collect.finding')], {
      ...deps,
      limits: { ...limits, perCollectorMs: 1_000 },
    });
    // The other one has ended when only the time of this one still runs, however slow the machine
    // is.
    while (bucket.objects.size < 2 || vi.getTimerCount() > 1)
      await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(1_000);
    const { entries, gaps } = await collecting;

    expect(entries.map(({ key }) => key.slice(folder.length))).toEqual([
      'halfway/1.txt',
      'findings/1.json',
    ]);
    expect(gaps).toMatchObject([
      {
        kind: 'incomplete',
        collector: 'collect.halfway',
        why: 'DeadlineError: no answer within 1000 ms',
      },
    ]);
    expect(bucket.objects.size).toBe(2);
  });

  it('what comes after the end is not stored: the folder may be sealed by then', async () => {
    const answer = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const late: Collector = {
      id: 'collect.late',
      title: 'Late',
      when: 'at once',
      about: 'incident',
      calls: [],
      async *collect() {
        try {
          await answer.promise;
          yield { path: 'late.txt', body: 'too late', type: 'text/plain', source: 'test:Call' };
        } finally {
          ended.resolve();
        }
      },
    };
    const { deps, bucket } = setting();
    await collectAll(aCase(), [late], { ...deps, limits: { ...limits, perCollectorMs: 50 } });
    answer.resolve();
    await ended.promise;

    expect(bucket.objects.size).toBe(0);
  });
});

it('what is stored under legal hold says so', async () => {
  const { deps, bucket } = setting();
  await collectAll(aCase(), named('collect.finding'), {
    ...deps,
    to: { ...bucket.to, legalHold: true },
  });

  expect(bucket.puts).toEqual([{ key: `${folder}findings/1.json`, legalHold: 'ON' }]);
});

it('every file of collect/ is a collector in the list, under its own name', () => {
  const files = globSync('responders/evidence/sources/*.ts').map((file) =>
    file.replace(/.*\/(.*)\.ts$/, 'collect.$1'),
  );

  expect(collectors.map(({ id }) => id).sort()).toEqual(files.sort());
});
