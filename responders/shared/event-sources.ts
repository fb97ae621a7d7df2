import {
  type EventSourceMappingConfiguration,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import type { FunctionCall } from './function-place.ts';

/** Whether a mapping calls this function, or one of its versions or aliases. */
export const feeds =
  (functionName: string) =>
  ({ FunctionArn = '' }: Pick<EventSourceMappingConfiguration, 'FunctionArn'>): boolean =>
    FunctionArn.split(':')[6] === functionName;

/**
 * The event source mappings of a function. A list for its bare name can leave out those of its
 * aliases, so all of the region are listed beside it; only the former fails for a function that
 * does not exist.
 */
export const mappingsOf = async ({
  lambda,
  FunctionName,
}: FunctionCall): Promise<readonly EventSourceMappingConfiguration[]> => {
  const listed = async (filter: { FunctionName?: string }) => {
    const pages = paginateListEventSourceMappings({ client: lambda }, filter);
    return (await Array.fromAsync(pages)).flatMap((page) => page.EventSourceMappings ?? []);
  };
  const [named, everywhere] = await Promise.all([listed({ FunctionName }), listed({})]);
  const mappings = [...named, ...everywhere.filter(feeds(FunctionName))];
  return [...new Map(mappings.map((mapping) => [mapping.UUID, mapping])).values()];
};
