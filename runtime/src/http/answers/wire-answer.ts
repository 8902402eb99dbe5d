/** An answer ready to be written. */
export interface WireAnswer {
  readonly status: number;
  /** By name in lower case, `content-type` included; `content-length` is added when it is written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
