import { sequence } from './patterns.ts';

/** The names that AWS accepts. No other text is put into an AWS call. */
const patterns = {
  function: /^[A-Za-z0-9_-]{1,64}$/,
  role: /^[\w+=,.@-]{1,64}$/,
  account: /^\d{12}$/,
  partition: /^aws(-[a-z]+)*$/,
  region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  findingId: /^[A-Za-z0-9_-]{1,64}$/,
  detectorId: /^[A-Za-z0-9]{1,64}$/,
} as const;

export type NameKind = keyof typeof patterns;

export const isName = (kind: NameKind, value: string): boolean => patterns[kind].test(value);

const functionArn = new RegExp(
  sequence([
    /^arn:(aws[a-z-]*):lambda:([a-z0-9-]+):(\d{12})/,
    /:function:([A-Za-z0-9_-]{1,64})(?::[A-Za-z0-9_$-]+)?$/,
  ]),
);

export interface FunctionArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** `undefined` unless it is the ARN of a Lambda function, with or without version. */
export const parseFunctionArn = (arn: string): FunctionArn | undefined => {
  const [, partition = '', region = '', account = '', name = ''] = functionArn.exec(arn) ?? [];
  return name ? { partition, region, account, name } : undefined;
};

export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  /** `/` or `/team/app/`. */
  readonly path: string;
  readonly name: string;
}

/** `undefined` unless it is the ARN of an IAM role. */
export const parseRoleArn = (arn: string): RoleArn | undefined => {
  const [, partition = '', account = '', path = '', name = ''] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role(\/(?:[\x21-\x2e\x30-\x7e]+\/)*)([\w+=,.@-]{1,64})$/.exec(
      arn,
    ) ?? [];
  return name ? { partition, account, path, name } : undefined;
};

const principalArns = [
  /^arn:[\w-]+:sts::\d{12}:assumed-role\/[^/]+\/[^/]+$/,
  /^arn:[\w-]+:iam::\d{12}:user\/\S+$/,
];

/** Whether it names a session of a role, or a user: the principals that a person can contain. */
export const isPrincipalArn = (text: string): boolean =>
  principalArns.some((form) => form.test(text));
