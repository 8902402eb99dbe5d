import { UserError } from '../application/user-error.ts';
import type { FoundMessage } from './find-message.ts';

/** @throws UserError that names the first place where the payload does not fit the message's contract */
export const checkPayload = async ({ message, contract }: FoundMessage, payload: unknown): Promise<void> => {
  const [{ Ajv }, { Ajv2020 }, { default: formats }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ]);
  const ajv = new (contract.dialect === 'draft-07' ? Ajv : Ajv2020)({ strict: false, logger: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile({
    components: { schemas: contract.schemas },
    allOf: [{ $ref: `#/components/schemas/${message.payloadSchema}` }],
  });
  if (validate(payload)) return;
  const faults = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'allOf');
  throw new UserError({
    code: 'invalid-message',
    message: `this is no ${message.id}:\n${faults.map((fault) => `  ${fault.instancePath || '(the whole)'} ${fault.message ?? fault.keyword}`).join('\n')}`,
    nextSteps: [`Its contract is in ${message.source.file}:${message.source.line}.`],
    exitCode: 1,
  });
};
