/** The commands that do the same as the buttons; on AWS, as the console is. */
export const containCommand = (id: string): string =>
  `cordon decide ${id} --contain --aws --reason "…"`;
export const releaseCommand = (id: string): string => `cordon release ${id} --aws --reason "…"`;
export const showCommand = (id: string): string => `cordon show ${id} --aws --json`;
export const reportCommand = (id: string): string => `cordon report ${id} --aws`;
export const pullCommand = (id: string): string =>
  `cordon evidence pull ${id} --aws --to evidence --purpose "…"`;
export const redriveCommand = 'cordon redrive --aws';
export const doctorCommand = 'cordon doctor --aws';
export const explainCommand = 'cordon policy explain finding.json';
export const drillCommand = (scenario: string): string => `cordon drill run ${scenario} --aws`;
export const leaveCommand = (id: string): string =>
  `cordon decide ${id} --leave --aws --reason "…"`;
/** What a pull leaves is verified by the script in it, without AWS and without this console. */
export const verifyCommand = 'node evidence/verify.mjs --key cordon.pem';
/** An export of the audit is verified by a script that needs neither AWS nor this console. */
export const verifyAuditCommand = (file: string): string =>
  `node verify-audit.mjs ${file} --key audit.pem`;
/** The key of KMS, which a page cannot vouch for. */
export const auditKeyCommand = (keyId: string): string =>
  `aws kms get-public-key --key-id ${keyId} --query PublicKey --output text` +
  ' | base64 -d | openssl pkey -pubin -inform DER -out audit.pem';
