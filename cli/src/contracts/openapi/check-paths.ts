import type { SourcePosition } from '../../model/workspace.ts';
import { camelCase, kebabCase } from '../../model/names.ts';
import type { FindingList } from '../../source/finding-list.ts';
import { textAt } from '../bundle/bundle.ts';
import type { OpenApiContext } from './check-openapi.ts';
import { operationPlaces } from './read-operations.ts';

/** Templates of paths and the names of operations. */
export const checkPaths = (context: OpenApiContext): void => {
  checkTemplates(context);
  checkOperationIds(context);
};

const checkTemplates = ({ bundle, findings }: OpenApiContext): void => {
  const paths = bundle.object(bundle.document, 'paths');
  if (!paths) return;
  const seen = new Map<string, string>();
  for (const path of Object.keys(paths.value).filter((key) => key.startsWith('/'))) {
    const position = bundle.places.at(paths.value, path);
    const shape = path.replaceAll(/\{[^{}]*\}/g, '{}');
    const same = seen.get(shape);
    if (same !== undefined) {
      findings.error('duplicate-path', position, {
        message: `The path ${path} is the same as ${same}: names of parameters do not tell paths apart.`,
        hint: 'Move its operations to the other path.',
      });
    }
    seen.set(shape, path);
    const fault = templateFault(path);
    if (fault !== undefined) findings.error('invalid-path', position, fault);
  }
};

const templateFault = (path: string): { message: string; hint: string } | undefined => {
  if (/[{}]/.test(path.replaceAll(/\{[^{}/]+\}/g, ''))) {
    return { message: `The path ${path} has a brace too many or too few.`, hint: 'Write a parameter as {name}.' };
  }
  if (/[?#\s]/.test(path.replaceAll(/\{[^{}]+\}/g, ''))) {
    return {
      message: `The path ${path} has a query, a fragment or a space in it.`,
      hint: 'Describe queries as parameters; percent-encode spaces.',
    };
  }
  if (/\}\{/.test(path)) {
    return {
      message: `In the path ${path} nothing stands between two parameters.`,
      hint: 'Put a slash or another character between them.',
    };
  }
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return twice === undefined
    ? undefined
    : { message: `The path ${path} has {${twice}} twice.`, hint: 'Give each parameter a name of its own.' };
};

/** Any spelling of words in ASCII gives a name for files and code. */
const checkSpelling = (id: string, position: SourcePosition, findings: FindingList): void => {
  if (/^[a-z][A-Za-z0-9]*$/.test(id)) return;
  const camel = camelCase(id);
  if (camel === '' || /[^\x20-\x7e]/.test(id)) {
    findings.error('operation-id', position, {
      message: `The operationId "${id}" makes no name for files and code.`,
      hint: 'Name it in camelCase from the letters a to z, starting with a verb.',
    });
    return;
  }
  findings.warning('operation-id', position, {
    message: `The operationId "${id}" is not in camelCase; its handler is called "${camel}".`,
    hint: `Call it "${camel}".`,
  });
};

const checkOperationIds = ({ bundle, findings }: OpenApiContext): void => {
  const byName = new Map<string, { id: string; file: string; line: number }>();
  for (const { part, method, path } of operationPlaces(bundle)) {
    const id = textAt(part.value, 'operationId');
    if (id === undefined) {
      if (Object.hasOwn(part.value, 'operationId')) continue;
      findings.error('operation-id', bundle.places.at(part.value), {
        message: `${method.toUpperCase()} ${path} has no operationId.`,
        hint: 'Name it in camelCase, starting with a verb: the handler, its file and the client are called so.',
      });
      continue;
    }
    const position = bundle.places.atValue(part.value, 'operationId');
    checkSpelling(id, position, findings);
    const other = byName.get(kebabCase(id));
    if (other) {
      findings.error('name-clash', position, {
        message:
          other.id === id
            ? `The operationId "${id}" stands already at line ${other.line} of ${other.file}.`
            : `"${id}" and "${other.id}" are both "${kebabCase(id)}" as the name of a file.`,
        hint: 'Choose another name.',
      });
    } else byName.set(kebabCase(id), { id, file: position.file, line: position.line });
  }
};
