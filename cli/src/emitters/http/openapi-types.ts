/**
 * `openapi.ts`: the contract as openapi-typescript prints it.
 *
 *   export interface components {
 *     schemas: {
 *       Order: { id: string; … };
 *     };
 *   }
 */
import type { HttpContract } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import { generatedHeader } from '../doc-comment.ts';
import { printDocument } from '../types/type-printer.ts';
import type { HttpSchemas } from './http-schemas.ts';

export const emitOpenApiTypes = (path: string, contract: HttpContract, schemas: HttpSchemas): OutputFile => ({
  path,
  policy: 'regenerated',
  text: `${generatedHeader([contract.file], '// Printed by openapi-typescript.')}\n\n${printDocument(schemas.document())}`,
});
