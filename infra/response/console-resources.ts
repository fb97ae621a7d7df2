import type { Stack } from 'aws-cdk-lib';
import { stateIndex } from '../../responders/incident/keys.ts';
import type { CasesToRead, EvidenceToRead } from './people-statements.ts';
import type { ResponseRecords } from './records.ts';

/** What of this stack the console reads, calls and takes. */
export interface ConsoleResources {
  readonly cases: CasesToRead;
  readonly evidence: EvidenceToRead & { readonly bucket: EvidenceToRead['both'][number] };
  readonly signingKey: { readonly keyArn: string };
  readonly custody: { readonly functionArn: string };
  /** What says whether somebody hears of the next incident. */
  readonly health: { readonly topicArn: string; readonly deadLettersArn: string };
  /** The roles that the console takes in the name of a person. */
  readonly roles: Readonly<Record<'approve' | 'release', string>>;
  /** Outputs of this stack by name, of which the functions are told. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Exports by name, so that the other stack says in its template what it relies on. */
export const exporter =
  (stack: Stack) =>
  (name: string, value: string): string =>
    stack.exportValue(value, { name: `${stack.stackName}:${name}` });

type Export = ReturnType<typeof exporter>;

/** Cases and evidence as another stack can name them. */
export const exportedRecords = (
  { cases, evidence, signingKey }: ResponseRecords,
  exported: Export,
): Pick<ConsoleResources, 'cases' | 'evidence' | 'signingKey'> => {
  const tableArn = exported('CaseTableArn', cases.table.tableArn);
  const [bucket, drillBucket] = (
    [
      ['EvidenceBucketArn', evidence.bucket],
      ['DrillEvidenceBucketArn', evidence.drillBucket],
    ] as const
  ).map(([name, of]) => {
    const bucketArn = exported(name, of.bucketArn);
    return { bucketArn, arnForObjects: (pattern: string) => `${bucketArn}/${pattern}` };
  });
  if (!bucket || !drillBucket) throw new Error('evidence has two buckets');
  return {
    cases: {
      table: { tableArn },
      resources: [tableArn, `${tableArn}/index/${stateIndex}`],
      key: { keyArn: exported('CaseKeyArn', cases.key.keyArn) },
    },
    evidence: {
      bucket,
      both: [bucket, drillBucket],
      key: { keyArn: exported('EvidenceKeyArn', evidence.key.keyArn) },
    },
    signingKey: { keyArn: exported('EvidenceSigningKeyArn', signingKey.keyArn) },
  };
};
