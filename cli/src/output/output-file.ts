/** What an emitter hands to the writer. */
export interface OutputFile {
  /** Relative to the workspace's root, with `/`. */
  readonly path: string;
  /**
   * `regenerated`: replaced on every run; a hand edit is reported.
   * `scaffolded`: written once, the developer's from then on; its pristine text is kept.
   */
  readonly policy: 'regenerated' | 'scaffolded';
  readonly text: string;
  /** Not for reading, so not formatted. */
  readonly isMachineCode?: boolean;
  /** Of a scaffold that nothing relies on: once the developer has deleted it, it stays deleted. */
  readonly once?: boolean;
}
