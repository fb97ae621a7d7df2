import { describe, expect, it } from 'vitest';
import { functions } from '../../../../responders/functions.ts';
import { response, stacks, target } from '../../../support/infra/shared.ts';
import {
  at,
  lines,
  listAt,
  ofType,
  one,
  responseWith,
} from '../../../support/infra/synthesised.ts';

const buckets = [...ofType(response, 'AWS::S3::Bucket'), ...ofType(target, 'AWS::S3::Bucket')];
const allOf = [...response, ...target];

describe.each(buckets.map((bucket) => [bucket.id, bucket] as const))(
  'bucket %s',
  (id, { properties }) => {
    const policy = one(allOf, 'AWS::S3::BucketPolicy', new RegExp(`^${id.slice(0, -8)}Policy`));

    it('is closed to the public, to other owners and to plain HTTP', () => {
      expect(at(properties, 'PublicAccessBlockConfiguration')).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(at(properties, 'OwnershipControls', 'Rules')).toEqual([
        { ObjectOwnership: 'BucketOwnerEnforced' },
      ]);
      expect(lines(listAt(policy.properties, 'PolicyDocument', 'Statement'))).toContain(
        `Deny s3:* <${id}.Arn>/* {"Bool":{"aws:SecureTransport":"false"}}`,
      );
    });
  },
);

it(
  'a bucket keeps its policy as long as itself: one that outlives the stack would be open ' +
    'without it',
  () => {
    for (const resources of Object.values(stacks)) {
      const buckets = ofType(resources, 'AWS::S3::Bucket').map(({ id, deletionPolicy }) => [
        `<${id}>`,
        deletionPolicy,
      ]);
      const policies = ofType(resources, 'AWS::S3::BucketPolicy').map(
        ({ properties, deletionPolicy }) => [at(properties, 'Bucket'), deletionPolicy],
      );
      expect(policies.sort()).toEqual(buckets.sort());
    }
  },
);

const evidences = [
  { kind: 'real incidents', id: /^EvidenceBucket/, days: 90, logs: 'evidence/' },
  { kind: 'drills', id: /^EvidenceDrillBucket/, days: 1, logs: 'drill-evidence/' },
];

const lockOf = (resources: typeof response, id: RegExp) =>
  at(
    one(resources, 'AWS::S3::Bucket', id).properties,
    'ObjectLockConfiguration',
    'Rule',
    'DefaultRetention',
  );

describe.each(evidences)('evidence of $kind', ({ id, days, logs }) => {
  const bucket = one(response, 'AWS::S3::Bucket', id);
  const policy = listAt(
    one(response, 'AWS::S3::BucketPolicy', id).properties,
    'PolicyDocument',
    'Statement',
  );

  it('is versioned, locked by default, encrypted with its own key, and survives the stack', () => {
    expect(at(bucket.properties, 'VersioningConfiguration')).toEqual({ Status: 'Enabled' });
    expect(at(bucket.properties, 'ObjectLockEnabled')).toBe(true);
    expect(lockOf(response, id)).toEqual({ Days: days, Mode: 'GOVERNANCE' });
    expect(
      at(bucket.properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0),
    ).toEqual({
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: {
        SSEAlgorithm: 'aws:kms',
        KMSMasterKeyID: `<${one(response, 'AWS::KMS::Key', /^Evidence/).id}.Arn>`,
      },
    });
    expect(bucket.deletionPolicy).toBe('Retain');
  });

  it('can be removed and unlocked by nobody', () => {
    expect(lines(policy)).toEqual(
      expect.arrayContaining(
        [
          'BypassGovernanceRetention',
          'DeleteObject*',
          'PutObjectLegalHold',
          'PutObjectRetention',
        ].map((action) => `Deny s3:${action} <${bucket.id}.Arn>/*`),
      ),
    );
  });

  it('takes custody from one function only', () => {
    const role = one(response, 'AWS::IAM::Role', /^RespondersCustodyLambdaRole/).id;

    expect(lines(policy)).toContain(
      `Deny s3:PutObject <${bucket.id}.Arn>/incidents/*/custody/* ` +
        `{"ArnNotEquals":{"aws:PrincipalArn":"<${role}.Arn>"}}`,
    );
  });

  it('is overwritten by nobody: a write must say that there is nothing yet', () => {
    expect(lines(policy)).toContain(
      `Deny s3:PutObject <${bucket.id}.Arn>/* {"Null":{"s3:if-none-match":"true"}}`,
    );
  });

  it('keeps a list of who read and wrote it, in two places', () => {
    expect(at(bucket.properties, 'LoggingConfiguration')).toEqual({
      DestinationBucketName: `<${one(response, 'AWS::S3::Bucket', /^AccessLogs/).id}>`,
      LogFilePrefix: logs,
    });
    const recorded = at(
      one(response, 'AWS::CloudTrail::Trail').properties,
      'AdvancedEventSelectors',
      1,
      'FieldSelectors',
      2,
    );
    expect(listAt(recorded, 'StartsWith')).toContain(`arn:<AWS::Partition>:s3:::<${bucket.id}>/`);
  });
});

describe('the two evidence buckets', () => {
  const [real, drill] = [/^EvidenceBucket/, /^EvidenceDrillBucket/];
  const rulesOf = (id: RegExp) =>
    listAt(one(response, 'AWS::S3::Bucket', id).properties, 'LifecycleConfiguration', 'Rules');
  const expiring = (id: RegExp) => rulesOf(id).filter((rule) => /Expir/.test(JSON.stringify(rule)));

  it('can be locked so that not even an administrator unlocks it, and then drills are not', () => {
    const changed = responseWith({
      evidence: { mode: 'COMPLIANCE', days: 365, drillDays: 2 },
    });

    expect(lockOf(changed, real)).toEqual({ Days: 365, Mode: 'COMPLIANCE' });
    expect(lockOf(changed, drill)).toEqual({ Days: 2, Mode: 'GOVERNANCE' });
  });

  it(
    'only that of drills empties itself, and not before the lock of a manifest’s successor has ' +
      'ended',
    () => {
      expect(expiring(real)).toEqual([]);
      expect(expiring(drill)).toEqual([
        {
          ExpirationInDays: 3,
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          Status: 'Enabled',
        },
        { ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
      ]);
    },
  );

  it(
    'real evidence may be put under legal hold by configuration, and then nobody lifts the ' +
      'hold; a drill never is',
    () => {
      const changed = responseWith({ evidence: { legalHold: true } });
      const holds = (id: RegExp) =>
        lines(
          listAt(
            one(changed, 'AWS::S3::BucketPolicy', id).properties,
            'PolicyDocument',
            'Statement',
          ),
        )
          .filter((line) => line.includes('LegalHold'))
          .map((line) => line.replace(/<.*?>/, 'B'));

      expect(holds(real)).toEqual([
        'Deny s3:PutObjectLegalHold B/* {"StringNotEquals":{"s3:object-lock-legal-hold":"ON"}}',
      ]);
      expect(holds(drill)).toEqual(['Deny s3:PutObjectLegalHold B/*']);
    },
  );
});

it(
  'the case table can go back in time, is encrypted with its own key and cannot be deleted by ' +
    'accident',
  () => {
    const { properties, deletionPolicy } = one(response, 'AWS::DynamoDB::Table', /Cases/);

    expect(at(properties, 'BillingMode')).toBe('PAY_PER_REQUEST');
    expect(at(properties, 'PointInTimeRecoverySpecification')).toEqual({
      PointInTimeRecoveryEnabled: true,
    });
    expect(at(properties, 'SSESpecification')).toMatchObject({
      SSEEnabled: true,
      KMSMasterKeyId: `<${one(response, 'AWS::KMS::Key', /^Cases/).id}.Arn>`,
    });
    expect(at(properties, 'TimeToLiveSpecification')).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
    expect(at(properties, 'GlobalSecondaryIndexes')).toEqual([
      {
        IndexName: 'byState',
        KeySchema: [
          { AttributeName: 'state', KeyType: 'HASH' },
          { AttributeName: 'openedAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
    expect([at(properties, 'DeletionProtectionEnabled'), deletionPolicy]).toEqual([true, 'Retain']);
  },
);

describe('keys', () => {
  const keys = ofType(response, 'AWS::KMS::Key');
  const allows = (properties: (typeof keys)[number]['properties']) =>
    listAt(properties, 'KeyPolicy', 'Statement').flatMap((statement) =>
      listAt(statement, 'Action').map((action) => [action, statement] as const),
    );

  it.each(keys.map(({ id, properties }) => [id, properties] as const))(
    '%s is used through its own service only, and rotates, signs or proves',
    (_id, properties) => {
      for (const [action, statement] of allows(properties))
        if (/Encrypt|Decrypt|DataKey|CreateGrant/.test(String(action)))
          expect(JSON.stringify(at(statement, 'Condition'))).toMatch(/ViaService|aws:Source/);
      expect(at(properties, 'EnableKeyRotation') ?? at(properties, 'KeyUsage')).toSatisfy(
        (value) => value === true || value === 'SIGN_VERIFY' || value === 'GENERATE_VERIFY_MAC',
      );
    },
  );

  it('that protect records cannot be scheduled for deletion', () => {
    const deletable = keys.filter(({ properties }) =>
      allows(properties).some(([action]) => /^kms:(\*|Schedule)/.test(String(action))),
    );

    expect(
      deletable.map(({ id, deletionPolicy }) => [
        id.replace(/(Key)?[0-9A-F]{8}$/, ''),
        deletionPolicy,
      ]),
    ).toEqual([
      ['Alerts', 'Delete'],
      // Nothing that was kept needs them: a proof lives for an hour.
      ...['Drill', 'Answer', 'Release'].map((name) => [`ProofKeys${name}`, 'Delete']),
    ]);
  });

  it('sign with P-256', () => {
    expect(one(response, 'AWS::KMS::Key', /^Signing/).properties).toMatchObject({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
  });
});

describe('the trail', () => {
  it('covers all regions, is validated and encrypted', () => {
    expect(one(response, 'AWS::CloudTrail::Trail').properties).toMatchObject({
      EnableLogFileValidation: true,
      IncludeGlobalServiceEvents: true,
      IsLogging: true,
      IsMultiRegionTrail: true,
      KMSKeyId: `<${one(response, 'AWS::KMS::Key', /^Trail/).id}.Arn>`,
    });
  });

  it(
    'records management events, and data events only of what is named: never of its own bucket, ' +
      'which would go round in circles',
    () => {
      const changed = responseWith({
        drillTarget: false,
        dataEvents: ['arn:aws:s3:::orders/', 'arn:aws:lambda:eu-west-1:'],
      });
      const selectors = listAt(
        one(changed, 'AWS::CloudTrail::Trail').properties,
        'AdvancedEventSelectors',
      );
      const named = selectors.map((selector) => at(selector, 'FieldSelectors', 2, 'StartsWith'));

      expect(at(selectors[0], 'FieldSelectors')).toEqual([
        { Field: 'eventCategory', Equals: ['Management'] },
      ]);
      expect(named).toEqual([
        undefined,
        [
          expect.stringMatching(/<EvidenceB.*>\/$/),
          expect.stringMatching(/<EvidenceD.*>\/$/),
          'arn:aws:s3:::orders/',
        ],
        ['arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/CordonProtectedApp-'],
        ['arn:aws:lambda:eu-west-1:'],
        undefined,
      ]);
    },
  );

  it('records who else uses the case table: everybody but the functions themselves', () => {
    const selectors = listAt(
      one(response, 'AWS::CloudTrail::Trail').properties,
      'AdvancedEventSelectors',
    );
    const [, , arn, who] = listAt(selectors.at(-1), 'FieldSelectors');

    expect(at(arn, 'Equals')).toEqual([
      `<${one(response, 'AWS::DynamoDB::Table', /^Cases/).id}.Arn>`,
    ]);
    expect(listAt(who, 'NotStartsWith')).toHaveLength(functions.length);
    expect(listAt(who, 'NotStartsWith')).toContain(
      'arn:<AWS::Partition>:sts::<AWS::AccountId>:assumed-role/CordonContainmentLambdaRole/',
    );
  });

  it('may be the one that the account already has', () => {
    const changed = responseWith({
      trail: {
        bucketName: 'org-trail',
        prefix: 'logs',
        organisationId: 'o-abcdefghij',
        accounts: ['111122223333'],
      },
    });
    const parameters = at(one(changed, 'AWS::Glue::Table').properties, 'TableInput', 'Parameters');

    expect(ofType(changed, 'AWS::CloudTrail::Trail')).toEqual([]);
    expect(at(parameters, 'storage.location.template')).toBe(
      's3://org-trail/logs/AWSLogs/o-abcdefghij/${account}/CloudTrail/${region}/${day}',
    );
    expect(at(parameters, 'projection.account.values')).toBe('<AWS::AccountId>,111122223333');
  });

  it('is queried with a limit on what a query may read', () => {
    expect(
      at(one(response, 'AWS::Athena::WorkGroup').properties, 'WorkGroupConfiguration'),
    ).toMatchObject({
      BytesScannedCutoffPerQuery: 10_000_000_000,
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' } },
    });
  });
});

it('GuardDuty watches functions and buckets and repeats itself as often as it can', () => {
  expect(
    at(one(response, 'AWS::GuardDuty::Detector').properties, 'FindingPublishingFrequency'),
  ).toBe('FIFTEEN_MINUTES');
  expect(ofType(responseWith({ detector: 'existing' }), 'AWS::GuardDuty::Detector')).toEqual([]);
});

it('only the pages need a custom resource: to destroy the other stacks takes no code of ours', () => {
  expect(
    Object.values(stacks)
      .flatMap((resources) => resources.map(({ type }) => type))
      .filter((type) => /^Custom::|CustomResource/.test(type)),
  ).toEqual(['Custom::Pages', 'Custom::Pages']);
});
