// Differences in what a call may do on the machine of the person who runs the engine.
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../../../local/engine/clients.ts';
import { eventually, makeFunction, makeRole } from '../world.ts';
import { makeApi } from './clients.ts';
import type { Difference, ObservedEngine } from './difference.ts';

const name = 'machine';

/** A table over an object whose name ends with the path of a file. */
const makeTable = async (engine: ObservedEngine, path: string): Promise<void> => {
  const s3 = new S3Client(clientConfig(engine));
  const glue = new GlueClient(clientConfig(engine));
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await s3.send(new PutObjectCommand({ Bucket: name, Key: `table/${path}`, Body: 'a' }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
  const StorageDescriptor = {
    Location: `s3://${name}/table/`,
    Columns: [{ Name: 'a', Type: 'string' }],
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  };
  const TableInput = { Name: name, StorageDescriptor };
  await glue.send(new CreateTableCommand({ DatabaseName: name, TableInput }));
};

const queryFiles: Difference = {
  correction: 'query_files',
  still: 'reads and writes files of the machine for a query',
  observe: async (engine) => {
    const [copied, written] = [join(engine.runDir, 'copied'), join(engine.runDir, 'written')];
    await makeTable(engine, copied);
    const athena = new AthenaClient(clientConfig(engine));
    const ResultConfiguration = { OutputLocation: `s3://${name}/results/` };
    await athena.send(
      new CreateWorkGroupCommand({ Name: name, Configuration: { ResultConfiguration } }),
    );
    const state = async (QueryString: string): Promise<string> => {
      const { QueryExecutionId } = await athena.send(
        new StartQueryExecutionCommand({ QueryString, WorkGroup: name, ResultConfiguration }),
      );
      return eventually(
        async () => {
          const ask = new GetQueryExecutionCommand({ QueryExecutionId });
          return (await athena.send(ask)).QueryExecution?.Status?.State ?? '';
        },
        (reached) => !['QUEUED', 'RUNNING'].includes(reached),
      );
    };
    const read = await state(`SELECT content FROM read_text('${engine.runDir}/root-key.json')`);
    await state(`SELECT * FROM ${name}.${name}`);
    await state(`COPY (SELECT 1) TO '${written}'`);
    const left = { read, copied: existsSync(copied), written: existsSync(written) };
    for (const path of [copied, written]) rmSync(path, { force: true });
    return left;
  },
  stock: { read: 'SUCCEEDED', copied: true, written: true },
  aws: { read: 'FAILED', copied: false, written: false },
};

const noContainers: Difference = {
  correction: 'no_containers',
  still: 'asks Docker to run the function of an image',
  observe: async (engine) => {
    let asked = 0;
    const daemon = createServer((_request, response) => {
      asked += 1;
      response.writeHead(500).end('{"message": "no"}');
    });
    await new Promise<void>((resolve) =>
      daemon.listen(join(engine.runDir, 'docker.sock'), resolve),
    );
    try {
      const lambda = new LambdaClient(engine.client());
      const FunctionName = 'of-an-image';
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          PackageType: 'Image',
          Code: { ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/image:latest' },
          Role: await makeRole(engine, FunctionName, []),
        }),
      );
      const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName }));
      return { isAsked: asked > 0, FunctionError };
    } finally {
      daemon.close();
      daemon.closeAllConnections();
    }
  },
  stock: { isAsked: true, FunctionError: 'Unhandled' },
  aws: { isAsked: false, FunctionError: 'Unhandled' },
};

const outgoingCalls: Difference = {
  correction: 'outgoing_calls',
  still: 'calls another program of the machine for a function and for an API',
  observe: async (engine) => {
    const asked: string[] = [];
    const other = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.end('"of the other program"');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    try {
      const lambda = new LambdaClient(engine.client());
      const FunctionName = 'proxied';
      const code = 'export const handler = async () => 1;';
      await makeFunction(engine, FunctionName, code, await makeRole(engine, FunctionName, []));
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Environment: { Variables: { MINISTACK_LAMBDA_PROXY_URL: `${url}/function` } },
        }),
      );
      await lambda.send(new InvokeCommand({ FunctionName }));
      const post = await makeApi(engine, FunctionName, {
        Integration: { Type: 'HTTP_PROXY', IntegrationHttpMethod: 'POST', Uri: `${url}/api` },
      });
      const { status } = await post('{}');
      return { asked: asked.sort(), status };
    } finally {
      other.close();
      other.closeAllConnections();
    }
  },
  stock: { asked: ['/api', '/function'], status: 200 },
  aws: { asked: [], status: 500 },
};

export const machine: readonly Difference[] = [queryFiles, noContainers, outgoingCalls];
