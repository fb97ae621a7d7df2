import type { Collector } from './collector.ts';
import { beforeRecords } from './sources/before-records.ts';
import { cloudtrail } from './sources/cloudtrail.ts';
import { finding } from './sources/finding.ts';
import { functionCode } from './sources/function-code.ts';
import { functionConfiguration } from './sources/function-configuration.ts';
import { functionSettings } from './sources/function-settings.ts';
import { layers } from './sources/layers.ts';
import { logEvents } from './sources/log-events.ts';
import { role } from './sources/role.ts';
import { roleUsers } from './sources/role-users.ts';
import { user } from './sources/user.ts';
import { versionsAndAliases } from './sources/versions-and-aliases.ts';
import { whatCordonDid } from './sources/what-cordon-did.ts';

/**
 * Every source of evidence. The first begin first: what an attacker can change or delete most
 * easily.
 */
export const collectors: readonly Collector[] = [
  finding,
  beforeRecords,
  functionCode,
  functionConfiguration,
  logEvents,
  role,
  layers,
  versionsAndAliases,
  functionSettings,
  user,
  roleUsers,
  cloudtrail,
  whatCordonDid,
];
