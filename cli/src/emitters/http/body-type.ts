import type { MediaTypeModel } from '../../model/workspace.ts';
import type { TypePrinter } from '../types/type-printer.ts';
import type { HttpSchemas, Side } from './http-schemas.ts';
import { untypedBody } from './operation-view.ts';

/** Type of a body of one media type. */
export const bodyType = (media: MediaTypeModel, side: Side, schemas: HttpSchemas, types: TypePrinter): string => {
  const untyped = untypedBody(media.mediaType);
  if (untyped === 'Uint8Array' || media.schemaPointer === undefined) return untyped;
  return types.print(schemas.typeOf(schemas.at(media.schemaPointer), side));
};
