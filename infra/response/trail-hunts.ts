import { CfnNamedQuery, type CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import { hunts } from './hunts.ts';

export interface TrailHuntsProps {
  readonly database: string;
  readonly workgroup: CfnWorkGroup;
}

/**
 * Questions to the whole trail, saved where a person finds them at night: Athena, workgroup, saved
 * queries.
 */
export class TrailHunts extends Construct {
  constructor(scope: Construct, id: string, { database, workgroup }: TrailHuntsProps) {
    super(scope, id);
    for (const { name, tells, parameters, sql } of hunts)
      new CfnNamedQuery(this, name, {
        name,
        description: `${tells} Parameters: ${parameters.join(', ')}`,
        database,
        queryString: sql,
        workGroup: workgroup.name,
      }).addResourceDependency(workgroup);
  }
}
