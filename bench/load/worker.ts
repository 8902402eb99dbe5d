import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of the bench: each order is a message, and is answered by one. */
export interface Worker extends AsyncDisposable {
  ask<Answer>(order: object): Promise<Answer>;
}

/** Resolves when it has said that it is ready. */
export const startWorker = async (file: URL, args: readonly string[]): Promise<Worker> => {
  const child: ChildProcess = fork(file, args, {
    execArgv: [
      '--conditions=parkwise-source',
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=TimeoutNegativeWarning',
    ],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file.pathname.split('/').at(-1)} ${args[0] ?? ''} has ended with ${code}`);
  });
  ended.catch(() => undefined); // whoever waits for an answer hears of it
  const answer = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
    return message;
  };
  await answer();
  return {
    async ask<Answer>(order: object) {
      const next = answer();
      child.send(order);
      return (await next) as Answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      // It may hang; nothing of it is needed any more.
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exit;
      clearTimeout(timer);
    },
  };
};

/** Of the other side: answers each order. */
export const serveOrders = <Order>(work: (order: Order) => Promise<object>, end: () => Promise<void>): void => {
  process.on('message', (order: Order) => {
    void work(order).then((answer) => process.send?.(answer));
  });
  process.once('disconnect', () => void end().finally(() => process.exit(0)));
  process.send?.({ ready: true });
};

/** Milliseconds, comparable between processes. */
export const now = (): number => performance.timeOrigin + performance.now();
