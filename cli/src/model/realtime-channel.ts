import type { HttpOperation, MessageModel, Names, SecuritySchemeModel, SourcePosition } from './workspace.ts';

/** A channel that clients of this service connect to by WebSocket. */
export interface RealtimeChannelModel {
  readonly id: string;
  readonly names: Names;
  /** Name of the handler in every spelling: `watch-order-progress`. */
  readonly handler: Names;
  /** With the path of the server: `/v1/orders/{orderId}/progress`. */
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters: readonly RealtimeParameterModel[];
  readonly securitySchemes: readonly SecuritySchemeModel[];
  /** Alternatives; empty for an explicit `security: []`. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly access?: HttpOperation['access'];
  /** Messages to the client. */
  readonly sends: readonly MessageModel[];
  /** Messages from the client. */
  readonly receives: readonly MessageModel[];
  readonly live?: {
    /** Id of the message with the whole. */
    readonly snapshot: string;
    readonly notice?: string;
    /** Name of a query parameter. */
    readonly resume?: string;
    /** Type of the live version. */
    readonly versions: 'number' | 'text';
  };
  readonly source: SourcePosition;
}

/** A part of the address, or of query or headers of the upgrade. */
export interface RealtimeParameterModel {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  /** Name in `MessagingContract.schemas`. */
  readonly schema: string;
}
