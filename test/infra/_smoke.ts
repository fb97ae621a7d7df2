import {
  DescribeEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { GetFunctionConcurrencyCommand, GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { bringUp } from '../../game-day/engine/bring-up.ts';

const { engine, connection } = await bringUp({ root: '/work/main', port: 4950, env: process.env, say: (l) => console.log(l) });
try {
  const base = { endpoint: engine.endpoint, region: 'us-east-1' };
  const root = { ...base, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const o = connection.outputs['CordonResponse']!,
    d = connection.outputs['CordonDrillTarget']!;
  const { Credentials: c } = await new STSClient(root).send(new AssumeRoleCommand({ RoleArn: o.DrillRoleArn, RoleSessionName: 'x' }));
  const drill = {
    ...base,
    credentials: { accessKeyId: c!.AccessKeyId!, secretAccessKey: c!.SecretAccessKey!, sessionToken: c!.SessionToken! },
  };
  const lam = new LambdaClient(drill);
  for (const f of [d.SoloFunctionName, d.CulpritFunctionName])
    for (const a of ['work', 'leak']) {
      const r = await lam.send(new InvokeCommand({ FunctionName: f!, Payload: JSON.stringify({ action: a }) })).catch((e) => e);
      console.log(f, a, r.FunctionError, r.Payload ? Buffer.from(r.Payload).toString().slice(0, 300) : r.message);
    }
  console.log(
    'drill role invoking contain:',
    await lam.send(new InvokeCommand({ FunctionName: 'ContainmentLambda', Payload: '{}' })).then(
      () => 'ALLOWED',
      (e) => e.name,
    ),
  );
  console.log(JSON.stringify((await new EventBridgeClient(root).send(new DescribeEventBusCommand({ Name: 'cordon-drills' }))).Policy));
  const ev = {
    EventBusName: o.DrillBusName!,
    Source: 'cordon.drill',
    DetailType: 'GuardDuty Finding',
    Detail: JSON.stringify({ id: 'x', title: 'a "quote" } <b>' }),
  };
  console.log('put', JSON.stringify(await new EventBridgeClient(drill).send(new PutEventsCommand({ Entries: [ev] }))));
  const { Credentials: rc } = await new STSClient(root).send(new AssumeRoleCommand({ RoleArn: o.ReaderRoleArn, RoleSessionName: 'x' }));
  const reader = {
    ...base,
    credentials: { accessKeyId: rc!.AccessKeyId!, secretAccessKey: rc!.SecretAccessKey!, sessionToken: rc!.SessionToken! },
  };
  console.log(
    'put by reader',
    await new EventBridgeClient(reader).send(new PutEventsCommand({ Entries: [ev] })).then(
      (r) => JSON.stringify(r),
      (e) => e.message,
    ),
  );
  await new Promise((r) => setTimeout(r, 4000));
  const sfn = new SFNClient(root);
  for (const e of (await sfn.send(new ListExecutionsCommand({ stateMachineArn: o.IncidentMachineArn! }))).executions!) {
    const x = await sfn.send(new DescribeExecutionCommand({ executionArn: e.executionArn! }));
    console.log(x.status, x.input, x.error, x.cause);
    const h = await sfn.send(new GetExecutionHistoryCommand({ executionArn: e.executionArn!, maxResults: 100 }));
    for (const ev of h.events!)
      console.log(
        ev.type,
        ev.stateEnteredEventDetails?.name ?? '',
        JSON.stringify(ev.taskFailedEventDetails ?? ev.executionFailedEventDetails ?? '').slice(0, 400),
      );
  }
} finally {
  await engine.stop();
}
