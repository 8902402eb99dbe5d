/** What a message requires around its data: parts of the envelope, constants, or what nobody fills. */
import type { MessageLocationModel, MessageModel, SourcePosition } from '../../model/workspace.ts';
import { formatPointer, parsePointer } from '../../source/json-pointer.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import { literalAt, schemasAtLocation } from './read-message.ts';

export interface RequiredPlace {
  readonly pointer: string;
  readonly position: SourcePosition;
}

/** Required places of the payload above the data at which no part of the envelope stands. */
export const unfilledPlaces = (message: Part, envelope: MessageModel['envelope'], bundle: Bundle): RequiredPlace[] => {
  if (envelope.data?.in !== 'payload' || envelope.data.pointer === '') return [];
  const filled = Object.values(envelope).flatMap((location: MessageLocationModel | undefined) =>
    location?.in === 'payload' ? [parsePointer(location.pointer) ?? []] : [],
  );
  // A part may stand within the data, which the sender gives: nothing is to be filled there.
  const data = parsePointer(envelope.data.pointer) ?? [];
  const isWithinData = (tokens: readonly string[]): boolean => data.every((token, index) => tokens[index] === token);
  const visit = (tokens: readonly string[]): RequiredPlace[] => {
    const here = schemasAtLocation(bundle, message, { in: 'payload', pointer: formatPointer(tokens) }).flatMap(
      (schema) =>
        requiredOf(schema, bundle).flatMap(({ name, position }) => {
          const below = [...tokens, name];
          const isFilled = filled.some((pointer) => below.every((token, index) => pointer[index] === token));
          return isFilled ? [] : [{ pointer: formatPointer(below), position }];
        }),
    );
    const steps = filled
      .filter(
        (pointer) => pointer.length > tokens.length + 1 && tokens.every((token, index) => pointer[index] === token),
      )
      .map((pointer) => pointer[tokens.length] ?? '');
    return [
      ...here,
      ...[...new Set(steps)].flatMap((step) => (isWithinData([...tokens, step]) ? [] : visit([...tokens, step]))),
    ];
  };
  return visit([]);
};

/** Those of them that the contract fixes, by JSON pointer: the runtime writes them. */
export const constantsOf = (
  message: Part,
  envelope: MessageModel['envelope'],
  bundle: Bundle,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    unfilledPlaces(message, envelope, bundle).flatMap(({ pointer }) => {
      const value = literalAt(bundle, message, { in: 'payload', pointer });
      return value === undefined ? [] : [[pointer, value]];
    }),
  );

export const requiredOf = ({ value }: Part, bundle: Bundle): { name: string; position: SourcePosition }[] => {
  const { required } = value;
  if (!Array.isArray(required)) return [];
  return required.flatMap((name: unknown, index) =>
    typeof name === 'string' ? [{ name, position: bundle.places.at(required, index) }] : [],
  );
};
