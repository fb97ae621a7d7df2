/**
 * The version of MITRE ATT&CK that ids and names are taken from; no other file states it. 19 split
 * *Defense Evasion* and replaced T1562. MITRE released 20.0 in October 2026; its Enterprise ids
 * could not be compared with these yet, so the older version is the one that is named.
 */
export const attackVersion = '19.2';

const names: Readonly<Record<string, string>> = {
  'T1059.009': 'Command and Scripting Interpreter: Cloud API',
  'T1069.003': 'Permission Groups Discovery: Cloud Groups',
  'T1071.001': 'Application Layer Protocol: Web Protocols',
  'T1078.004': 'Valid Accounts: Cloud Accounts',
  'T1087.004': 'Account Discovery: Cloud Account',
  T1098: 'Account Manipulation',
  'T1098.001': 'Account Manipulation: Additional Cloud Credentials',
  'T1098.003': 'Account Manipulation: Additional Cloud Roles',
  'T1136.003': 'Create Account: Cloud Account',
  'T1195.002': 'Supply Chain Compromise: Compromise Software Supply Chain',
  'T1484.002': 'Domain or Tenant Policy Modification: Trust Modification',
  T1485: 'Data Destruction',
  T1490: 'Inhibit System Recovery',
  'T1496.001': 'Resource Hijacking: Compute Hijacking',
  'T1496.004': 'Resource Hijacking: Cloud Service Hijacking',
  T1526: 'Cloud Service Discovery',
  T1530: 'Data from Cloud Storage',
  T1537: 'Transfer Data to Cloud Account',
  T1546: 'Event Triggered Execution',
  'T1550.001': 'Use Alternate Authentication Material: Application Access Token',
  T1552: 'Unsecured Credentials',
  'T1555.006': 'Credentials from Password Stores: Cloud Secrets Management Stores',
  'T1556.006': 'Modify Authentication Process: Multi-Factor Authentication',
  'T1565.001': 'Data Manipulation: Stored Data Manipulation',
  'T1578.002': 'Modify Cloud Compute Infrastructure: Create Cloud Instance',
  T1580: 'Cloud Infrastructure Discovery',
  T1619: 'Cloud Storage Object Discovery',
  T1648: 'Serverless Execution',
  T1651: 'Cloud Administration Command',
  T1654: 'Log Enumeration',
  T1666: 'Modify Cloud Resource Hierarchy',
  T1685: 'Disable or Modify Tools',
  'T1685.002': 'Disable or Modify Tools: Disable or Modify Cloud Log',
  'T1686.001': 'Disable or Modify System Firewall: Cloud Firewall',
};

/** A technique: what a call maps to, never what it proves. */
export interface AttackTechnique {
  readonly id: string;
  readonly name: string;
}

export const techniqueName = (id: string): string => names[id] ?? id;

export const technique = (id: string): AttackTechnique => ({ id, name: techniqueName(id) });
