/** A struct whose fields are all strings. */
function struct(...fields: readonly string[]): string {
  return `struct<${fields.map((field) => `${field}:string`).join(',')}>`;
}

const sessionContext = [
  'attributes:struct<mfaauthenticated:string,creationdate:string>',
  `sessionissuer:${struct('type', 'principalid', 'arn', 'accountid', 'username')}`,
  'ec2roledelivery:string',
  'webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>',
  'sourceidentity:string',
  'assumedroot:string',
].join(',');

const userIdentity = [
  ...[
    'type',
    'principalid',
    'arn',
    'accountid',
    'invokedby',
    'accesskeyid',
    'username',
    'credentialid',
  ].map((name) => `${name}:string`),
  'onbehalfof:struct<userid:string,identitystorearn:string>',
  `inscopeof:${struct('sourcearn', 'sourceaccount', 'issuertype', 'credentialsissuedto')}`,
  `sessioncontext:struct<${sessionContext}>`,
].join(',');

/**
 * The columns of AWS's own CloudTrail table, and the fields of the user identity that it leaves
 * out: `inscopeof` names the Lambda function even where a role is shared.
 */
export const columns: readonly { readonly name: string; readonly type: string }[] = [
  { name: 'eventversion', type: 'string' },
  { name: 'useridentity', type: `struct<${userIdentity}>` },
  ...[
    'eventtime',
    'eventsource',
    'eventname',
    'awsregion',
    'sourceipaddress',
    'useragent',
    'errorcode',
    'errormessage',
  ].map(string),
  ...[
    'requestparameters',
    'responseelements',
    'additionaleventdata',
    'requestid',
    'eventid',
    'readonly',
    'eventtype',
    'apiversion',
  ].map(string),
  { name: 'resources', type: 'array<struct<arn:string,accountid:string,type:string>>' },
  ...[
    'recipientaccountid',
    'serviceeventdetails',
    'sharedeventid',
    'vpcendpointid',
    'vpcendpointaccountid',
    'eventcategory',
  ].map(string),
  {
    name: 'addendum',
    type: struct('reason', 'updatedfields', 'originalrequestid', 'originaleventid'),
  },
  ...['sessioncredentialfromconsole', 'edgedevicedetails'].map(string),
  {
    name: 'tlsdetails',
    type: 'struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>',
  },
];

function string(name: string): { name: string; type: string } {
  return { name, type: 'string' };
}
