/** What a contract says of one WebSocket channel, in the form that generated tables state it and the runtime executes it. */
import type { ParameterDefinition, SecurityAlternative, SecurityScheme, Validator } from '../http/contract.ts';
import type { MessageDefinition } from '../messaging/contract.ts';

/** A message of a channel: its envelope stands in the payload, since a WebSocket message has no headers. */
export interface ChannelMessage extends Pick<
  MessageDefinition,
  'name' | 'type' | 'version' | 'envelope' | 'constants' | 'validate'
> {
  /** Name of its function or handler: `orderMoved`. */
  readonly publisher: string;
}

export interface ChannelDefinition {
  /** Name of the channel in code: `orderProgress`. */
  readonly name: string;
  /** Name of the handler in the bound table: `watchOrderProgress`. */
  readonly handler: string;
  /** Address with the server's path: `/v1/orders/{orderId}/progress`. */
  readonly path: string;
  /** Alternatives, any of which suffices. Empty: the contract says `security: []`. */
  readonly security: readonly SecurityAlternative[];
  /** From `x-parkwise-access`: the token must carry one of these roles. */
  readonly roles?: readonly string[];
  /** Of the address, and of query and headers of the upgrade. */
  readonly parameters: readonly ParameterDefinition[];
  readonly validate: { readonly path?: Validator; readonly query?: Validator; readonly headers?: Validator };
  readonly sends: readonly ChannelMessage[];
  readonly receives: readonly ChannelMessage[];
  /** From `x-parkwise-live`; absent where nothing is watched. */
  readonly live?: LiveDefinition;
}

export interface LiveDefinition {
  /** The message that carries the whole. */
  readonly snapshot: string;
  /** The message that tells whether updates come in time; its data has a `state`, `current` or `delayed`. */
  readonly notice?: string;
  /** The query parameter with the last version that a client has seen. */
  readonly resume?: string;
  /**
   * `number`: the version of the one room that is watched. `text`: those of all rooms, in the order in which the handler names them,
   * with dots between.
   */
  readonly versions: 'number' | 'text';
}

/** The channels of one service. */
export interface ChannelTables {
  readonly channels: readonly ChannelDefinition[];
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
}
