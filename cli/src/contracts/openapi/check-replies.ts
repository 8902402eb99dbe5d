import { headerOption } from '../../model/names.ts';
import type { OpenApiContext } from './check-openapi.ts';
import { checkSchemaOrContent } from './check-parameters.ts';
import type { OperationPlace } from './read-operations.ts';
import { readResponses } from './read-responses.ts';

/** Names that the constructors of `reply` and their header options get. */
export const checkReplies = ({ part }: OperationPlace, context: OpenApiContext): void => {
  const { bundle, findings } = context;
  const owners = new Map<string, string>([['notImplemented', '501']]);
  const places = new Map(bundle.entries(part, 'responses'));
  for (const { status, replies } of readResponses(bundle, part)) {
    const response = places.get(status);
    if (!response) continue;
    for (const { name, problem } of replies) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        findings.error('name-clash', bundle.places.at(response.value), {
          message: `"reply.${name}" would be both the answer ${owner} and ${status}${problem ? ` of type ${problem.type}` : ''}.`,
          hint: 'Give the problems types whose last parts differ, or keep one media type.',
        });
      }
      owners.set(name, status);
    }
    const options = new Map<string, string>();
    for (const [name, header] of bundle.entries(response, 'headers')) {
      if (name.toLowerCase() === 'content-type') {
        findings.error('ignored-parameter', bundle.places.at(header.value), {
          message: 'OpenAPI ignores a response header "Content-Type".',
          hint: 'Say it by the media types of "content", and remove the header.',
        });
        continue;
      }
      const option = headerOption(name);
      const other = options.get(option);
      if (other !== undefined) {
        findings.error('name-clash', bundle.places.at(header.value), {
          message: `The headers "${other}" and "${name}" are both "${option}" as an option of the answer.`,
          hint: 'Rename one of them.',
        });
      }
      options.set(option, name);
      const style = header.value['style'];
      if (style !== undefined && style !== 'simple') {
        findings.error('parameter-style', bundle.places.atValue(header.value, 'style'), {
          message: `The style "${String(style)}" is not for headers.`,
          hint: 'Use simple.',
        });
      }
      checkSchemaOrContent(header, { context, what: `The header "${name}"` });
    }
  }
};
