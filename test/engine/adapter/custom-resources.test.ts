import { expect, test } from 'vitest';
import { startEngine } from './engine.ts';
import { deploy, makeFunction, makeRole, outcome } from './world.ts';

// Upstream waits for an hour.
test('a stack with a custom resource whose function cannot start fails at once', async () => {
  const engine = await startEngine();
  try {
    const token = await makeFunction(
      engine,
      'custom',
      "import 'no-such-package'; export const handler = async () => 1;",
      await makeRole(engine, 'r', []),
    );

    const failed = await deploy(engine, 'custom', {
      It: { Type: 'Custom::Thing', Properties: { ServiceToken: token } },
    }).catch(String);

    expect(failed).toMatch(/ROLLBACK/);
    expect(
      await outcome(deploy(engine, 'next', { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } })),
    ).toBe('ok');
  } finally {
    await engine.stop();
  }
});
