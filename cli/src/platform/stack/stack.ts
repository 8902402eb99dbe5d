import type { Platform, PlatformService } from '../read-platform.ts';

export type StackKind = 'embedded' | 'external';

/** What the services of a platform store and send through. */
export interface Stack {
  readonly kind: StackKind;
  /** Makes everything ready that the services need; resolves once they can start. Gives up when the signal is aborted. */
  prepare(platform: Platform, options: PrepareOptions): Promise<void>;
  /** The settings by which a service finds its database, the events and the live updates. */
  settings(service: PlatformService): Readonly<Record<string, string>>;
  /** Whether the service is to fill its database with demo data now; asked just before its first process starts. */
  wantsDemo(service: PlatformService): Promise<boolean>;
  /** The service has filled its database. */
  demoDone(service: string, notes: readonly string[]): void;
  /** The service answers: whatever it has is to stay, also if it had no demo data to fill in. */
  demoOver(service: string): void;
  /** What the demo data of the service told, on this run or an earlier one. */
  demoNotes(service: string): readonly string[];
  /** Texts that nobody may see. */
  readonly secrets: readonly string[];
}

export interface PrepareOptions {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}
