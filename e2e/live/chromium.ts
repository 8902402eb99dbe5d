import { chromium as driver, type Browser } from 'playwright-core';
import { findProgram } from '../backends/run-command.ts';

const program =
  process.env['PARKWISE_TEST_CHROMIUM'] ||
  ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(findProgram).find(Boolean);
const isRequired = Boolean(process.env['CI']) || process.env['PARKWISE_TEST_BACKENDS'] === 'required';
const advice =
  'there is no Chromium: install it (Debian: apt-get install chromium), or name it in PARKWISE_TEST_CHROMIUM';

/** As `runtime/test/backends.ts` has it for servers: why tests are skipped. Where it must be there they are not, and fail. */
export const chromium = { skip: !program && !isRequired && advice } as const;

/**
 * Starts Chromium. Names under `.test`, which nobody can own, lead to this machine: pages of several origins, none of them loopback.
 *
 * @throws Error when there is none
 */
export const openChromium = (): Promise<Browser> => {
  if (!program) throw new Error(advice);
  const args = ['--host-resolver-rules=MAP *.test 127.0.0.1', '--disable-dev-shm-usage'];
  return driver.launch({ executablePath: program, args });
};
