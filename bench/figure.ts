/** One measured figure. `goal` says what it is held against, such as `<= 2`; `holds` whether it met that in this run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: string;
  readonly holds: boolean;
}
