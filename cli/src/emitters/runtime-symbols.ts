import { importType, importValue, type Imported } from '../output/source-file.ts';

const runtime = '@parkwise/runtime/codegen/v1';

/** A type of the runtime: generated code knows nothing of it but this one entry. */
export const runtimeType = (name: string): Imported => importType(name, runtime);
export const runtimeValue = (name: string, alias?: string): Imported => importValue(name, runtime, alias);
