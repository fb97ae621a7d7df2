import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { consoleOpenapiText } from '../../console/openapi.ts';
import { auditOpenapiText } from '../../protected-app/audit/api/openapi.ts';
import { openapiText } from '../../protected-app/openapi.ts';
import { consoleDrillsText } from './console-drills.ts';
import { consoleRespondersText } from './console-responders.ts';
import { fresh, pages } from './pages.ts';
import { auditEventSchema, commandSchemas } from './schemas.ts';

const print = (page: string, now: string): void => {
  const old = existsSync(page) ? readFileSync(page, 'utf8') : '';
  if (now !== old) writeFileSync(page, now);
  console.log(`${page}: ${now === old ? 'as it was' : 'printed anew'}`);
};

for (const page of pages) print(page, fresh(readFileSync(page, 'utf8')));
print('protected-app/openapi.json', openapiText());
print('console/openapi.json', consoleOpenapiText());
print('protected-app/audit/api/openapi.json', auditOpenapiText());
print('console/pages/src/responders.json', consoleRespondersText());
print('console/pages/src/drills.json', consoleDrillsText());
for (const [file, text] of await commandSchemas()) print(file, text);
print(auditEventSchema.file, auditEventSchema.text());
