export type Phase = 'starting' | 'ready' | 'stopping' | 'stopped';

export interface Readiness {
  readonly isReady: boolean;
  readonly phase: Phase;
  /** Names of the checks that failed. */
  readonly failing: readonly string[];
}

/** Whether the service may be sent requests: what a load balancer asks. */
export interface ServiceState {
  phase: Phase;
  readiness(): Promise<Readiness>;
}

/** Whoever asks wants to know now: what does not answer within this time is not there. */
const CHECK_MS = 2_000;

/** Rejects after that time; keeps no process from ending. */
const tooLate = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error('no answer')), CHECK_MS).unref();
  });

/** @param checks by name; each resolves when what it names can be reached, and rejects otherwise */
export const createServiceState = (checks: Readonly<Record<string, () => unknown>>): ServiceState => ({
  phase: 'starting',
  async readiness() {
    const outcomes = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await Promise.race([check(), tooLate()]);
          return undefined;
        } catch {
          // Why it fails is in the log of whoever owns it; the caller of a health check learns its name alone.
          return name;
        }
      }),
    );
    const failing = outcomes.filter((name) => name !== undefined);
    return { isReady: this.phase === 'ready' && failing.length === 0, phase: this.phase, failing };
  },
});
