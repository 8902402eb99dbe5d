import type { SettingFault } from './read-settings.ts';

const SAID: Record<SettingFault['problem'], string> = {
  missing: 'is not set',
  invalid: 'has a value that is not',
  unreadable: 'does not name',
  weak: 'is too weak for production: expected',
};

/** The process cannot start with these settings; the message names each variable and what it should hold, never what it holds. */
export class ConfigurationError extends Error {
  readonly code = 'configuration';
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    super(`wrong settings:\n${faults.map((fault) => `  ${sentence(fault)}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

const sentence = ({ name, problem, expected }: SettingFault): string =>
  problem === 'missing' ? `${name} is not set; expected ${expected}` : `${name} ${SAID[problem]} ${expected}`;
