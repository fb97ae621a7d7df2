import { accountId, functionArn, region } from './account.ts';
import { lambdaFinding } from './findings.ts';

/** The parts of a finding in which the families differ. */
export interface FamilyParts {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly service?: Readonly<Record<string, unknown>>;
}

const remoteIpDetails = {
  ipAddressV4: '198.51.100.7',
  organization: { asn: '64500', asnOrg: 'Example', isp: 'Example', org: 'Example' },
  country: { countryName: 'Nowhere' },
  geoLocation: { lat: 0, lon: 0 },
};

const networkConnection = {
  action: {
    actionType: 'NETWORK_CONNECTION',
    networkConnectionAction: {
      blocked: false,
      connectionDirection: 'OUTBOUND',
      protocol: 'TCP',
      remotePortDetails: { port: 443, portName: 'HTTPS' },
      remoteIpDetails,
    },
  },
};

const apiCall = (api: string, serviceName: string) => ({
  action: {
    actionType: 'AWS_API_CALL',
    awsApiCallAction: { api, serviceName, callerType: 'Remote IP', remoteIpDetails },
  },
});

const instanceDetails = {
  instanceId: 'i-0123456789abcdef0',
  instanceType: 't3.micro',
  instanceState: 'running',
  iamInstanceProfile: {
    arn: `arn:aws:iam::${accountId}:instance-profile/web`,
    id: 'AIPAEXAMPLEEXAMPLE01',
  },
  networkInterfaces: [{ networkInterfaceId: 'eni-01', privateIpAddress: '10.0.0.7' }],
};

const sessionKey = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE01',
  principalId: 'AROAEXAMPLEEXAMPLE01:orders',
  userName: 'orders-role',
  userType: 'AssumedRole',
};
const userKey = {
  accessKeyId: 'AKIAEXAMPLEEXAMPLE01',
  principalId: 'AIDAEXAMPLEEXAMPLE01',
  userName: 'deploy',
  userType: 'IAMUser',
};

const bucket = {
  arn: 'arn:aws:s3:::orders-archive',
  name: 'orders-archive',
  type: 'Destination',
  createdAt: 1_763_000_000,
  publicAccess: { effectivePermission: 'NOT_PUBLIC' },
};

const process = {
  name: 'sh',
  executablePath: '/tmp/<b>sh</b>',
  pid: 7,
  executableSha256: 'a'.repeat(64),
};

/** Resource and service of each family, as GuardDuty's reference of fields has them. */
export const families = {
  lambda: {
    resource: {
      resourceType: 'Lambda',
      lambdaDetails: {
        functionArn: functionArn('orders'),
        functionName: 'orders',
        functionVersion: '$LATEST',
        role: `arn:aws:iam::${accountId}:role/orders-role`,
        tags: [],
      },
    },
    service: { ...networkConnection, featureName: 'LambdaNetworkLogs' },
  },
  session: {
    resource: { resourceType: 'AccessKey', accessKeyDetails: sessionKey },
    service: apiCall('GetSecretValue', 'secretsmanager.amazonaws.com'),
  },
  user: {
    resource: { resourceType: 'AccessKey', accessKeyDetails: userKey },
    service: apiCall('CreateUser', 'iam.amazonaws.com'),
  },
  root: {
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: {
        accessKeyId: '',
        principalId: accountId,
        userName: 'Root',
        userType: 'Root',
      },
    },
    service: apiCall('ConsoleLogin', 'signin.amazonaws.com'),
  },
  model: {
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: sessionKey,
      modelDetails: [{ modelId: 'arn:aws:bedrock:eu-west-1::foundation-model/example' }],
    },
    service: { ...apiCall('InvokeModel', 'bedrock.amazonaws.com'), detection: { anomaly: {} } },
  },
  bucket: {
    resource: {
      resourceType: 'S3Bucket',
      accessKeyDetails: sessionKey,
      s3BucketDetails: [bucket],
    },
    service: { ...apiCall('GetObject', 's3.amazonaws.com'), resourceRole: 'TARGET' },
  },
  object: {
    resource: {
      resourceType: 'S3Object',
      s3BucketDetails: [{ ...bucket, s3ObjectDetails: [{ key: 'invoice.pdf', hash: 'b' }] }],
    },
    service: { malwareScanDetails: { threats: [{ name: 'EICAR-Test-File' }] } },
  },
  instance: {
    resource: { resourceType: 'Instance', instanceDetails },
    service: { ...networkConnection, resourceRole: 'ACTOR' },
  },
  runtime: {
    resource: { resourceType: 'Instance', instanceDetails },
    service: { featureName: 'RuntimeMonitoring', runtimeDetails: { process, context: {} } },
  },
  container: {
    resource: {
      resourceType: 'ECSCluster',
      ecsClusterDetails: {
        name: 'shop',
        arn: `arn:aws:ecs:${region}:${accountId}:cluster/shop`,
        taskDetails: { arn: `arn:aws:ecs:${region}:${accountId}:task/shop/1` },
      },
    },
    service: { featureName: 'RuntimeMonitoring', runtimeDetails: { process, context: {} } },
  },
  kubernetes: {
    resource: {
      resourceType: 'EKSCluster',
      eksClusterDetails: { name: 'shop', arn: `arn:aws:eks:${region}:${accountId}:cluster/shop` },
      kubernetesDetails: { kubernetesUserDetails: { username: 'system:anonymous', groups: [] } },
    },
    service: { action: { actionType: 'KUBERNETES_API_CALL', kubernetesApiCallAction: {} } },
  },
  malware: {
    resource: {
      resourceType: 'Instance',
      instanceDetails,
      ebsVolumeDetails: { scannedVolumeDetails: [{ volumeArn: 'arn:aws:ec2:::volume/vol-1' }] },
    },
    service: { ebsVolumeScanDetails: { scanId: 's', scanDetections: {} } },
  },
  database: {
    resource: {
      resourceType: 'RDSDBInstance',
      rdsDbInstanceDetails: { dbInstanceIdentifier: 'orders', engine: 'Aurora PostgreSQL' },
      rdsDbUserDetails: { user: 'admin', database: 'orders', authMethod: 'PASSWORD' },
    },
    service: {
      action: {
        actionType: 'RDS_LOGIN_ATTEMPT',
        rdsLoginAttemptAction: { remoteIpDetails, LoginAttributes: [] },
      },
    },
  },
  rule: {
    resource: { resourceType: 'AccessKey', accessKeyDetails: sessionKey },
    service: { featureName: 'CustomDetectionRules' },
  },
} as const satisfies Readonly<Record<string, FamilyParts>>;

export type FamilyName = keyof typeof families;

/** A finding of a type with the resource and the service of its family. */
export const findingOf = (family: FamilyName, type: string, severity: number) => {
  const event = lambdaFinding({ severity });
  const { resource, service }: FamilyParts = families[family];
  const detail = { ...event.detail, type, resource, title: `A finding of the type ${type}` };
  return { ...event, detail: { ...detail, service: { ...event.detail.service, ...service } } };
};
