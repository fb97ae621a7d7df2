import type { AthenaRow } from './athena.ts';
import { type Call, callOf } from './call.ts';
import type { columns } from './sql.ts';

/** Athena gives objects as JSON text; what cannot be read stays text. */
export const jsonOf = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** A row of `callsOf`, or what another row has of it, as the record that CloudTrail wrote. */
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
    requestParameters: jsonOf(of('requestparameters')),
    responseElements: jsonOf(of('responseelements')),
    resources: lines.map((ARN) => ({ ARN })),
    userIdentity: {
      type: of('identity_type'),
      arn: of('identity_arn'),
      accountId: of('identity_account'),
      accessKeyId: of('identity_key'),
      invokedBy: of('identity_invoker'),
      sessionContext: { sessionIssuer: { type: of('issuer_type'), arn: of('issuer_arn') } },
    },
  });
};
