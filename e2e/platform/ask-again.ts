import { setTimeout as sleep } from 'node:timers/promises';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const MOST_TRIES = 20;

/** As a client does that is told to come later (503 with Retry-After, in seconds): `ask` has to send the same key each time. */
export const askAgain = async <A extends Answer>(ask: () => Promise<A>, onAgain?: () => void): Promise<A> => {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    const seconds = Number(answer.headers['retry-after'] ?? 0);
    if (answer.status !== 503 || !(seconds > 0) || tries >= MOST_TRIES) return answer;
    onAgain?.();
    await sleep(seconds * 1_000);
  }
};
