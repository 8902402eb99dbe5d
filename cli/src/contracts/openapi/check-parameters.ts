import { isObject } from '../../source/structure-reader.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Part } from '../bundle/bundle.ts';
import { typesOf } from '../schemas/check-schema.ts';
import { withParts } from '../schemas/pointer-in-schema.ts';
import type { OpenApiContext } from './check-openapi.ts';
import { isJson } from './media-types.ts';
import { parameterKey, readParameter } from './read-operations.ts';
import type { OperationPlace } from './read-operations.ts';

const styles: Readonly<Record<string, readonly string[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
};

/** That parameters fit their path, their place and each other. */
export const checkParameters = (place: OperationPlace, context: OpenApiContext): void => {
  checkTwice(place.part, context);
  checkTwice(place.pathItem, context);
  checkPathParameters(place, context);
  for (const parameter of place.parameters) checkParameter(parameter, context);
  checkExploded(place.parameters, context);
};

const checkTwice = (holder: Part, { bundle, findings }: OpenApiContext): void => {
  const seen = new Set<string>();
  const listed = holder.value['parameters'];
  bundle.items(holder, 'parameters').forEach((parameter, index) => {
    const key = parameterKey(parameter);
    if (seen.has(key)) {
      findings.error(
        'duplicate-parameter',
        Array.isArray(listed) ? bundle.places.at(listed, index) : bundle.places.at(parameter.value),
        {
          message: `The ${String(parameter.value['in'])} parameter "${String(parameter.value['name'])}" stands here twice.`,
          hint: 'Remove one of the two.',
        },
      );
    }
    seen.add(key);
  });
};

const checkPathParameters = (
  { path, parameters, part, pathItem, method }: OperationPlace,
  { bundle, findings }: OpenApiContext,
): void => {
  const used = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name);
  const declared = parameters.filter(({ value }) => value['in'] === 'path');
  for (const name of used) {
    if (declared.some(({ value }) => value['name'] === name)) continue;
    findings.error('path-parameter', bundle.places.at(part.value), {
      message: `${method.toUpperCase()} ${path} does not describe its parameter {${name}}.`,
      hint: `Add a parameter "${name}" with "in: path" to the operation or to the path.`,
    });
  }
  for (const { value } of declared) {
    if (!used.includes(textAt(value, 'name'))) {
      const elsewhere = bundle.items(pathItem, 'parameters').some((other) => other.value === value);
      findings.error('path-parameter', bundle.places.at(value, 'name'), {
        message: `The path ${path} has no {${String(value['name'])}}.`,
        hint: elsewhere
          ? 'Remove it from the path, or put it into the template.'
          : 'Remove the parameter, or put it into the path.',
      });
    }
    if (value['required'] === true) continue;
    findings.error('path-parameter', bundle.places.at(value), {
      message: `The path parameter "${String(value['name'])}" is not required.`,
      hint: 'Add "required: true": a path is not complete without it.',
    });
  }
};

const checkParameter = (part: Part, context: OpenApiContext): void => {
  const { bundle, findings } = context;
  const { value } = part;
  const place = textAt(value, 'in') ?? '';
  const name = textAt(value, 'name') ?? '';
  if (name === '__proto__' || name === '') {
    findings.error('forbidden-name', bundle.places.atValue(value, 'name'), {
      message: `A parameter cannot be called "${name}".`,
      hint: 'Choose another name.',
    });
  }
  if (place === 'header' && /^(accept|content-type|authorization)$/i.test(name)) {
    findings.error('ignored-parameter', bundle.places.atValue(value, 'name'), {
      message: `OpenAPI ignores a header parameter "${name}".`,
      hint: 'Say it by the media types of the content or by "security", and remove the parameter.',
    });
  }
  for (const keyword of ['allowReserved', 'allowEmptyValue']) {
    if (value[keyword] !== true) continue;
    findings.error('construct-not-carried', bundle.places.at(value, keyword), {
      message: `"${keyword}" is not carried into code.`,
      hint:
        keyword === 'allowReserved'
          ? 'Remove it: reserved characters are percent-encoded.'
          : 'Remove it, and allow the empty string in the schema.',
    });
  }
  if (checkSchemaOrContent(part, { context, what: `The ${place} parameter "${name}"` })) checkStyle(part, context);
};

/** Exactly one of `schema` and `content`, the latter with one media type that is JSON. True when it is described by a schema. */
export const checkSchemaOrContent = (
  part: Part,
  { context: { bundle, findings }, what }: { context: OpenApiContext; what: string },
): boolean => {
  const { value } = part;
  const [hasSchema, hasContent] = [Object.hasOwn(value, 'schema'), Object.hasOwn(value, 'content')];
  if (hasSchema === hasContent) {
    findings.error('schema-or-content', bundle.places.at(value), {
      message: `${what} has ${hasSchema ? 'both "schema" and "content"' : 'neither "schema" nor "content"'}.`,
      hint: 'Describe it by exactly one of the two.',
    });
    return false;
  }
  if (hasSchema) return true;
  const media = bundle.entries(part, 'content');
  const [first] = media;
  if (media.length === 1 && first && isJson(first[0]) && Object.hasOwn(first[1].value, 'schema')) {
    for (const keyword of ['style', 'explode']) {
      if (!Object.hasOwn(value, keyword)) continue;
      findings.error('parameter-style', bundle.places.at(value, keyword), {
        message: `"${keyword}" does not count beside "content".`,
        hint: 'Remove it, or describe the parameter by "schema".',
      });
    }
    return false;
  }
  findings.error('construct-not-carried', bundle.places.at(value, 'content'), {
    message: `${what} is described by something other than one JSON media type with a schema.`,
    hint: 'Write one media type application/json with a schema, or use "schema".',
  });
  return false;
};

const checkStyle = (part: Part, { bundle, findings }: OpenApiContext): void => {
  const { value } = part;
  const place = textAt(value, 'in') ?? '';
  const allowed = Object.hasOwn(styles, place) ? (styles[place] ?? []) : [];
  const model = readParameter(bundle, part);
  if (!model || allowed.length === 0) return;
  const { style } = model;
  const report = (key: string, message: string, hint: string): void =>
    findings.error(
      'parameter-style',
      Object.hasOwn(value, key) ? bundle.places.atValue(value, key) : bundle.places.at(value),
      { message, hint },
    );
  if (!allowed.includes(style)) {
    report('style', `The style "${style}" is not for ${place} parameters.`, `Use ${allowed.join(', ')}.`);
    return;
  }
  const kind = kindOf(bundle, part);
  if (style === 'deepObject' && (kind !== 'object' || value['explode'] === false)) {
    report(
      'style',
      'The style "deepObject" is for objects, with explode.',
      'Describe an object, remove "explode: false", or use the style "form".',
    );
  }
  if ((style === 'spaceDelimited' || style === 'pipeDelimited') && (kind === 'scalar' || value['explode'] === true)) {
    report('style', `The style "${style}" is for arrays and objects, without explode.`, 'Use the style "form".');
  }
  if (kind === 'nested' && style !== 'deepObject') {
    report(
      'schema',
      'Arrays and objects within arrays and objects have no form in a parameter of this style.',
      'Describe the parameter by "content" with application/json, or use the style "deepObject".',
    );
  }
};

/** What a parameter's value is: `nested` when arrays or objects stand within it. */
const kindOf = (bundle: Bundle, part: Part): 'scalar' | 'array' | 'object' | 'nested' => {
  const schema = bundle.object(part, 'schema');
  const views = schema ? withParts(bundle, schema, new Set()) : [];
  const isCompound = ({ value }: Part): boolean =>
    (typesOf(value)?.some((type) => type === 'array' || type === 'object') ?? false) ||
    isObject(value['properties']) ||
    Object.hasOwn(value, 'items');
  const inner = views.flatMap((view) => [
    ...bundle.entries(view, 'properties').map(([, property]) => property),
    ...['items', 'additionalProperties'].flatMap((keyword) => bundle.object(view, keyword) ?? []),
    ...bundle.items(view, 'prefixItems'),
  ]);
  const isObjectKind = views.some(
    (view) => (typesOf(view.value)?.includes('object') ?? false) || isObject(view.value['properties']),
  );
  const isArray = views.some(
    (view) => (typesOf(view.value)?.includes('array') ?? false) || Object.hasOwn(view.value, 'items'),
  );
  if (!isObjectKind && !isArray) return 'scalar';
  const isNested = inner.some((property) => withParts(bundle, property, new Set()).some(isCompound));
  if (textAt(part.value, 'style') === 'deepObject') return isObjectKind ? 'object' : 'array';
  return isNested ? 'nested' : isObjectKind ? 'object' : 'array';
};

type Bundle = OpenApiContext['bundle'];

/** The properties of an exploded object stand in the query by their own names. */
const checkExploded = (parameters: readonly Part[], { bundle, findings }: OpenApiContext): void => {
  const query = parameters.filter(({ value }) => value['in'] === 'query');
  const owners = new Map<string, string>();
  for (const part of query) {
    const model = readParameter(bundle, part);
    const schema = bundle.object(part, 'schema');
    if (!model || !schema || model.json) continue;
    const isExploded = model.style === 'form' && model.explode && kindOf(bundle, part) === 'object';
    const names = isExploded
      ? withParts(bundle, schema, new Set()).flatMap((view) => bundle.entries(view, 'properties').map(([name]) => name))
      : [model.name];
    for (const name of new Set(names)) {
      const owner = owners.get(name);
      if (owner !== undefined && owner !== model.name) {
        findings.error('name-clash', bundle.places.at(part.value), {
          message: `"${name}" would stand in the query for "${owner}" and for "${model.name}".`,
          hint: 'Rename one of them: the properties of an exploded object stand in the query by their own names.',
        });
      }
      owners.set(name, model.name);
    }
  }
};
