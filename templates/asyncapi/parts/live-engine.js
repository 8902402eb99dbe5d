/** What every `live-client.ts` has in common: TypeScript, kept as such beside this file. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

exports.engine = readFileSync(join(__dirname, 'live-engine.ts.template'), 'utf8').trimEnd();
