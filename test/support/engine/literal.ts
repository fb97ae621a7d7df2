import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';

/** What CloudFormation knows of a resource that it made. */
export interface Physical {
  readonly type: string;
  readonly id: string;
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * The ARN that `Fn::GetAtt … Arn` gives; written here again, so that the engine is not the judge of
 * itself.
 */
const arnOf = ({ type, id }: Physical): string => {
  const inRegion = (service: string, name: string) =>
    `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;
  switch (type) {
    case 'AWS::DynamoDB::Table':
      return inRegion('dynamodb', `table/${id}`);
    case 'AWS::KMS::Key':
      return inRegion('kms', `key/${id}`);
    case 'AWS::Logs::LogGroup':
      return inRegion('logs', `log-group:${id}:*`);
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${id}`;
    case 'AWS::Lambda::Function':
      return inRegion('lambda', `function:${id}`);
    case 'AWS::SQS::Queue':
      return inRegion('sqs', id.split('/').at(-1) ?? '');
    // Policies name the role of the heartbeat's canary only, which has no path.
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${ACCOUNT}:role/${id}`;
    default:
      throw new Error(`no ARN is known for ${type} ${id}`);
  }
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const reference = (name: unknown, made: ReadonlyMap<string, Physical>): string => {
  const found = pseudo[String(name)] ?? made.get(String(name))?.id;
  if (found === undefined) throw new Error(`nothing is known of ${String(name)}`);
  return found;
};

const attribute = (path: unknown, made: ReadonlyMap<string, Physical>): string => {
  const [id, name] = Array.isArray(path) ? path.map(String) : [];
  const found = made.get(id ?? '');
  if (!found || name !== 'Arn') throw new Error(`nothing is known of ${JSON.stringify(path)}`);
  return arnOf(found);
};

/** A part of a template with its references filled in, as CloudFormation would. */
export const literal = (value: unknown, made: ReadonlyMap<string, Physical>): unknown => {
  if (Array.isArray(value)) return value.map((one) => literal(one, made));
  if (!isRecord(value)) return value;
  if ('Ref' in value) return reference(value.Ref, made);
  if ('Fn::GetAtt' in value) return attribute(value['Fn::GetAtt'], made);
  const join = value['Fn::Join'];
  if (Array.isArray(join)) return [literal(join[1], made)].flat().join(String(join[0]));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, literal(one, made)]));
};
