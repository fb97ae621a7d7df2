import type { AthenaRow } from './athena.ts';
import { type Call, callOf } from './call.ts';
import type { columns } from './sql.ts';

/** Athena gives objects as JSON text; what cannot be read stays text. */
const parsed = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** A row of `callsOf` as the record that CloudTrail wrote. */
export const callOfRow = (row: AthenaRow): Call | undefined => {
  const of = (name: keyof typeof columns): string => row[name] ?? '';
  const lines = of('arns') === '' ? [] : of('arns').split('\n');
  return callOf({
    eventID: of('eventid'),
    eventTime: of('eventtime'),
    eventSource: of('eventsource'),
    eventName: of('eventname'),
    awsRegion: of('awsregion'),
    recipientAccountId: of('recipientaccountid'),
    sourceIPAddress: of('sourceipaddress'),
    userAgent: of('useragent'),
    errorCode: of('errorcode'),
    readOnly: of('is_read'),
    eventCategory: of('eventcategory'),
    requestParameters: parsed(of('requestparameters')),
    responseElements: parsed(of('responseelements')),
    resources: lines.map((ARN) => ({ ARN })),
    userIdentity: {
      type: of('identity_type'),
      arn: of('identity_arn'),
      accountId: of('identity_account'),
      accessKeyId: of('identity_key'),
      sessionContext: { sessionIssuer: { type: of('issuer_type'), arn: of('issuer_arn') } },
    },
  });
};
