/**
 * Stands in for endpoint discovery in everything that runs as a Lambda. The client of DynamoDB
 * brings it along; it is off unless asked for, and its cache would make the function that contains
 * 8 kB bigger.
 */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;

const notSet = () => undefined;

/** Where the client would look whether to discover endpoints. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: notSet,
  configFileSelector: notSet,
  default: undefined,
};
