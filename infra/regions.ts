import { OptionError, text } from './options.ts';

export const regionName = text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region name');

/** The commercial regions that are on by default. */
export const defaultRegions = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1', 'eu-north-1'],
  ...['ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

interface RegionOptions {
  readonly regions: readonly string[];
  readonly furtherRegions: readonly string[];
}

const at = (index: number): string => `cordon.furtherRegions[${index}]`;

/** The timeline searches `regions`: of an incident elsewhere it would say nothing. */
export const checkFurtherRegions = ({ regions, furtherRegions }: RegionOptions): void => {
  for (const [index, region] of furtherRegions.entries()) {
    if (!regions.includes(region)) throw new OptionError(at(index), 'one of regions', region);
    if (furtherRegions.indexOf(region) !== index)
      throw new OptionError(at(index), 'each region once', region);
  }
};

/** The further regions, each with the region to which it forwards: that of the deployment. */
export const forwardingRegions = (
  { furtherRegions }: Pick<RegionOptions, 'furtherRegions'>,
  home: string | undefined,
): readonly { readonly region: string; readonly home: string }[] =>
  furtherRegions.map((region, index) => {
    if (home === undefined)
      throw new OptionError('AWS_REGION', 'the region of the deployment', home);
    if (region === home)
      throw new OptionError(at(index), 'a region besides that of the deployment', region);
    return { region, home };
  });
