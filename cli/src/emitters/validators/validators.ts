/**
 * `validators.ts`: machine code by ajv.
 *
 *   // @ts-nocheck
 *   import { equal, formats, isMultipleOf, ucs2length } from '@parkwise/runtime/codegen/v1';
 *   export const isOrder = validate10;
 */
import type { OutputFile } from '../../output/output-file.ts';
import { generatedHeader } from '../doc-comment.ts';
import type { ValidatorSet } from './validator-set.ts';

const helpers = ['equal', 'formats', 'isMultipleOf', 'ucs2length'];

export const emitValidators = (path: string, sources: readonly string[], validators: ValidatorSet): OutputFile[] => {
  const source = validators.source();
  if (source === undefined) return [];
  const used = helpers.filter((name) => new RegExp(`\\b${name}\\b`).test(source));
  const statement = used.length === 0 ? '' : `import { ${used.join(', ')} } from '@parkwise/runtime/codegen/v1';\n\n`;
  const header = generatedHeader(sources, '// Machine code, written by ajv: nothing here is meant to be read.');
  return [
    { path, policy: 'regenerated', isMachineCode: true, text: `// @ts-nocheck\n${header}\n\n${statement}${source}\n` },
  ];
};
