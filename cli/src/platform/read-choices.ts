import { UserError } from '../application/user-error.ts';
import type { RunChoices } from './run-platform.ts';
import type { StackKind } from './stack/stack.ts';

/** The flags of `up` as they are typed. */
export interface UpFlags {
  readonly 'port-base'?: number | undefined;
  readonly scale?: readonly string[] | undefined;
  readonly stack?: StackKind | undefined;
  readonly 'mariadb-url'?: string | undefined;
  readonly 'kafka-url'?: string | undefined;
  readonly 'redis-url'?: string | undefined;
}

const MOST = 64;

/** What the flags of `up` choose. A password among them is hidden from the list of processes, as far as that can still be done. */
export const readChoices = (flags: UpFlags, progress: (line: string) => void): RunChoices => {
  const urls = {
    mariadbUrl: flags['mariadb-url'],
    kafkaUrl: flags['kafka-url'],
    redisUrl: flags['redis-url'],
  };
  if (Object.values(urls).some((url) => url !== undefined && /:\/\/[^\s]*@/.test(url) && !/:\/\/[^\s:]*@/.test(url))) {
    process.title = 'parkwise up';
    progress(
      'a password on the command line can be seen by others: better write it into .env, or a file that *_FILE names',
    );
  }
  const given = Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== undefined));
  return {
    ...(flags['port-base'] === undefined ? {} : { portBase: flags['port-base'] }),
    scale: Object.fromEntries((flags.scale ?? []).map(scaleOf)),
    stack: { ...given, ...(flags.stack === undefined ? {} : { kind: flags.stack }) },
  };
};

const scaleOf = (text: string): readonly [string, number] => {
  const [, service = '', digits = ''] = /^([^=]+)=(\d{1,3})$/.exec(text) ?? [];
  const processes = Number(digits);
  if (service !== '' && processes >= 1 && processes <= MOST) return [service, processes];
  throw new UserError({
    code: 'scale',
    message: `--scale ${text} says not how many processes of which service`,
    nextSteps: [`Write --scale orders=3 (1 to ${MOST}).`],
  });
};
