import { format } from 'oxfmt';

/** The one style of everything that is written; it does not depend on settings found on the way. */
const style = { printWidth: 120, singleQuote: true, endOfLine: 'lf' } as const;

/** Formats one file by its extension; JSON and TypeScript are what generated output consists of. */
export const formatFile = async (path: string, text: string): Promise<string> => {
  const result = await format(path, text, style);
  const fault = result.errors.find((error) => (error.severity as string) === 'Error');
  if (fault)
    throw new Error(`${path} cannot be formatted: ${fault.message}${fault.codeframe ? `\n${fault.codeframe}` : ''}`);
  return result.code;
};
