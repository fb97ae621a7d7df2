import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CordonError } from '../../operator/errors.ts';
import { output } from '../../operator/place.ts';
import { type Edge, type EdgeOptions, startEdge } from '../edge/edge.ts';
import { readRuleset } from '../edge/ruleset.ts';
import { resourcesOf } from '../edge/template.ts';
import { clientConfig } from '../engine/clients.ts';
import type { Connection } from '../engine/connect.ts';
import { localPlace } from '../place.ts';

const stack = 'CordonProtectedApp';

/** Starts the edge with the web ACL of the deployed template. */
export const startFront = async (
  connection: Connection,
  { trustForwarded = false }: Pick<EdgeOptions, 'trustForwarded'> = {},
): Promise<Edge> => {
  const place = localPlace(connection);
  const [, apiId, stage] =
    /^https:\/\/(\w+)\.[^/]+\/(\w+)/.exec(output(place, stack, 'ApiUrl')) ?? [];
  if (apiId === undefined || stage === undefined)
    throw new CordonError('the address of the API is not one of API Gateway');
  const { TemplateBody } = await new CloudFormationClient(clientConfig(connection)).send(
    new GetTemplateCommand({ StackName: stack }),
  );
  const template: unknown = JSON.parse(TemplateBody ?? '{}');
  // The web ACL refers to the distribution only: its pages may read a refusal (CORS).
  const pages = resourcesOf(template).find(({ type }) => type === 'AWS::CloudFront::Distribution');
  const deployed = pages
    ? { [`${pages.id}.DomainName`]: new URL(output(place, stack, 'Origin')).host }
    : {};
  return startEdge({
    port: connection.port + 2,
    endpoint: connection.endpoint,
    ruleset: readRuleset(template, deployed),
    apiId,
    stage,
    trustForwarded,
  });
};
