import { beforeRecords } from './collect/before-records.ts';
import { cloudtrail } from './collect/cloudtrail.ts';
import { finding } from './collect/finding.ts';
import { functionCode } from './collect/function-code.ts';
import { functionConfiguration } from './collect/function-configuration.ts';
import { functionSettings } from './collect/function-settings.ts';
import { layers } from './collect/layers.ts';
import { logEvents } from './collect/log-events.ts';
import { role } from './collect/role.ts';
import { roleUsers } from './collect/role-users.ts';
import { user } from './collect/user.ts';
import { versionsAndAliases } from './collect/versions-and-aliases.ts';
import { whatCordonDid } from './collect/what-cordon-did.ts';
import type { Collector } from './core/collector.ts';

/** Every source of evidence. The first begin first: what an attacker can change or delete most easily. */
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
